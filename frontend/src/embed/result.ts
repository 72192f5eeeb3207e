import { dateOf, Speaker } from "./words";
import { type Draw, HOME, type Told } from "./api";
import { element } from "../elements";

/** The result as an element: name, day, numbers, how sure we are, and the way to the evidence. */
export function result(told: Told | undefined): HTMLElement | undefined {
  if (!told) return undefined;
  const { words, lang, draw, reached } = told;
  const speaker = new Speaker(words);
  if (!draw) {
    // What stands there stays true while it cannot be asked again.
    return reached ? shell(told, element("p", {}, speaker.say("embed", "none"))) : undefined;
  }
  const { game } = draw;
  const address = `${HOME}/${lang}/${[draw.lottery, draw.date, draw.label].filter(Boolean).map(encodeURIComponent).join("/")}`;
  const label = draw.label && (words.label[draw.label] ?? draw.label);
  const shown = shell(
    told,
    element("h3", {}, element("span", { lang: game.language }, game.name)),
    element("p", { class: "when" }, element("time", { datetime: draw.date }, dateOf(words.locale, draw.date)), label ? ` · ${label}` : ""),
    Object.keys(draw.numbers).length ? balls(speaker, draw) : null,
    element("p", { class: `status ${draw.status}` }, speaker.status(draw)),
    element("p", {}, element("a", { href: address, target: "_blank", rel: "noopener" }, speaker.say("embed", "source"))),
  );
  shown.style.setProperty("--hue", String(game.hue));
  shown.style.setProperty("--chroma", String(game.chroma));
  return shown;
}

function shell({ words, lang }: Told, ...children: (Node | null)[]): HTMLElement {
  return element("article", { lang, dir: words.direction }, ...children);
}

function balls(speaker: Speaker, draw: Draw): HTMLElement {
  const items = draw.pools.flatMap((pool) =>
    (draw.numbers[pool.name] ?? []).map((value, at) => {
      const word = pool.words[value] || (pool.shape === "place" ? speaker.place(at + 1) : pool.title);
      const text = pool.shape === "times" ? speaker.say("pool", "times", { value }) : String(value);
      const told = word && !["main", "digit"].includes(pool.shape) ? element("small", {}, word) : null;
      return element("li", { class: pool.shape }, element("b", {}, text), told && " ", told);
    }),
  );
  const spelt = draw.pools.some(({ shape }) => shape === "digit" || shape === "ticket");
  return element("ol", { class: "balls", role: "list", dir: spelt ? "ltr" : "" }, ...items);
}
