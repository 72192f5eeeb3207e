/** Does something to the page without taking the focus from who holds it. */
export function keepingFocus(change: () => void): void {
  const held = document.activeElement;
  const address = held && held !== document.body ? addressOf(held) : "";
  change();
  if (!address || (held?.isConnected && document.activeElement === held)) return;
  const again = held?.isConnected ? held : document.querySelector(address);
  if (again instanceof HTMLElement) again.focus({ preventScroll: true });
}

/** Where the same control will be found in what replaces it. */
function addressOf(element: Element): string {
  if (element.id) return `#${CSS.escape(element.id)}`;
  const about = element.closest("[data-key]")?.getAttribute("data-key");
  const within = about ? `[data-key="${CSS.escape(about)}"] ` : "";
  for (const name of ["data-fav", "href", "aria-label"]) {
    const value = element.getAttribute(name);
    if (value !== null) return `${within}${element.localName}[${name}="${CSS.escape(value)}"]`;
  }
  return "";
}
