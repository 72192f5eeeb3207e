/** The lines that a visitor keeps, where the service worker finds them: it cannot read the storage of pages. */
const LINES = "lines";

/** Lays down these lines of a lottery, or takes them away where there are none. */
export async function share(lottery: string, text: string): Promise<void> {
  // There is none where the site comes without encryption; then there is no service worker either.
  if (!("caches" in globalThis)) return;
  const cache = await caches.open(LINES);
  await (text ? cache.put(place(lottery), new Response(text)) : cache.delete(place(lottery)));
}

/** The lines of that lottery; empty where there are none. */
export async function shared(lottery: string): Promise<string> {
  const found = await (await caches.open(LINES)).match(place(lottery));
  return found ? found.text() : "";
}

function place(lottery: string): string {
  return `/lines/${encodeURIComponent(lottery)}`;
}
