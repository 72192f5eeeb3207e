/** A visitor's own numbers, told beside the draws on a page; compared here and sent to nobody. */
import { money } from "./amounts";
import { won } from "./checking/kept";
import type { Lottery } from "./checking/rules";
import { keptLines, keptLotteries } from "./device";
import { drawAt, lotteryOf } from "./draws";
import { element } from "./elements";
import { speaker } from "./sentences";

const say = speaker(document.querySelector("#mine"));
const lotteries = new Map<string, Promise<Lottery>>();

/** Elements that have been told, or are about to be. */
const seen = new WeakSet<Element>();

/** Tells of every draw on the page of which this visitor keeps lines, once. */
export function compare(): void {
  const ours = new Set(keptLotteries());
  for (const place of document.querySelectorAll<HTMLElement>("[data-mine]")) {
    const lottery = decodeURIComponent(place.dataset.mine!.split("/")[0]!);
    if (!ours.has(lottery) || seen.has(place)) continue;
    seen.add(place);
    // What cannot be had now is asked for again at the next look.
    tell(place, lottery).catch(() => seen.delete(place));
  }
}

async function tell(place: HTMLElement, id: string): Promise<void> {
  if (!lotteries.has(id)) lotteries.set(id, lotteryOf(id));
  const asked = lotteries.get(id)!;
  asked.catch(() => lotteries.delete(id));
  const [lottery, draw] = await Promise.all([asked, drawAt(place.dataset.mine!)]);
  if (!draw) return;
  const told = won(lottery, keptLines(id), draw).map(({ win, prize }) => (prize ? `${win.tier.name} (${money(prize)})` : win.tier.name));
  const manage = `/${document.documentElement.lang}/check?lottery=${encodeURIComponent(id)}`;
  place.replaceChildren(
    told.length ? say("wins", { tiers: told.join(", ") }) : say("none"),
    " · ",
    element("a", { href: manage }, say("manage")),
  );
  place.classList.toggle("wins", told.length > 0);
  place.hidden = false;
}
