import type { Line } from "./line";
import { type Draw, type Era, type Lottery, type Money, type Pool, type Tier, type Value, chosen, picks } from "./rules";

/** A tier that a line won; of a system, so many of its lines did. */
export interface Win {
  tier: Tier;
  lines: number;
}

/** So many right of each pool, and in how many of a choice's lines it comes out so. */
interface Cell {
  right: Record<string, number>;
  ways: number;
}

/** What the line won where these values were drawn, best tier first; each line of a system wins its best tier. */
export function wins(era: Era, line: Line, numbers: Draw["numbers"]): Win[] {
  const found = new Map<Tier, number>();
  let cells: Cell[] = [{ right: {}, ways: 1 }];
  for (const pool of chosen(era)) {
    const of = matched(era, pool, line[pool.name]!, numbers);
    cells = cells.flatMap((one) => of.map(({ right, ways }) => ({ right: { ...one.right, ...right }, ways: one.ways * ways })));
  }
  for (const { right, ways } of cells) {
    const tier = era.tiers.find((tier) => won(tier, line, right));
    if (tier && ways) found.set(tier, (found.get(tier) ?? 0) + ways);
  }
  return era.tiers.filter((tier) => found.has(tier)).map((tier) => ({ tier, lines: found.get(tier)! }));
}

/** What one line of that tier was paid: as the draw's own breakdown tells, else as the rules fix it. */
export function prize(lottery: Lottery, draw: Draw, tier: Tier): Money | null {
  const told = draw.prizes.find((one) => one.tier === tier.name)?.amount;
  return told ?? (tier.pays === null ? null : { amount: tier.pays, currency: lottery.currency });
}

/** Which of a pool's chosen values are right in that draw: those drawn, or drawn beside it from the rest. */
export function right(era: Era, pool: Pool, values: readonly Value[], numbers: Draw["numbers"]): boolean[] {
  const drawn = numbers[pool.name] ?? [];
  if (pool.ordered || pool.repeats) return values.map((value, at) => value === drawn[at]);
  const all = new Set([...drawn, ...rests(era, pool).flatMap((one) => numbers[one.name] ?? [])]);
  return values.map((value) => all.has(value));
}

function matched(era: Era, pool: Pool, values: readonly Value[], numbers: Draw["numbers"]): Cell[] {
  const drawn = numbers[pool.name] ?? [];
  if (pool.ordered || pool.repeats) {
    return [{ right: { [pool.name]: values.filter((value, at) => value === drawn[at]).length }, ways: 1 }];
  }
  const pools = [pool, ...rests(era, pool)];
  const ours = new Set(values);
  const hits = pools.map(({ name }) => (numbers[name] ?? []).filter((value) => ours.has(value)).length);
  const allowed = picks(era, pool);
  const size = allowed.has(values.length) ? values.length : Math.max(...allowed);
  const misses = values.length - hits.reduce((all, one) => all + one, 0);
  return counts(hits).flatMap((count) => {
    const left = size - count.reduce((all, one) => all + one, 0);
    if (left < 0) return [];
    const ways = count.reduce((all, one, at) => all * choose(hits[at]!, one), choose(misses, left));
    return [{ right: Object.fromEntries(pools.map(({ name }, at) => [name, count[at]!])), ways }];
  });
}

function rests(era: Era, pool: Pool): Pool[] {
  return era.pools.filter((one) => one.rest_of === pool.name);
}

/** Every way to count up to each of these: [1, 1] is [0, 0], [0, 1], [1, 0], [1, 1]. */
function counts(most: readonly number[]): number[][] {
  return most.reduce<number[][]>(
    (all, one) => all.flatMap((count) => Array.from({ length: one + 1 }, (_, n) => [...count, n])),
    [[]],
  );
}

/** In how many ways so many of that many are taken. */
function choose(many: number, take: number): number {
  if (take > many) return 0;
  let ways = 1;
  for (let n = 1; n <= take; n++) ways = (ways * (many - take + n)) / n;
  return Math.round(ways);
}

function won(tier: Tier, line: Line, right: Record<string, number>): boolean {
  return (
    Object.entries(tier.match).every(([name, wanted]) => name in right && wanted.includes(right[name]!)) &&
    Object.entries(tier.pick).every(([name, pick]) => (line[name] ?? []).length === pick)
  );
}
