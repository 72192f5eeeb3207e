/** Lets a draw be passed on: by the device's own way, else as a copied address. */
export function share(): void {
  // The button is offered by the style sheet, and only where it can do something.
  if (!("share" in navigator || "clipboard" in navigator)) return;
  document.documentElement.classList.add("can-share");
  document.addEventListener("click", (event) => {
    const button = (event.target as Element).closest<HTMLElement>("[data-share]");
    if (button) pass(button).catch(() => undefined);
  });
}

async function pass(button: HTMLElement): Promise<void> {
  const link = { title: document.title, url: location.href };
  if ("share" in navigator) {
    await navigator.share(link);
    return;
  }
  await (navigator as Navigator).clipboard.writeText(link.url);
  const label = button.textContent;
  button.textContent = button.dataset.done ?? label;
  setTimeout(() => (button.textContent = label), 2000);
}
