/** Spans that end with the newest draw: so many days before it. The server's src/lotto/web/spans.py says the same. */
const NAMED: Record<string, number> = { newest: 0, month: 30, year: 365 };

/** First and last local day of a span, empty where it is open; `rules` is the day since when those of today hold. */
export function days(form: FormData, newest: string, rules: string): [string, string] {
  const name = String(form.get("span"));
  if (name === "rules") return [rules, ""];
  if (name === "all") return ["", ""];
  if (name === "days") return [String(form.get("from")), String(form.get("to"))];
  return [before(newest, NAMED[name] ?? 0), newest];
}

function before(day: string, days: number): string {
  return new Date(Date.parse(day) - days * 86_400_000).toISOString().slice(0, 10);
}
