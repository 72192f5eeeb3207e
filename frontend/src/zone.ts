const KEY = "lotto.zone";

/** The zone a visitor chose; undefined is that of the device, also where what is kept is no zone. */
export function ownZone(): string | undefined {
  try {
    const kept = localStorage.getItem(KEY) || undefined;
    return kept && new Intl.DateTimeFormat("en", { timeZone: kept }) && kept;
  } catch {
    return undefined;
  }
}

/** Lets a visitor choose another zone than the device's, and remembers it; `changed` tells every moment anew. */
export function zone(changed: () => void): void {
  const choice = document.querySelector<HTMLSelectElement>("#zone");
  if (!choice || !("supportedValuesOf" in Intl)) return;
  const own = ownZone();
  const offer = (name: string): void => choice.add(new Option(name.replaceAll("_", " "), name, false, name === own));
  if (own) offer(own);
  // All the world's zones are four hundred; they are listed when somebody reaches for them.
  const fill = (): void => {
    if (choice.length > 2) return;
    const chosen = choice.value;
    choice.length = 1;
    Intl.supportedValuesOf("timeZone").forEach(offer);
    choice.value = chosen;
  };
  choice.addEventListener("pointerenter", fill);
  choice.addEventListener("focus", fill);
  choice.addEventListener("change", () => {
    try {
      localStorage.setItem(KEY, choice.value);
    } catch {
      return;
    }
    changed();
  });
  choice.closest("p")?.removeAttribute("hidden");
}
