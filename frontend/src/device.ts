import { share } from "./shared";

const KEY = "lotto.lines";

type Kept = Record<string, string>;

function all(): Kept {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "{}");
    if (!kept || typeof kept !== "object") return {};
    return Object.fromEntries(Object.entries(kept).filter(([, text]) => typeof text === "string" && text));
  } catch {
    // Storage may be forbidden, or hold what is not ours: then there are none.
    return {};
  }
}

/** The lotteries of which this visitor keeps lines. */
export function keptLotteries(): string[] {
  return Object.keys(all());
}

/** The lines of a lottery kept on this device and nowhere else, one under the other; empty where there are none. */
export function keptLines(lottery: string): string {
  return all()[lottery] ?? "";
}

/** Keeps these lines, or forgets them where there are none; tells whether the device took them. */
export function keep(lottery: string, text: string): boolean {
  const kept = all();
  delete kept[lottery];
  if (text.trim()) kept[lottery] = text.trim();
  try {
    localStorage.setItem(KEY, JSON.stringify(kept));
    void share(lottery, text.trim());
    return true;
  } catch {
    return false;
  }
}
