import { locale } from "./formats";

/** A sentence, one in its several numbers, or a table of them: as a language's catalogue holds them. */
export type Sentences = { [key: string]: string | Sentences };

type Parts = Record<string, string | number>;

/** Says the sentence under a dotted key with its parts filled in; `count` chooses among several numbers. */
export type Say = (key: string, parts?: Parts) => string;

/** Speaks from the sentences that the page gives an element. */
export function speaker(element: HTMLElement | null): Say {
  const sentences = JSON.parse(element?.dataset.words ?? "{}") as Sentences;
  return (key, parts = {}) => {
    let found: string | Sentences | undefined = sentences;
    for (const word of key.split(".")) found = typeof found === "object" ? found[word] : undefined;
    if (typeof found === "object") {
      found = found[new Intl.PluralRules(locale).select(Number(parts.count))] ?? found.other;
    }
    return String(found ?? key).replace(/\{(\w+)\}/g, (whole, name: string) => {
      const part = parts[name];
      return typeof part === "number" ? integer(part) : (part ?? whole);
    });
  };
}

/** A count the language's way: “1,110”. */
export function integer(count: number): string {
  return new Intl.NumberFormat(locale).format(count);
}
