/** What a message says: see `src/lotto/publisher/networks/webpush.py`, which writes it. */
interface Message {
  title: string;
  body: string;
  url: string;
  tag: string;
  lang: string;
  image?: string;
}

/** What of a service worker this needs: TypeScript knows workers and pages only apart from each other. */
interface Worker {
  registration: ServiceWorkerRegistration;
  clients: {
    matchAll(options: { type: "window"; includeUncontrolled: boolean }): Promise<readonly Window_[]>;
    openWindow(url: string): Promise<unknown>;
  };
  addEventListener(type: string, heard: (event: Pushed & Tapped) => void): void;
}

interface Window_ {
  url: string;
  focus(): Promise<unknown>;
}

interface Pushed {
  data: { json(): Message } | null;
  waitUntil(work: Promise<unknown>): void;
}

interface Tapped {
  notification: Notification;
  waitUntil(work: Promise<unknown>): void;
}

/** Has a service worker show what is pushed, and lead to the draw when that is tapped. */
export function push(worker: Worker): void {
  worker.addEventListener("push", (event) => {
    const told = event.data?.json();
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

async function lead(worker: Worker, url: string): Promise<unknown> {
  const open = await worker.clients.matchAll({ type: "window", includeUncontrolled: true });
  const there = open.find((one) => one.url === url);
  return there ? there.focus() : worker.clients.openWindow(url);
}
