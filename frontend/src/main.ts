/**
 * The enhancer: pages are whole without it; with it they are live. Whatever fails here leaves the page as it was served.
 */
import "./styles/index.css";

import { board } from "./board";
import * as clock from "./clock";
import { copy } from "./copy";
import { countdowns } from "./countdown";
import { keptLotteries } from "./device";
import { favourites, light } from "./favourites";
import { install } from "./install";
import { language } from "./language";
import { type Told, listen } from "./live";
import { push } from "./push";
import { refresh, remember } from "./refresh";
import { share } from "./share";
import { stamp } from "./stamp";
import { zone } from "./zone";
import { zones } from "./zones";

const root = document.documentElement;
const { page = "", subject = "" } = document.body.dataset;

/** How long after an event a page asks again, in milliseconds: a post goes out a little after its picture. */
const DELAYS: Record<string, readonly number[]> = {
  collection: [0],
  display: [0],
  draw: [0],
  embed: [0],
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
  // A page that the device kept tells when it was served, and not what the time is.
  const kept = "kept" in root.dataset;
  if (!kept) clock.told(root.dataset.now);
  remember();
  language();
  share();
  copy();
  favourites();
  install();
  const mine = keptLotteries().length && document.querySelector("#mine") ? import("./mine") : undefined;
  push().catch(() => undefined);
  const dress = (): void => {
    mine?.then(({ compare }) => compare()).catch(() => undefined);
    light();
    countdowns();
    zones();
    stamp();
  };
  zone(dress);
  setInterval(dress, 15_000);
  dress();

  if (page === "board") {
    const { heard, sync } = board(dress);
    listen(heard, sync);
    return;
  }
  const delays = DELAYS[page];
  if (!delays) {
    if (kept || page === "offline") addEventListener("online", () => location.reload());
    return;
  }
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
