import { now } from "./clock";
import { unit } from "./formats";

const MINUTE = 60_000;

/** “2 days 16 hr”, “15 hr 20 min”, “4 min”: the two largest units that matter. */
function span(all: number): string {
  const [days, hours, minutes] = [Math.floor(all / 1440), Math.floor(all / 60) % 24, all % 60];
  const parts = days
    ? [unit(days, "day", "long"), hours && unit(hours, "hour", "short")]
    : [hours && unit(hours, "hour", "short"), (minutes || !hours) && unit(minutes, "minute", "short")];
  return parts.filter(Boolean).join(" ");
}

/** Tells anew, in each `data-until`, how long it is until then. */
export function countdowns(): void {
  for (const timer of document.querySelectorAll<HTMLElement>("[data-until]")) {
    const { until = "", minutes = "", due = "", pattern = "%" } = timer.dataset;
    const left = Math.floor((Date.parse(until) - now()) / MINUTE);
    // The server has told it up to here.
    if (left === Number(minutes)) continue;
    timer.dataset.minutes = String(left);
    timer.textContent = left < 1 ? due : pattern.replace("%", span(left));
  }
}
