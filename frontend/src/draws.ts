import type { Draw, Lottery } from "./checking/rules";

const ROOT = "/api/v1/lotteries";

/** More draws than any check looks at. */
const MOST = 20_000;

/** Milliseconds to wait when too much was asked and the answer does not say how long. */
const PAUSE = 5_000;

interface Told extends Draw {
  revision: number;
  status: string;
}

/** The lottery with the history of its rules; throws where the API cannot be reached. */
export async function lotteryOf(id: string): Promise<Lottery> {
  return asked<Lottery>(`${ROOT}/${encodeURIComponent(id)}`);
}

/** One draw by its path, `lottery/date[/label]`; none while it has no published values. */
export async function drawAt(path: string): Promise<Draw | undefined> {
  const [lottery = "", ...rest] = path.split("/");
  const draw = await asked<Told>(`${ROOT}/${lottery}/draws/${rest.join("/")}`);
  return published(draw) ? draw : undefined;
}

/** Every draw with published values of a span of local days, newest first; `look` hears how many have come. */
export async function drawsOf(
  id: string,
  from: string,
  to: string,
  signal: AbortSignal,
  look: (count: number) => void,
): Promise<Draw[]> {
  const found: Draw[] = [];
  const query = new URLSearchParams({ limit: "200" });
  if (from) query.set("from", from);
  if (to) query.set("to", to);
  let next: string | null = `${ROOT}/${encodeURIComponent(id)}/draws?${query}`;
  while (next && found.length < MOST) {
    const page: { items: Told[]; next: string | null } = await asked(next, signal);
    found.push(...page.items.filter(published));
    look(found.length);
    next = page.next;
  }
  return found;
}

/** The newest draw with published values. */
export async function newestOf(id: string): Promise<Draw | undefined> {
  const { items } = await asked<{ items: Told[] }>(`${ROOT}/${encodeURIComponent(id)}/draws?limit=20`);
  return items.find(published);
}

function published({ revision, status }: Told): boolean {
  return revision > 0 && status !== "void";
}

async function asked<Answer>(address: string, signal?: AbortSignal): Promise<Answer> {
  const answer = await fetch(address, { signal: signal ?? null });
  if (answer.status === 429) {
    const seconds = Number(answer.headers.get("retry-after"));
    await new Promise((done) => setTimeout(done, seconds ? seconds * 1000 : PAUSE));
    signal?.throwIfAborted();
    return asked(address, signal);
  }
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return (await answer.json()) as Answer;
}
