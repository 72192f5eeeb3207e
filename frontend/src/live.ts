import * as stamp from "./stamp";

/** What an event says: which draw it is about and how often that was told before. */
export interface Told {
  type: string;
  lottery: string;
  date: string;
  label: string;
  revision: number;
  update: number;
}

const ADDRESS = "/api/v1/events";
const TYPES = ["new_result", "result_updated", "result_corrected", "result_voided", "image_ready", "image_failed"];

/** Milliseconds between two looks while events do not come. */
const POLL = 20_000;

/** A look that comes so much too late tells that the device slept: its line may be dead and not know it. */
const SLEPT = 2 * POLL;

/** A page nobody sees lets go of its line after this long; browsers keep but few of them for one site. */
const ASLEEP = 60_000;

/**
 * Hears the server's events for as long as the page is open: over one lasting connection, which the browser takes up
 * again by itself, and by asking every now and then while there is none. `sync` brings the whole page up to date, which
 * is what is done after every gap: the first connection, a lost one, a sleep.
 */
export function listen(heard: (told: Told) => void, sync: () => Promise<void>): void {
  let source: EventSource | undefined;
  let asleep: ReturnType<typeof setTimeout> | undefined;

  const catchUp = (): void => {
    sync().then(
      () => {
        // It was perhaps served by the device itself, without a connection: now it is as the server has it.
        document.documentElement.removeAttribute("data-kept");
        stamp.heard(source?.readyState === EventSource.OPEN ? "live" : "asked");
      },
      () => stamp.heard("late"),
    );
  };

  const connect = (): void => {
    if (source && source.readyState !== EventSource.CLOSED) return;
    source = new EventSource(ADDRESS);
    source.onopen = catchUp;
    source.onerror = () => stamp.heard("late");
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<string>) => {
        stamp.heard("live");
        heard(JSON.parse(event.data) as Told);
      });
    }
  };

  let looked = Date.now();
  setInterval(() => {
    if (Date.now() - looked > SLEPT) source?.close();
    looked = Date.now();
    if (document.hidden || source?.readyState === EventSource.OPEN) return;
    catchUp();
    connect();
  }, POLL);

  document.addEventListener("visibilitychange", () => {
    clearTimeout(asleep);
    if (document.hidden) {
      asleep = setTimeout(() => source?.close(), ASLEEP);
    } else {
      catchUp();
      connect();
    }
  });
  addEventListener("offline", () => {
    source?.close();
    stamp.heard("late");
  });
  addEventListener("online", () => {
    catchUp();
    connect();
  });
  addEventListener("pageshow", (event) => {
    if (event.persisted) catchUp();
  });
  // A connection left open would keep the page out of the browser's back-forward cache.
  addEventListener("pagehide", () => source?.close());
  connect();
}
