import { keepingFocus } from "./focus";

/** Every card on the board, whatever list it stands in. */
export function cards(): HTMLElement[] {
  return [...document.querySelectorAll<HTMLElement>(".cards .card")];
}

/**
 * Gives every card its place: the newest that tells numbers stands large in front, favourites follow, then all others,
 * each list newest first. Moves only what stands elsewhere.
 */
export function arrange(favourites: ReadonlySet<string>): void {
  const front = document.querySelector("#latest");
  const chosen = document.querySelector("#favourites .cards");
  const others = document.querySelector("#others .cards");
  if (!front || !chosen || !others) return;
  // Sorting keeps the server's order where two were drawn at the same moment.
  const all = cards().sort((a, b) => Date.parse(b.dataset.at!) - Date.parse(a.dataset.at!));
  const freshest = all.find((card) => "tells" in card.dataset) ?? all[0];
  keepingFocus(() => {
    const filled = new Map<Element, number>();
    for (const card of all) {
      const list: Element = card === freshest ? front : favourites.has(card.dataset.key!) ? chosen : others;
      const place = filled.get(list) ?? 0;
      const item = card.closest("li")!;
      item.classList.toggle("fresh", list === front);
      if (list.children[place] !== item) list.insertBefore(item, list.children[place] ?? null);
      filled.set(list, place + 1);
    }
    // Before the focus returns: what is hidden takes none.
    chosen.closest("section")?.toggleAttribute("hidden", chosen.children.length === 0);
  });
}
