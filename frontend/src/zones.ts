import { now } from "./clock";
import { dayAndClock, dayOf, wallClock } from "./formats";
import { ownZone } from "./zone";

/** Tells moments on the visitor's own clock: beside a lottery's where they differ, instead of UTC where there is none. */
export function zones(): void {
  const own = ownZone();
  for (const beside of document.querySelectorAll<HTMLElement>("[data-yours]")) {
    const at = Date.parse(beside.dataset.yours ?? "");
    const yours = dayAndClock(at, own);
    const differs = yours !== dayAndClock(at, beside.dataset.zone);
    beside.textContent = differs ? ` · ${(beside.dataset.pattern ?? "%").replace("%", yours)}` : "";
  }
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-clock]")) {
    const at = Date.parse(time.dateTime);
    const today = dayOf(at, own) === dayOf(now(), own);
    time.textContent = (today ? wallClock : dayAndClock)(at, own);
  }
}
