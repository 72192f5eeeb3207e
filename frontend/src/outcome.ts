import { dayOf, money } from "./amounts";
import type { Checked, Found } from "./checking/checked";
import { type Line, type Texts } from "./checking/line";
import { attempt } from "./checking/checked";
import { BadLine, type Draw, type Era, type Pool, type Value, chosen, eraOf, type Lottery } from "./checking/rules";
import { right } from "./checking/wins";
import { element } from "./elements";
import { integer, type Say } from "./sentences";

/** What the page is about while an outcome is told. */
export interface Ticket {
  id: string;
  name: string;
  lottery: Lottery;
  lines: Texts[];
  say: Say;
}

/** What the lines won, as the page shows it: beside the newest draw, then in all of the span. */
export function outcome(ticket: Ticket, { found, draws, unplayable }: Checked, newest: Draw): Node[] {
  const { say, name, lines } = ticket;
  const now = found.filter((one) => one.draw === newest);
  const winners = new Set(now.map((one) => one.line)).size;
  const shown = lines.map((_, at) => told(ticket, at, newest, now.filter((one) => one.line === at)));
  const verdict = element(
    "div",
    { class: "verdict" },
    element(
      "div",
      {},
      heading(winners ? say("won", { count: winners }) : say("none")),
      element("p", { class: "small" }, link(ticket, newest, `${name}, ${dayOf(newest.date)}`)),
    ),
    ...shown,
    element("p", { class: "small" }, say("operator")),
  );
  const missed = unplayable ? say("unplayable", { count: unplayable }) : "";
  if (draws < 2) return missed ? [verdict, element("p", { class: "small" }, missed)] : [verdict];
  return [
    verdict,
    element(
      "div",
      {},
      element("h2", {}, say("would")),
      element("p", { class: "small" }, `${say("past", { count: draws })} ${missed}`),
      found.length ? table(ticket, found) : null,
    ),
  ];
}

/** A sentence in the place of an outcome. */
export function notice(title: string, why: string): HTMLElement {
  const words = element("div", {}, heading(title), element("p", { class: "small" }, why));
  return element("div", { class: "verdict" }, words);
}

function heading(text: string): HTMLElement {
  return element("h2", { id: "numbers", tabindex: "-1" }, text);
}

function told({ say, lottery, lines }: Ticket, at: number, draw: Draw, found: Found[]): HTMLElement {
  const era = eraOf(lottery, draw.date);
  const line = era && attempt(era, lines[at]!);
  const title = say("line", { line: at + 1 });
  const verdict = found.map((one) => win(say, one)).join(", ");
  const header = element("h3", {}, `${title} `, element("span", { class: verdict ? "" : "none" }, verdict || say("no_prize")));
  if (!era || !line || line instanceof BadLine) return element("div", { class: "line-row" }, header);
  const [balls, matches] = shown(era, line, draw);
  const match = matches.length ? say("match", { values: matches.join(", ") }) : say("miss");
  const list = element("ol", { class: "balls balls-s", role: "list", "aria-label": `${title}: ${match}` }, ...balls);
  return element("div", { class: "line-row" }, header, list, element("p", { class: "small" }, match));
}

/** The line's balls, those that are right filled, and the right ones in words. */
function shown(era: Era, line: Line, draw: Draw): [HTMLElement[], string[]] {
  const balls: HTMLElement[] = [];
  const matches: string[] = [];
  for (const pool of chosen(era)) {
    const values = line[pool.name]!;
    right(era, pool, values, draw.numbers).forEach((hit, at) => {
      const value = values[at]!;
      balls.push(ball(pool, value, hit));
      if (hit) matches.push([pool.title, value, pool.words[value]].filter((part) => part || part === 0).join(" "));
    });
  }
  return [balls, matches];
}

function ball(pool: Pool & { shape?: string }, value: Value, hit: boolean): HTMLElement {
  const shape = pool.shape ?? "main";
  const kind = shape !== "main" ? shape : pool.kind === "word" ? "word" : "";
  const word = pool.words[value] || (["main", "digit"].includes(shape) ? "" : pool.title);
  return element(
    "li",
    { class: `${kind} ${hit ? "hit" : "miss"}`.trim() },
    element("b", {}, String(value)),
    ...(word ? [" ", element("small", {}, word)] : []),
  );
}

function win(say: Say, { win, prize }: Found): string {
  const tier = win.lines > 1 ? say("several", { tier: win.tier.name, count: win.lines }) : win.tier.name;
  return prize ? say("prize", { tier, amount: money(prize) }) : tier;
}

function table(ticket: Ticket, found: Found[]): HTMLElement {
  const { say } = ticket;
  const columns = ["line", "tier", "times", "last", "prize"].map((name) =>
    element("th", { scope: "col", class: ["times", "prize"].includes(name) ? "num" : "" }, say(`column.${name}`)),
  );
  const rows = grouped(found).map((those) => {
    const [{ draw, line, win, prize }] = those;
    const times = those.reduce((all, one) => all + one.win.lines, 0);
    return element(
      "tr",
      {},
      element("th", { scope: "row" }, say("line", { line: line + 1 })),
      element("td", {}, win.tier.name),
      element("td", { class: "num" }, integer(times)),
      element("td", {}, link(ticket, draw, dayOf(draw.date))),
      element("td", { class: "num" }, element("bdi", {}, prize ? money(prize) : "–")),
    );
  });
  const head = element("thead", {}, element("tr", {}, ...columns));
  const whole = element("table", {}, head, element("tbody", {}, ...rows));
  return element("div", { class: "scroll", tabindex: "0", role: "region", "aria-label": say("would") }, whole);
}

/** By line and tier, in the order of the lines and of their newest draws. */
function grouped(found: Found[]): [Found, ...Found[]][] {
  const groups = new Map<string, [Found, ...Found[]]>();
  for (const one of found) {
    const key = `${one.line} ${one.win.tier.name}`;
    const group = groups.get(key);
    if (group) group.push(one);
    else groups.set(key, [one]);
  }
  return [...groups.values()].sort(([a], [b]) => a.line - b.line);
}

function link({ id }: Ticket, draw: Draw, text: string): HTMLElement {
  const path = [id, draw.date, draw.label].filter(Boolean).map(encodeURIComponent).join("/");
  return element("a", { href: `/${document.documentElement.lang}/${path}` }, text);
}
