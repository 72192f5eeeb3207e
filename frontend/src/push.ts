import { keptLines, keptLotteries } from "./device";
import { share } from "./shared";

/**
 * Notifications: a button where the browser can show them, which asks for leave only when it is tapped.
 * The service worker that shows them is another's (`worker/push.ts`); without one there is no button.
 */
export async function push(): Promise<void> {
  const place = document.querySelector<HTMLElement>("[data-push]");
  if (!place || !("serviceWorker" in navigator && "PushManager" in window && "Notification" in window)) return;
  const worker = await navigator.serviceWorker.ready;
  for (const lottery of keptLotteries()) void share(lottery, keptLines(lottery));
  const button = place.querySelector("button")!;
  const said = place.querySelector<HTMLElement>("[role=status]")!;
  const show = async (): Promise<void> => {
    const on = await worker.pushManager.getSubscription();
    button.textContent = (on ? place.dataset.off : place.dataset.on)!;
    button.setAttribute("aria-pressed", String(on !== null));
  };
  button.addEventListener("click", () => {
    button.disabled = true;
    said.textContent = "";
    turn(worker, place)
      .catch(() => place.dataset.failed!)
      .then(async (words) => {
        said.textContent = words;
        await show();
      })
      .finally(() => (button.disabled = false));
  });
  await show();
  place.hidden = false;
}

/** Subscribes this browser, or ends that; returns what is to be said of it. */
async function turn(worker: ServiceWorkerRegistration, place: HTMLElement): Promise<string> {
  const at = `/api/v1/push/${encodeURIComponent(place.dataset.push!)}`;
  const before = await worker.pushManager.getSubscription();
  if (before) {
    await tell(`${at}/leave`, { endpoint: before.endpoint });
    await before.unsubscribe();
    return "";
  }
  if ((await Notification.requestPermission()) !== "granted") return place.dataset.denied!;
  const made = await worker.pushManager.subscribe({
    userVisibleOnly: true,
    applicationServerKey: bytes(place.dataset.key!),
  });
  const { endpoint, keys } = made.toJSON();
  try {
    await tell(at, { endpoint, keys, lang: document.documentElement.lang });
  } catch (error) {
    // What the site does not know must not look as if it did.
    await made.unsubscribe();
    throw error;
  }
  return "";
}

async function tell(address: string, wish: unknown): Promise<void> {
  const headers = { "content-type": "application/json" };
  const answer = await fetch(address, { method: "POST", headers, body: JSON.stringify(wish) });
  if (!answer.ok) throw new Error(`${answer.status}`);
}

/** The bytes of a text in base64url. */
function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}
