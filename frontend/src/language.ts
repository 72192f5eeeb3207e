const YEAR = 31_536_000;

/** Remembers the language a visitor chooses, and closes the menu when they go elsewhere. */
export function language(): void {
  const menu = document.querySelector<HTMLDetailsElement>(".lang");
  if (!menu) return;
  menu.addEventListener("click", (event) => {
    const chosen = (event.target as Element).closest("a")?.hreflang;
    if (chosen) document.cookie = `lang=${chosen}; path=/; max-age=${YEAR}; samesite=lax`;
  });
  document.addEventListener("click", (event) => {
    if (!menu.contains(event.target as Node)) menu.open = false;
  });
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary")?.focus();
  });
}
