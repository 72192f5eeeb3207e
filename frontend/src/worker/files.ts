/** Where the files that pages need are kept. */
const FILES = "files";

const COLOURS = "/lotteries.css";

/** Whether this is a file that the device answers by itself once it has it. */
export function ours(pathname: string): boolean {
  return pathname.startsWith("/static/assets/");
}

/** Keeps what a page links: the build's files, once each, and the lotteries' colours, anew. */
export async function keepFiles(html: string): Promise<void> {
  const cache = await caches.open(FILES);
  const linked = new Set([...html.matchAll(/(?:href|src)="(\/static\/[^"]+|\/lotteries\.css)"/g)].map(([, path]) => path!));
  await Promise.allSettled(
    [...linked].map(async (path) => {
      if (path === COLOURS || !(await cache.match(path))) await cache.add(path);
    }),
  );
}

/** What a page linked when it was kept. */
export async function keptFile(request: Request): Promise<Response | undefined> {
  return (await caches.open(FILES)).match(request);
}
