/** A client of Lotto's API: every address, parameter and answer with its type, made of the API's own description. */

import createClient, { type Client } from "openapi-fetch";

import type { components, paths } from "./schema.ts";

export type Draw = components["schemas"]["Draw"];
export type Lottery = components["schemas"]["Lottery"];
export type Problem = components["schemas"]["Problem"];

/** The API at that address, as `https://lotto.example`; a key lifts the limits. */
export function lotto(address: string, key?: string): Client<paths> {
  return createClient<paths>({
    baseUrl: address,
    ...(key === undefined ? {} : { headers: { Authorization: `Bearer ${key}` } }),
  });
}
