/** The newest draws of a lottery, a line each: `node example.ts https://lotto.example us_powerball`. */

import { type Draw, lotto } from "./index.ts";

declare const process: { argv: string[]; exitCode?: number };

function line(draw: Draw): string {
  const numbers = Object.entries(draw.numbers).map(([pool, values]) => `${pool} ${values.join(" ")}`);
  return `${draw.date} ${draw.status}: ${numbers.join(", ")}`;
}

const [, , address = "", lottery = ""] = process.argv;
const { data, error } = await lotto(address).GET("/api/v1/lotteries/{lottery}/draws", {
  params: { path: { lottery }, query: { limit: 3 } },
});
if (data) {
  data.items.forEach((draw) => console.log(line(draw)));
} else {
  console.error(error.detail);
  process.exitCode = 1;
}
