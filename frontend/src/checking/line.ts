import { BadLine, type Era, type Pool, type Value, chosen, picks } from "./rules";
import { value, width } from "./value";

/** Pool → the values a player chose; of an ordered pool in their places. More than the game takes are a system. */
export type Line = Record<string, Value[]>;

/** Where the figures of other scripts begin: Arabic, Persian, Devanagari, Thai, and wide ones. */
const ZEROS = [0x660, 0x6f0, 0x966, 0xe50, 0xff10];

/** The lines of a text, one under the other; empty ones do not count. */
export function lines(text: string): string[] {
  return text.split(/\r?\n/).map((line) => line.trim()).filter(Boolean);
}

/** Pool → what a player wrote for it, value by value. */
export type Texts = Record<string, readonly string[]>;

/** The line of these texts, by these rules; throws BadLine. */
export function read(era: Era, given: Texts): Line {
  const pools = chosen(era);
  const odd = Object.keys(given).find((name) => !pools.some((pool) => pool.name === name));
  if (odd !== undefined) throw new BadLine("pool", { text: odd.slice(0, 40) });
  return Object.fromEntries(
    pools.map((pool) => {
      const values = (given[pool.name] ?? []).map((text) => value(pool, text));
      fits(era, pool, values);
      return [pool.name, pool.ordered ? values : values.sort(ascending)];
    }),
  );
}

/**
 * The texts of a line as a player writes it, “10 45 48 58 61 + 2”: the pools stand in the order of the rules, a plus
 * between them. Between values may stand spaces, commas, semicolons or hyphens, and nothing between single digits.
 * Without a plus the last values go to the later pools where the line holds just as many as it takes.
 */
export function texts(era: Era, written: string): Texts {
  const pools = chosen(era);
  const parts = plain(written).split("+");
  if (parts.length > pools.length) throw new BadLine("parts", { count: parts.length });
  let split = parts.map((part, at) => values(pools[at]!, part));
  const takes = pools.map((pool) => pool.take);
  if (split.length === 1 && pools.length > 1 && split[0]!.length === takes.reduce((all, one) => all + one)) {
    const all = [...split[0]!];
    split = takes.map((take) => all.splice(0, take));
  }
  return Object.fromEntries(split.map((part, at) => [pools[at]!.name, part]));
}

function plain(text: string): string {
  return text.replace(/\p{Nd}/gu, (figure) => {
    const code = figure.codePointAt(0)!;
    const zero = ZEROS.find((one) => code >= one && code < one + 10);
    return zero === undefined ? figure : String(code - zero);
  });
}

function values(pool: Pool, part: string): string[] {
  return part
    .split(/[\s,;-]+/)
    .filter(Boolean)
    .flatMap((text) => {
      const spelt = pool.kind === "digit" && /^[0-9]+$/.test(text) && text.length % width(pool) === 0;
      return spelt ? text.match(new RegExp(`.{${width(pool)}}`, "g"))! : [text];
    });
}

function fits(era: Era, pool: Pool, values: readonly Value[]): void {
  const allowed = picks(era, pool);
  const takes = [...allowed].sort((a, b) => a - b);
  const told = { pool: pool.title, count: values.length };
  if (!pool.repeats && new Set(values).size < values.length) throw new BadLine("twice", told);
  if (values.length < takes[0]!) throw new BadLine("few", { takes: String(takes[0]), ...told });
  const fixed = pool.ordered || pool.repeats || takes.length > 1;
  if (fixed && !allowed.has(values.length)) throw new BadLine("count", { takes: takes.join(", "), ...told });
  if (!fixed && values.length > takes.at(-1)! + 14) throw new BadLine("large", told);
}

function ascending(a: Value, b: Value): number {
  return typeof a === "number" && typeof b === "number" ? a - b : String(a) < String(b) ? -1 : Number(a !== b);
}
