import type { Draw, Words } from "./api";
import type { Sentences } from "../sentences";

/** The day in words of the reader's language, by the Gregorian calendar. */
export function dateOf(locale: string, date: string): string {
  const form = { dateStyle: "full", timeZone: "UTC", calendar: "gregory" } as const;
  return new Intl.DateTimeFormat(locale, form).format(Date.parse(date));
}

type Parts = Record<string, string | number>;

/** Says what an embed has to say. */
export class Speaker {
  constructor(private readonly words: Words) {}

  /** A sentence of a table with its parts filled in; `count` chooses among several numbers. */
  say(table: "status" | "pool" | "embed", key: string, parts: Parts = {}): string {
    const entry = (this.words[table] as Sentences)[key];
    return fill(typeof entry === "object" ? this.#form(entry, Number(parts.count), "cardinal") : entry, parts);
  }

  /** “1st”. */
  place(count: number): string {
    return fill(this.#form(this.words.pool.place as Sentences, count, "ordinal"), { count });
  }

  /** How sure we are of a draw, as our own pages say it. */
  status({ status, decision, revision, sources }: Draw): string {
    const agree = sources.filter((one) => one.agrees);
    const corrected = revision > 1;
    if (status === "confirmed" && decision) return this.say("status", "decided");
    if (status === "confirmed") {
      const count = new Set(agree.map((one) => one.origin)).size;
      return this.say("status", corrected ? "corrected" : "confirmed", { count });
    }
    if (status === "held" && decision?.kind === "hold") return this.say("status", "held_by_person");
    if (status === "held" && sources.length && !agree.length) return this.say("status", "held_by_rule");
    if (status === "provisional" && corrected) return this.say("status", "corrected_provisional");
    // While it is drawn we only say that there is nothing yet.
    return status === "partial" ? this.say("embed", "none") : this.say("status", status);
  }

  #form(forms: Sentences, count: number, type: Intl.PluralRuleType): Sentences[string] | undefined {
    return forms[new Intl.PluralRules(this.words.locale, { type }).select(count)] ?? forms.other;
  }
}

function fill(sentence: Sentences[string] | undefined, parts: Parts): string {
  return String(sentence ?? "").replace(/\{(\w+)\}/g, (whole, name: string) => String(parts[name] ?? whole));
}
