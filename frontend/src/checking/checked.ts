import { type Line, type Texts, read } from "./line";
import { BadLine, type Draw, type Era, type Lottery, type Money, eraOf } from "./rules";
import { type Win, prize, wins } from "./wins";

/** A draw in which a line won. */
export interface Found {
  draw: Draw;
  /** Which of the lines, from 0. */
  line: number;
  win: Win;
  /** Of one line of the tier, where it is known. */
  prize: Money | null;
}

/** What lines won in a span: newest draw first; `unplayable` counts draws whose rules take no such line. */
export interface Checked {
  found: Found[];
  draws: number;
  unplayable: number;
}

/** A line that the rules of no draw take. */
export class Refused extends Error {
  constructor(
    /** Which of the lines, from 0. */
    readonly line: number,
    readonly bad: BadLine,
  ) {
    super(bad.why);
  }
}

/**
 * What these lines won in those draws, newest first, each by the rules of its day. Throws Refused for a line that the
 * rules of no draw take, with what the newest of them hold against it; where there is no draw, those of today.
 */
export function check(lottery: Lottery, lines: readonly Texts[], draws: Iterable<Draw>): Checked {
  const ours = new Map<Era, (Line | BadLine)[]>();
  const checked: Checked = { found: [], draws: 0, unplayable: 0 };
  const played = new Set<number>();
  const refused = new Map<number, BadLine>();
  for (const draw of draws) {
    const era = eraOf(lottery, draw.date);
    if (!era) continue;
    checked.draws++;
    const these = ours.get(era) ?? lines.map((line) => attempt(era, line));
    ours.set(era, these);
    these.forEach((line, at) => {
      if (line instanceof BadLine) {
        if (!refused.has(at)) refused.set(at, line);
        return;
      }
      played.add(at);
      for (const win of wins(era, line, draw.numbers)) {
        checked.found.push({ draw, line: at, win, prize: prize(lottery, draw, win.tier) });
      }
    });
    if (these.some((line) => line instanceof BadLine)) checked.unplayable++;
  }
  if (!checked.draws) {
    lines.forEach((line, at) => {
      const today = attempt(lottery.eras.at(-1)!, line);
      if (today instanceof BadLine) refused.set(at, today);
    });
  }
  for (const [at, bad] of [...refused].sort(([a], [b]) => a - b)) if (!played.has(at)) throw new Refused(at, bad);
  return checked;
}

/** The line by these rules, or why nobody can play it. */
export function attempt(era: Era, line: Texts): Line | BadLine {
  try {
    return read(era, line);
  } catch (error) {
    if (error instanceof BadLine) return error;
    throw error;
  }
}
