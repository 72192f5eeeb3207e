/**
 * The service worker: pages come from the network and, where there is none, as they were last seen, marked so; the files
 * of the build, which are named by what they hold, come from the device.
 */
import { keptFile, ours } from "./worker/files";
import { keep, kept, offline } from "./worker/pages";
import { push } from "./worker/push";

declare const self: ServiceWorkerGlobalScope;

self.addEventListener("install", () => void self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(Promise.all([self.clients.claim(), shown()]));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, event));
  else if (request.destination && pathname !== "/embed.js") event.respondWith(file(request, ours(pathname)));
});

push(self);

/** Keeps the pages that are open while this worker takes over: it did not see them come. */
async function shown(): Promise<void> {
  const open = await self.clients.matchAll({ type: "window" });
  await Promise.allSettled(open.map(async ({ url }) => keep(url, await fetch(url))));
}

async function page(request: Request, event: FetchEvent): Promise<Response> {
  try {
    const answer = await fetch(request);
    if (answer.ok) event.waitUntil(keep(request.url, answer.clone()));
    return answer;
  } catch {
    return (await kept(request.url)) ?? (await offline(request.url)) ?? Response.error();
  }
}

/** A file that a page loads: at once from the device where its name tells what it holds, else where there is no network. */
async function file(request: Request, lasting: boolean): Promise<Response> {
  const found = lasting ? await keptFile(request) : undefined;
  if (found) return found;
  try {
    return await fetch(request);
  } catch (error) {
    const last = await keptFile(request);
    if (last) return last;
    throw error;
  }
}
