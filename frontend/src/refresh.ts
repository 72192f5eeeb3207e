import { arrived } from "./arrival";
import * as clock from "./clock";
import { fetched } from "./fetch";
import { keepingFocus } from "./focus";

/** Each region as the server last told it; the page's own may have been dressed since. */
const served = new Map<string, string>();

/** What a reader may have pushed sideways. */
const SCROLLS = ".line, .scroll";

/** Takes note of the regions as they were served. */
export function remember(): void {
  for (const region of regions(document)) served.set(region.dataset.region!, region.outerHTML);
}

/** Asks for this page again and puts in place what is another than before. */
export async function refresh(): Promise<void> {
  const fresh = await fetched(location.href);
  clock.told(fresh.documentElement.dataset.now);
  keepingFocus(() => {
    for (const region of regions(fresh)) put(region);
    for (const list of fresh.querySelectorAll("[data-list]")) merge(list);
  });
}

function regions(from: ParentNode): NodeListOf<HTMLElement> {
  return from.querySelectorAll<HTMLElement>("[data-region]");
}

/** Replaces a region if the server tells another; new numbers in it settle and are said. */
export function put(region: HTMLElement): void {
  const name = region.dataset.region!;
  const html = region.outerHTML;
  const old = document.querySelector<HTMLElement>(`[data-region="${name}"]`);
  if (!old || served.get(name) === html) return;
  served.set(name, html);
  const scrolled = [...old.querySelectorAll(SCROLLS)].map((box) => box.scrollLeft);
  old.replaceWith(region);
  region.querySelectorAll(SCROLLS).forEach((box, place) => (box.scrollLeft = scrolled[place] ?? 0));
  if (region.dataset.say !== old.dataset.say) arrived(region, region.dataset.say);
}

/** Brings a list to the order and content of its fresh one, touching only the items that differ. */
function merge(fresh: Element): void {
  const list = document.querySelector("[data-list]");
  if (!list) return;
  const known = new Map([...list.children].map((item) => [(item as HTMLElement).dataset.key, item as HTMLElement]));
  const first = known.size === 0;
  // Taken down first: items leave the fresh list as they come into the page's.
  const items = [...(fresh.children as HTMLCollectionOf<HTMLElement>)];
  items.forEach((item, place) => {
    const old = known.get(item.dataset.key);
    known.delete(item.dataset.key);
    const same = old?.dataset.version === item.dataset.version;
    const here = old && same ? old : item;
    if (old && !same) old.replaceWith(item);
    if (list.children[place] !== here) list.insertBefore(here, list.children[place] ?? null);
    if (old || (first && place > 0)) return;
    const about = item.querySelector<HTMLElement>("[data-say]");
    if (about) arrived(about, about.dataset.say);
  });
  while (list.children.length > items.length) list.lastElementChild?.remove();
  document.querySelector("[data-empty]")?.toggleAttribute("hidden", list.children.length > 0);
}
