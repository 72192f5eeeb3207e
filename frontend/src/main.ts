/**
 * The enhancer: pages are whole without it; with it they are live. Whatever fails here leaves the page as it was served.
 */
import "./styles/index.css";

import { board } from "./board";
import * as clock from "./clock";
import { countdowns } from "./countdown";
import { favourites, light } from "./favourites";
import { language } from "./language";
import { type Told, listen } from "./live";
import { push } from "./push";
import { refresh, remember } from "./refresh";
import { share } from "./share";
import { stamp } from "./stamp";
import { zones } from "./zones";

const root = document.documentElement;
const { page = "", subject = "" } = document.body.dataset;

/** How long after an event a page asks again, in milliseconds: a post goes out a little after its picture. */
const DELAYS: Record<string, readonly number[]> = {
  draw: [0],
  lottery: [0],
  sources: [500],
  wall: [300, 1500, 4000],
};

/** A draw's page is about that draw, a lottery's about all of its draws, the others about everything. */
function concerns(told: Told): boolean {
  const draw = [told.lottery, told.date, told.label].filter(Boolean).join("/");
  return subject === "" || draw === subject || told.lottery === subject;
}

function enhance(): void {
  root.classList.add("js");
  clock.told(root.dataset.now);
  remember();
  language();
  share();
  favourites();
  push().catch(() => undefined);
  const dress = (): void => {
    light();
    countdowns();
    zones();
    stamp();
  };
  setInterval(dress, 15_000);
  // Formatting dates costs more than all else here: first let the page be painted.
  setTimeout(dress, 200);

  if (page === "board") {
    const { heard, sync } = board(dress);
    listen(heard, sync);
    return;
  }
  const delays = DELAYS[page];
  if (!delays) return;
  const sync = async (): Promise<void> => {
    await refresh();
    dress();
  };
  const quietly = (): void => void sync().catch(() => undefined);
  listen((told) => {
    if (concerns(told)) for (const delay of delays) setTimeout(quietly, delay);
  }, sync);
}

enhance();
