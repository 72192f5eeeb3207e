import { won } from "../checking/kept";
import { drawAt, lotteryOf } from "../draws";
import { shared } from "../shared";

/** How a message says what the visitor's own lines won, in its language. */
export interface Sentences {
  wins: string;
  none: string;
}

/** What the lines kept on this device won in the draw that a page tells of; empty where there are none of its game. */
export async function compared(url: string, say: Sentences): Promise<string> {
  const [, , lottery = "", ...draw] = new URL(url).pathname.split("/");
  const id = decodeURIComponent(lottery);
  const text = draw.length ? await shared(id) : "";
  if (!text) return "";
  const [game, drawn] = await Promise.all([lotteryOf(id), drawAt([lottery, ...draw].join("/"))]);
  if (!drawn) return "";
  const tiers = won(game, text, drawn).map(({ win }) => win.tier.name);
  return tiers.length ? say.wins.replace("{tiers}", () => tiers.join(", ")) : say.none;
}
