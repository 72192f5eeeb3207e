import { now } from "./clock";
import { clock, dayAndClock, local } from "./moment";
import { ownZone } from "./zone";

/** Tells moments on the visitor's own clock: beside a lottery's where they differ, instead of UTC where there is none. */
export function zones(): void {
  const own = ownZone();
  for (const beside of document.querySelectorAll<HTMLElement>("[data-yours]")) {
    // It is written with the lottery's own offset, so its first part is what the clock shows there.
    const { yours = "", pattern = "%" } = beside.dataset;
    const here = local(Date.parse(yours), own);
    beside.textContent = yours.startsWith(here) ? "" : ` · ${pattern.replace("%", dayAndClock(here))}`;
  }
  const today = local(now(), own).slice(0, 10);
  for (const time of document.querySelectorAll<HTMLTimeElement>("time[data-clock]")) {
    const here = local(Date.parse(time.dateTime), own);
    time.textContent = here.startsWith(today) ? clock(here) : dayAndClock(here);
  }
}
