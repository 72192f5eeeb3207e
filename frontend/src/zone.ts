const KEY = "lotto.zone";

/** The zone a visitor chose; undefined is that of the device. */
export function ownZone(): string | undefined {
  try {
    return localStorage.getItem(KEY) || undefined;
  } catch {
    return undefined;
  }
}

/** Lets a visitor choose another zone than the device's, and remembers it; `changed` tells every moment anew. */
export function zone(changed: () => void): void {
  const choice = document.querySelector<HTMLSelectElement>("#zone");
  if (!choice || !("supportedValuesOf" in Intl)) return;
  const offer = (name: string): void => void choice.add(new Option(name.replaceAll("_", " "), name));
  // All the world's zones are four hundred; they are listed when somebody reaches for them.
  const fill = (): void => {
    if (choice.length > 2) return;
    const chosen = choice.value;
    choice.length = 1;
    Intl.supportedValuesOf("timeZone").forEach(offer);
    choice.value = chosen;
  };
  const own = ownZone();
  if (own) {
    offer(own);
    choice.value = own;
  }
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
