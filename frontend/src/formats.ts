/** Formatters are dear to make and cheap to keep: each is made once, when first needed. */
const made = new Map<string, Intl.DateTimeFormat | Intl.NumberFormat>();
export const locale = document.documentElement.dataset.locale ?? "en";

function kept<T extends Intl.DateTimeFormat | Intl.NumberFormat>(key: string, make: () => T): T {
  const found = (made.get(key) as T | undefined) ?? make();
  made.set(key, found);
  return found;
}

/** A length in words, the same as the server's: both speak from CLDR. */
export function unit(count: number, unit: "day" | "hour" | "minute", unitDisplay: "long" | "short"): string {
  return kept(unit + unitDisplay, () => new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay })).format(count);
}

const TIME: Intl.DateTimeFormatOptions = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" };
const WHOLE: Intl.DateTimeFormatOptions = { ...TIME, weekday: "short", day: "numeric", month: "short" };

/** The wall clock of a zone, or of the visitor's own: “22:59”. */
export function wallClock(at: number, timeZone: string | undefined): string {
  return kept(`time ${timeZone}`, () => new Intl.DateTimeFormat(locale, { ...TIME, timeZone })).format(at);
}

/** The same with its day, in the order the pages write one: “Wed 11 May, 03:00”. */
export function dayAndClock(at: number, timeZone: string | undefined): string {
  const whole = kept(`whole ${timeZone}`, () => new Intl.DateTimeFormat(locale, { ...WHOLE, timeZone }));
  const part = new Map(whole.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${part.get("weekday")} ${part.get("day")} ${part.get("month")}, ${part.get("hour")}:${part.get("minute")}`;
}

/** The calendar day of a zone, or of the visitor's own, to be compared with another. */
export function dayOf(at: number, timeZone: string | undefined): string {
  return kept(`day ${timeZone}`, () => new Intl.DateTimeFormat("en", { dateStyle: "short", timeZone })).format(at);
}
