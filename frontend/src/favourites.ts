import { arrange } from "./cards";

const KEY = "lotto.favourites";

/** The lotteries this visitor has starred; kept on the device and nowhere else. */
export function starred(): Set<string> {
  try {
    const kept: unknown = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return new Set(Array.isArray(kept) ? kept.filter((one) => typeof one === "string") : []);
  } catch {
    // Storage may be forbidden, or hold what is not ours: then there are none.
    return new Set();
  }
}

/** Shows on every star whether it is set. */
export function light(): void {
  const set = starred();
  for (const star of document.querySelectorAll<HTMLElement>("[data-fav]")) {
    star.setAttribute("aria-pressed", String(set.has(star.dataset.fav!)));
  }
}

/** Lets stars be set and taken back. */
export function favourites(): void {
  document.addEventListener("click", (event) => {
    const star = (event.target as Element).closest<HTMLElement>("[data-fav]");
    if (!star) return;
    const set = starred();
    const lottery = star.dataset.fav!;
    if (!set.delete(lottery)) set.add(lottery);
    try {
      localStorage.setItem(KEY, JSON.stringify([...set]));
    } catch {
      return;
    }
    light();
    arrange(set);
  });
  addEventListener("storage", (event) => {
    if (event.key !== KEY) return;
    light();
    arrange(starred());
  });
  light();
  arrange(starred());
}
