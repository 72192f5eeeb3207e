import { type Found, Refused, check } from "./checked";
import { lines, texts } from "./line";
import { BadLine, type Draw, type Lottery } from "./rules";

/** What the lines that a visitor keeps won in a draw; those of other rules, or not yet whole, win nothing. */
export function won(lottery: Lottery, text: string, draw: Draw): Found[] {
  return lines(text).flatMap((line) => {
    try {
      return check(lottery, [texts(lottery.eras.at(-1)!, line)], [draw]).found;
    } catch (error) {
      if (error instanceof BadLine || error instanceof Refused) return [];
      throw error;
    }
  });
}
