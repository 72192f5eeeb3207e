import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import { Refused, check } from "../src/checking/checked";
import { texts } from "../src/checking/line";
import { BadLine, type Draw, type Lottery, type Money } from "../src/checking/rules";
import { right } from "../src/checking/wins";

interface Case {
  lottery: string;
  lines: string[];
  draws: Draw[];
  texts?: Record<string, string[]>[];
  won?: { draw: number; line: number; tier: string; lines: number; prize: Money | null }[];
  looked_at?: number;
  unplayable?: number;
  refused?: { why: string; parts: Record<string, string | number> };
}

/** What Python's checker answers: `LOTTO_VECTORS=write pytest tests/test_vectors.py` makes it. */
const vectors = JSON.parse(readFileSync(new URL("../../tests/vectors/checking.json", import.meta.url), "utf8")) as {
  lotteries: Record<string, Lottery>;
  cases: Case[];
};

function answer({ lottery: name, lines, draws }: Case): Partial<Case> {
  const lottery = vectors.lotteries[name]!;
  try {
    const read = lines.map((line) => texts(lottery.eras.at(-1)!, line));
    const { found, draws: looked_at, unplayable } = check(lottery, read, draws);
    const won = found.map(({ draw, line, win, prize }) => {
      return { draw: draws.indexOf(draw), line, tier: win.tier.name, lines: win.lines, prize };
    });
    return { texts: read as Record<string, string[]>[], won, looked_at, unplayable };
  } catch (error) {
    const bad = error instanceof Refused ? error.bad : error;
    if (bad instanceof BadLine) return { refused: { why: bad.why, parts: bad.parts } };
    throw error;
  }
}

describe.each(Object.keys(vectors.lotteries))("the checker of %s", (lottery) => {
  const cases = vectors.cases.filter((one) => one.lottery === lottery);
  it.each(cases.map((one, at) => [at, one] as const))("answers as the API does: %i", (_, one) => {
    const { lottery: _name, lines: _lines, draws: _draws, ...wanted } = one;
    expect(answer(one)).toEqual(wanted);
  });
});

it("tells which values are right, also those drawn beside the pool", () => {
  const pool = { take: 3, kind: "number", lowest: 1, highest: 9, words: {}, written: "", repeats: false, among: "" } as const;
  const main = { ...pool, name: "main", title: "", ordered: false, rest_of: "" };
  const bonus = { ...pool, name: "bonus", title: "Bonus", take: 1, ordered: false, rest_of: "main" };
  const era = { starts_on: "2020-01-01", pools: [main, bonus], tiers: [] };
  const numbers = { main: [1, 2, 3], bonus: [7] };
  expect(right(era, main, [1, 5, 7], numbers)).toEqual([true, false, true]);
  expect(right(era, { ...main, ordered: true }, [2, 2, 3], numbers)).toEqual([false, true, true]);
});
