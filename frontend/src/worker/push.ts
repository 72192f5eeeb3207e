/** What a message says: see `src/lotto/publisher/networks/webpush.py`, which writes it. */
interface Message {
  title: string;
  body: string;
  url: string;
  tag: string;
  lang: string;
  image?: string;
}

/** Has a service worker show what is pushed, and lead to the draw when that is tapped. */
export function push(worker: ServiceWorkerGlobalScope): void {
  worker.addEventListener("push", (event) => {
    const told = event.data?.json() as Message | undefined;
    if (!told) return;
    // The same tag again takes the place of the one before: what comes twice is seen once, and a correction replaces.
    const options = { body: told.body, tag: told.tag, lang: told.lang, data: told.url, icon: "/static/icon.svg" };
    const shown = told.image ? { ...options, image: told.image } : options;
    event.waitUntil(worker.registration.showNotification(told.title, shown as NotificationOptions));
  });
  worker.addEventListener("notificationclick", (event) => {
    event.notification.close();
    event.waitUntil(lead(worker, event.notification.data as string));
  });
}

async function lead(worker: ServiceWorkerGlobalScope, url: string): Promise<unknown> {
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((one) => one.url === url);
  return there ? there.focus() : worker.clients.openWindow(url);
}
