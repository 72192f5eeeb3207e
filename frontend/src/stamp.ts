import { now } from "./clock";
import { clock, local } from "./moment";

/** The server speaks by itself; it was asked and has answered; it could not be reached. */
export type Line = "live" | "asked" | "late";

let line: Line | undefined;
let contact = 0;

/** Takes note of how the server can be heard since now. */
export function heard(state: Line): void {
  line = state;
  if (state !== "late") contact = now();
  stamp();
}

/** Says as of when the page is true: now while it is live, else the last time the server was heard. */
export function stamp(): void {
  const words = document.getElementById("stamp");
  const time = words?.querySelector("time");
  if (!words || !time || !line) return;
  words.dataset.line = line;
  words.classList.toggle("live", line === "live");
  words.firstChild!.textContent = `${words.dataset[line]} `;
  if (line === "live") contact = now();
  // Never heard since it was served: the time the server wrote still holds.
  if (!contact) return;
  // Within the minute that stands there already nothing is to be written.
  if (minute(contact) === minute(Date.parse(time.dateTime))) return;
  const { zone, place = "" } = time.dataset;
  time.textContent = `${clock(local(contact, zone))} ${place}`.trim();
  time.dateTime = new Date(contact).toISOString();
}

function minute(at: number): number {
  return Math.floor(at / 60_000);
}
