import { now } from "./clock";
import { dayAndClock, wallClock } from "./formats";

/** Tells moments on the visitor's own clock: beside a lottery's where they differ, instead of UTC where there is none. */
export function zones(): void {
  for (const beside of document.querySelectorAll<HTMLElement>("[data-yours]")) {
    const at = Date.parse(beside.dataset.yours ?? "");
    const yours = dayAndClock(at, undefined);
    const differs = yours !== dayAndClock(at, beside.dataset.zone);
    beside.textContent = differs ? ` · ${(beside.dataset.pattern ?? "%").replace("%", yours)}` : "";
  }
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-clock]")) {
    const at = Date.parse(time.dateTime);
    const today = new Date(at).toDateString() === new Date(now()).toDateString();
    time.textContent = (today ? wallClock : dayAndClock)(at, undefined);
  }
}
