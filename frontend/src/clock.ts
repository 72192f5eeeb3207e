/** The server's clock: pages never go by a visitor's, and in practice it is another one altogether. */
let ahead = 0;

/** Takes note of what the server says the time is. */
export function told(at: string | undefined): void {
  const instant = Date.parse(at ?? "");
  if (!Number.isNaN(instant)) ahead = instant - Date.now();
}

/** The instant by the server's clock, in milliseconds. */
export function now(): number {
  return Date.now() + ahead;
}
