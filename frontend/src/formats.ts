/** Formatters are dear to make and cheap to keep: each is made once, when first needed. */
const made = new Map<string, Intl.NumberFormat>();
export const locale = document.documentElement.dataset.locale ?? "en";

/** A length in words, the same as the server's: both speak from CLDR. */
export function unit(count: number, unit: "day" | "hour" | "minute", unitDisplay: "long" | "short"): string {
  const key = unit + unitDisplay;
  const format = made.get(key) ?? new Intl.NumberFormat(locale, { style: "unit", unit, unitDisplay });
  made.set(key, format);
  return format.format(count);
}
