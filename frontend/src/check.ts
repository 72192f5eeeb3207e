/**
 * The ticket checker: lines are read and checked in this browser by rules and draws that the API tells, and are sent to
 * nobody. Without it the form works too, and the server answers the same (src/lotto/web/check.py).
 */
import { Refused, check } from "./checking/checked";
import { lines, texts } from "./checking/line";
import { BadLine, type Era } from "./checking/rules";
import { keep, keptLines } from "./device";
import { drawsOf, lotteryOf, newestOf } from "./draws";
import { notice, outcome } from "./outcome";
import { integer, speaker } from "./sentences";
import { days } from "./span";

/** Lines that are checked at once. */
const MOST = 100;

const form = document.querySelector<HTMLFormElement>("#ticket")!;
const field = form.querySelector<HTMLTextAreaElement>("#lines")!;
const id = document.body.dataset.lottery!;
const say = speaker(form);
let asking = new AbortController();

/** The tapped values as a line: pools in the order of their pads, a plus between them; empty where none is tapped. */
function tapped(): string {
  const parts = [...form.querySelectorAll(".pad")].map((pad) =>
    [...pad.querySelectorAll<HTMLInputElement>(":checked")].map((one) => one.value).join(" "),
  );
  return parts.some(Boolean) ? parts.join(" + ") : "";
}

/** Takes the tapped line among the written ones. */
function add(): void {
  const line = tapped();
  if (!line) return;
  field.value = [...lines(field.value), line].join("\n");
  for (const one of form.querySelectorAll<HTMLInputElement>(".pad :checked")) one.checked = false;
}

function show(...nodes: Node[]): void {
  document.querySelector("#outcome")!.replaceChildren(...nodes);
}

/** Shows it and leads there who cannot see that it changed. */
function tell(...nodes: Node[]): void {
  show(...nodes);
  document.querySelector<HTMLElement>("#numbers")?.focus();
}

async function answer(): Promise<void> {
  add();
  asking.abort();
  asking = new AbortController();
  const { signal } = asking;
  const written = lines(field.value);
  if (!written.length) return tell(notice(say("waiting"), say("empty")));
  if (written.length > MOST) return tell(notice(say("problem"), say("many", { count: MOST })));
  show(notice(say("waiting"), say("looking")));
  try {
    const [lottery, newest] = await Promise.all([lotteryOf(id), newestOf(id)]);
    const era = lottery.eras.at(-1)!;
    const read = written.map((line, at) => textsOf(era, line, at));
    const [from, to] = days(new FormData(form), newest?.date ?? "", era.starts_on);
    const draws = newest
      ? await drawsOf(id, from, to, signal, (count) => show(notice(say("looking"), integer(count))))
      : [];
    if (signal.aborted) return;
    const [first] = draws;
    if (!first) return tell(notice(say("problem"), say("no_draws")));
    const ticket = { id, name: form.dataset.name!, lottery, lines: read, say };
    tell(...outcome(ticket, check(lottery, read, draws), first));
  } catch (error) {
    if (signal.aborted) return;
    tell(notice(say("problem"), error instanceof Refused ? refusal(error) : say("unreachable")));
  }
}

function textsOf(era: Era, line: string, at: number): ReturnType<typeof texts> {
  try {
    return texts(era, line);
  } catch (error) {
    throw error instanceof BadLine ? new Refused(at, error) : error;
  }
}

function refusal({ line, bad }: Refused): string {
  const parts = { ...bad.parts, pool: bad.parts.pool || say("values") };
  return say("refused", { line: line + 1, why: say(`bad.${bad.why}`, parts) });
}

/** Offers to keep what is written, and to forget what is kept. */
function keeping(): void {
  const button = form.querySelector<HTMLButtonElement>("#keep")!;
  const forget = form.querySelector<HTMLButtonElement>("#forget")!;
  const label = button.textContent;
  const offer = (): void => {
    forget.hidden = !keptLines(id);
    button.textContent = keptLines(id) === field.value.trim() && field.value.trim() ? say("kept") : label;
  };
  button.addEventListener("click", () => {
    add();
    keep(id, field.value);
    offer();
  });
  forget.addEventListener("click", () => {
    keep(id, "");
    field.focus();
    offer();
  });
  field.addEventListener("input", offer);
  if (!field.value) field.value = keptLines(id);
  offer();
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  void answer();
});
form.querySelector("#add")?.addEventListener("click", () => {
  add();
  field.focus();
});
keeping();
