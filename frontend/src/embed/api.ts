import type { components } from "../../client/src/schema";
import type { Sentences } from "../sentences";

export type Draw = components["schemas"]["LatestDraw"];

/** What is said in a language, as our site tells it. */
export interface Words {
  locale: string;
  direction: string;
  status: Sentences;
  pool: Sentences;
  label: Record<string, string>;
  embed: Sentences;
}

export interface Told {
  words: Words;
  lang: string;
  /** None where nothing was drawn yet, or where it cannot be reached. */
  draw: Draw | undefined;
  reached: boolean;
}

/** The site that this script came from. */
export const HOME = new URL(import.meta.url).origin;

/** Milliseconds between two looks while events do not come. */
const POLL = 60_000;

const words = new Map<string, Promise<Words>>();

/** The newest draw of a lottery that has numbers, else the newest, and the words for it; nothing where neither is reached. */
export async function ask(lottery: string, lang: string): Promise<Told | undefined> {
  const spoken = await wordsOf(lang.split("-")[0]!.toLowerCase()).catch(() => undefined);
  if (!spoken) return undefined;
  try {
    const address = `${HOME}/api/v1/results/latest?lottery=${encodeURIComponent(lottery)}`;
    const { items } = await got<{ items: Draw[] }>(address);
    const draw = items.find(({ numbers }) => Object.keys(numbers).length) ?? items[0];
    return { ...spoken, draw, reached: true };
  } catch {
    return { ...spoken, draw: undefined, reached: false };
  }
}

/** In the language asked for, or in English where the site does not speak it. */
async function wordsOf(lang: string): Promise<{ words: Words; lang: string }> {
  const tried = /^[a-z]{2}$/.test(lang) ? lang : "en";
  try {
    if (!words.has(tried)) words.set(tried, got<Words>(`${HOME}/${tried}/embed/words.json`));
    return { words: await words.get(tried)!, lang: tried };
  } catch (error) {
    words.delete(tried);
    if (tried === "en") throw error;
    return wordsOf("en");
  }
}

async function got<Answer>(address: string): Promise<Answer> {
  const answer = await fetch(address, { credentials: "omit" });
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as Answer;
}

/** Who wants to hear of which lottery. */
const followers = new Set<{ lottery: string; heard: () => void }>();
let source: EventSource | undefined;

/** Calls `heard` whenever something may have changed for that lottery, until the returned function is called. */
export function follow(lottery: string, heard: () => void): () => void {
  const follower = { lottery, heard };
  followers.add(follower);
  connect();
  return () => {
    followers.delete(follower);
    if (followers.size) return;
    source?.close();
    source = undefined;
  };
}

/** One line for all embeds of a page, and none while nobody sees it. */
function connect(): void {
  if (document.hidden || !followers.size || (source && source.readyState !== EventSource.CLOSED)) return;
  source = new EventSource(`${HOME}/api/v1/events`);
  for (const type of ["new_result", "result_updated", "result_corrected", "result_voided"]) {
    source.addEventListener(type, ({ data }: MessageEvent<string>) => {
      const { lottery } = JSON.parse(data) as { lottery: string };
      for (const one of followers) if (one.lottery === lottery) one.heard();
    });
  }
}

function look(): void {
  if (document.hidden) return;
  for (const one of followers) one.heard();
  connect();
}

setInterval(() => source?.readyState === EventSource.OPEN || look(), POLL);
document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return look();
  source?.close();
});
