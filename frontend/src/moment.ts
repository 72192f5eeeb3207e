/** A moment is told in the server's own words: it gives the names of days and months, and the order of a date. */
const { days = "", months = "", moment = "{time}" } = document.documentElement.dataset;
const DAYS = days.split("|");
const MONTHS = months.split("|");

const MINUTE = 60_000;
const NUMBERS: Intl.DateTimeFormatOptions = {
  year: "numeric",
  month: "2-digit",
  day: "2-digit",
  hour: "2-digit",
  minute: "2-digit",
  hourCycle: "h23",
};

/** The first `Intl` on a page costs more than all else on it, so the formatters of zones are made when one is asked for. */
const made = new Map<string, Intl.DateTimeFormat>();

/** What calendar and clock of a zone show, or the visitor's own where none is given: “2022-05-11T03:00”. */
export function local(at: number, timeZone?: string): string {
  if (!timeZone) return new Date(at - new Date(at).getTimezoneOffset() * MINUTE).toISOString().slice(0, 16);
  const numbers = made.get(timeZone) ?? new Intl.DateTimeFormat("en", { ...NUMBERS, timeZone });
  made.set(timeZone, numbers);
  const part = Object.fromEntries(numbers.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part.year}-${part.month}-${part.day}T${part.hour}:${part.minute}`;
}

/** The clock alone: “03:00”. */
export function clock(told: string): string {
  return told.slice(11);
}

/** The same with its day: “Wed 11 May, 03:00”. */
export function dayAndClock(told: string): string {
  const on = new Date(`${told}Z`);
  const places: Record<string, string | undefined> = {
    weekday: DAYS[(on.getUTCDay() + 6) % 7],
    day: String(on.getUTCDate()),
    month: MONTHS[on.getUTCMonth()],
    time: clock(told),
  };
  return moment.replace(/\{(\w+)\}/g, (_, name: string) => places[name] ?? "");
}
