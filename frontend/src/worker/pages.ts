import { keepFiles } from "./files";

/** Where pages are kept as they were last seen. */
const PAGES = "pages";

/** So many pages are kept; the one that was seen longest ago goes first. */
const MOST = 60;

/** Keeps a page with all that it links. What is somebody's own, or no page, is not kept. */
export async function keep(url: string, answer: Response): Promise<void> {
  const html = (answer.headers.get("content-type") ?? "").startsWith("text/html");
  if (!answer.ok || answer.redirected || !html || answer.headers.get("cache-control") === "no-store") return;
  const text = await answer.clone().text();
  const cache = await caches.open(PAGES);
  // Put anew, a page becomes the newest of the list.
  await cache.delete(url);
  await cache.put(url, answer);
  await keepFiles(text);
  const nowhere = placeless(url);
  if (nowhere && !(await cache.match(nowhere))) await cache.add(nowhere);
  const pages = await cache.keys();
  const old = pages.filter(({ url }) => !url.endsWith("/offline")).slice(0, -MOST);
  await Promise.all(old.map((page) => cache.delete(page)));
}

/** The page as it was last seen, marked as such: `data-kept` has it say that there is no connection. */
export async function kept(url: string): Promise<Response | undefined> {
  const cache = await caches.open(PAGES);
  const found = (await cache.match(url)) ?? (new URL(url).pathname === "/" ? await newestBoard(cache) : undefined);
  if (!found) return undefined;
  const text = (await found.text()).replace("<html ", "<html data-kept ");
  return new Response(text, { headers: found.headers });
}

/** What says in the reader's language that a page was not kept. */
export async function offline(url: string): Promise<Response | undefined> {
  const nowhere = placeless(url);
  return nowhere ? (await caches.open(PAGES)).match(nowhere) : undefined;
}

/** The page without a place in the language of an address. */
function placeless(url: string): string | undefined {
  const lang = /^\/([a-z]{2})\//.exec(new URL(url).pathname)?.[1];
  return lang && `/${lang}/offline`;
}

/** The front door leads to the board of the reader's language: the one that was seen last. */
async function newestBoard(cache: Cache): Promise<Response | undefined> {
  const boards = (await cache.keys()).filter(({ url }) => /^\/[a-z]{2}\/$/.test(new URL(url).pathname));
  const newest = boards.at(-1);
  return newest && cache.match(newest);
}
