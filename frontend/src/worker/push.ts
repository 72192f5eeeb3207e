import { type Sentences, compared } from "./mine";

/** Milliseconds that comparing with the visitor's own lines may take: a message comes without it rather than late. */
const PATIENCE = 4_000;

/** What a message says: see `src/lotto/publisher/networks/webpush.py`, which writes it. */
interface Message {
  title: string;
  body: string;
  url: string;
  tag: string;
  lang: string;
  image?: string;
  mine: Sentences;
}

/** Has a service worker show what is pushed, and lead to the draw when that is tapped. */
export function push(worker: ServiceWorkerGlobalScope): void {
  worker.addEventListener("push", (event) => {
    const told = event.data?.json() as Message | undefined;
    if (!told) return;
    event.waitUntil(show(worker, told));
  });
  worker.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(lead(worker, event.notification.data as string));
  });
}

async function show(worker: ServiceWorkerGlobalScope, told: Message): Promise<void> {
  const late = new Promise<string>((done) => setTimeout(done, PATIENCE, ""));
  const mine = await Promise.race([compared(told.url, told.mine), late]).catch(() => "");
  const body = [told.body, mine].filter(Boolean).join("\n");
  // The same tag again takes the place of the one before: what comes twice is seen once, and a correction replaces.
  const options = { body, tag: told.tag, lang: told.lang, data: told.url, icon: "/static/icon.svg" };
  const shown = told.image ? { ...options, image: told.image } : options;
  await worker.registration.showNotification(told.title, shown as NotificationOptions);
}

async function lead(worker: ServiceWorkerGlobalScope, url: string): Promise<unknown> {
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((one) => one.url === url);
  return there ? there.focus() : worker.clients.openWindow(url);
}
