import { BadLine, type Pool, type Value } from "./rules";

/** The value of this pool that is written so; a word is known by its name too, whatever its accents and capitals. */
export function value(pool: Pool, text: string): Value {
  const found = pool.kind === "word" ? word(pool, text.trim()) : figure(pool, text.trim());
  if (found === undefined) throw new BadLine("value", { text: text.slice(0, 40), pool: pool.title });
  return found;
}

function figure(pool: Pool, text: string): Value | undefined {
  if (!/^[0-9]+$/.test(text) || Number(text) < pool.lowest || Number(text) > pool.highest) return undefined;
  if (pool.kind === "number") return Number(text);
  return text.length === width(pool) ? text : undefined;
}

function word(pool: Pool, text: string): string | undefined {
  if (Object.hasOwn(pool.words, text)) return text;
  const told = folded(text);
  const found = Object.entries(pool.words).filter(
    ([word, name]) => told && (told === folded(word) || told === folded(name)),
  );
  return found.length === 1 ? found[0]![0] : undefined;
}

/** Digits that a value of a digit pool is written with: 00 to 99 takes two. */
export function width(pool: Pool): number {
  return String(pool.highest).length;
}

/** Without what writers differ in: accents, capitals, spaces. */
function folded(text: string): string {
  return text.toLowerCase().normalize("NFD").replace(/[\p{Mn}\s]/gu, "");
}
