import { arrived } from "./arrival";
import { arrange, cards } from "./cards";
import * as clock from "./clock";
import { starred } from "./favourites";
import { fetched } from "./fetch";
import { keepingFocus } from "./focus";
import type { Told } from "./live";
import { put } from "./refresh";

const language = document.documentElement.lang;

/** A board of one country or collection alone takes in no other game. */
const asked = new URLSearchParams(location.search);
const filtered = asked.has("country") || asked.has("collection");

interface Board {
  heard: (told: Told) => void;
  sync: () => Promise<void>;
}

/** The live board: an event brings one card, a gap all that differ. `dress` is done to what is new on the page. */
export function board(dress: () => void): Board {
  const take = (fresh: Document): void => {
    keepingFocus(() => {
      const today = fresh.querySelector<HTMLElement>('[data-region="today"]');
      if (today) {
        clock.told(today.dataset.now);
        put(today);
      }
      for (const card of fresh.querySelectorAll<HTMLElement>(".card")) replace(card);
    });
    arrange(starred());
    dress();
  };

  /** How often each lottery was asked for: of answers that overtake each other only the last counts. */
  const turns = new Map<string, number>();

  const one = async (told: Told): Promise<void> => {
    const turn = (turns.get(told.lottery) ?? 0) + 1;
    turns.set(told.lottery, turn);
    const [card, today] = await Promise.all([
      fetched(`/${language}/fragment/card/${encodeURIComponent(told.lottery)}`),
      filtered ? undefined : fetched(`/${language}/fragment/today`),
    ]);
    if (today) take(today);
    if (turns.get(told.lottery) === turn) take(card);
  };

  return {
    heard: (told) => {
      // A picture changes no card. A card that cannot be had now comes with the next event or the next look.
      if (!told.type.startsWith("image")) one(told).catch(() => undefined);
    },
    sync: async () => {
      const fresh = await fetched(location.href);
      // An empty board has no lists yet to take cards into.
      if (!document.querySelector("#latest") && fresh.querySelector("#latest")) location.reload();
      take(fresh);
    },
  };
}

/** Puts a card in the place of the one it follows; one with other numbers settles once and is said. */
function replace(card: HTMLElement): void {
  const old = cards().find((one) => one.dataset.key === card.dataset.key);
  if (old?.dataset.version === card.dataset.version) return;
  if (!old) {
    if (filtered) return;
    const item = document.createElement("li");
    item.append(card);
    document.querySelector("#others .cards")?.append(item);
  } else {
    old.replaceWith(card);
  }
  if (numbers(old) !== numbers(card)) arrived(card, card.dataset.say);
}

function numbers(card: Element | undefined): string {
  return [...(card?.querySelectorAll(".balls") ?? [])].map((list) => `${list.ariaLabel} ${list.textContent}`).join();
}
