import type { components } from "../../client/src/schema";

type Schemas = components["schemas"];

/** One drawn or chosen thing: an integer of a number pool, a text of every other (0 is not 00). */
export type Value = number | string;

export type Pool = Pick<
  Schemas["Pool"],
  "name" | "title" | "take" | "kind" | "lowest" | "highest" | "words" | "written" | "ordered" | "repeats" | "rest_of" | "among"
>;
export type Tier = Pick<Schemas["Tier"], "name" | "match" | "pick" | "pays">;
export type Money = Schemas["Money"];

/** Rules valid from a day, as the API tells them. */
export interface Era {
  starts_on: string;
  pools: Pool[];
  tiers: Tier[];
}

/** A lottery with the history of its rules, oldest first. */
export interface Lottery {
  currency: string;
  eras: Era[];
}

/** A draw with published values. */
export interface Draw {
  date: string;
  label: string;
  numbers: Record<string, readonly Value[]>;
  prizes: readonly { tier: string; amount: Money | null }[];
}

/** Nobody can play that line by these rules: why, and what a sentence about it needs. */
export class BadLine extends Error {
  constructor(
    readonly why: string,
    readonly parts: Record<string, string | number> = {},
  ) {
    super(why);
  }
}

/** The rules in force on that local day; none before the first era. */
export function eraOf(lottery: Lottery, date: string): Era | undefined {
  return lottery.eras.findLast((era) => era.starts_on <= date);
}

/** The pools a player chooses from: those that tiers ask for, but what is drawn beside another of them. */
export function chosen(era: Era): Pool[] {
  const named = new Set(era.tiers.flatMap((tier) => Object.keys(tier.match)));
  const pools = era.pools.filter((pool) => named.has(pool.name));
  if (!pools.length) throw new BadLine("tiers");
  for (const pool of pools) {
    if (pool.among || pool.kind === "ticket") throw new BadLine("uncountable", { pool: pool.title || pool.name });
  }
  return pools.filter((pool) => !pool.rest_of);
}

/** How many values of that pool the tiers let one choose, each number once. */
export function picks(era: Era, pool: Pool): Set<number> {
  return new Set(
    era.tiers.filter((tier) => pool.name in tier.match).map((tier) => tier.pick[pool.name] ?? pool.take),
  );
}
