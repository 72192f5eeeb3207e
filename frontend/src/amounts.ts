import type { Money } from "./checking/rules";
import { locale } from "./formats";

/** The amount with its currency; cents only where there are any. */
export function money({ amount, currency }: Money): string {
  const digits = Number(amount) % 1 ? Math.max(2, amount.split(".")[1]?.length ?? 0) : 0;
  const style = { style: "currency", currency, minimumFractionDigits: digits, maximumFractionDigits: digits } as const;
  return new Intl.NumberFormat(locale, style).format(Number(amount));
}

/** A local day as tables write one: “Sat 2 Nov 2024”. */
export function dayOf(date: string): string {
  const form = new Intl.DateTimeFormat(locale, {
    weekday: "short",
    day: "numeric",
    month: "short",
    year: "numeric",
    timeZone: "UTC",
    calendar: "gregory",
  });
  const part = new Map(form.formatToParts(Date.parse(date)).map(({ type, value }) => [type, value]));
  return `${part.get("weekday")} ${part.get("day")} ${part.get("month")} ${part.get("year")}`;
}
