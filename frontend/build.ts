/**
 * Builds what pages load, and sees that it stays small: the site with its islands, and the two scripts that must be one
 * file each, the service worker and the embed.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync } from "node:zlib";

import { type InlineConfig, type Manifest, build } from "vite";

import { OUT } from "./vite.config.ts";

/** Bytes after brotli, at most. */
const LIMITS = { "public script": 12_000, island: 10_000, styles: 12_000 } as const;

/** A script of its own under a name that never changes. */
function alone(name: string, format: "es" | "iife"): InlineConfig {
  return {
    configFile: false,
    publicDir: false,
    logLevel: "warn",
    build: {
      outDir: OUT,
      emptyOutDir: false,
      rolldownOptions: { input: `src/${name}.ts`, output: { format, entryFileNames: "[name].js" } },
    },
  };
}

function size(...files: string[]): number {
  return files.reduce((all, file) => all + brotliCompressSync(readFileSync(join(OUT, file))).length, 0);
}

/** The chunk and all that it loads at once, but what `besides` has loaded already. */
function loaded(manifest: Manifest, name: string, besides: readonly string[] = []): string[] {
  const found = new Set<string>();
  const visit = (one: string): void => {
    const { file, imports = [] } = manifest[one]!;
    if (besides.includes(file) || found.has(file)) return;
    found.add(file);
    imports.forEach(visit);
  };
  visit(name);
  return [...found];
}

function* measured(): Generator<[string, number, number]> {
  const manifest = JSON.parse(readFileSync(join(OUT, ".vite/manifest.json"), "utf8")) as Manifest;
  const common = loaded(manifest, "src/main.ts");
  yield ["public script", size(...common), LIMITS["public script"]];
  for (const [name, { isEntry, isDynamicEntry }] of Object.entries(manifest)) {
    if (name === "src/main.ts" || !(isEntry || isDynamicEntry)) continue;
    yield [name, size(...loaded(manifest, name, common)), LIMITS.island];
  }
  for (const name of ["worker.js", "embed.js"]) yield [name, size(name), LIMITS.island];
  const styles = new Set(Object.values(manifest).flatMap(({ file, css = [] }) => [...css, ...(file.endsWith(".css") ? [file] : [])]));
  yield ["styles", size(...styles), LIMITS.styles];
}

await build();
await build(alone("worker", "iife"));
await build(alone("embed", "es"));

let over = false;
for (const [name, bytes, limit] of measured()) {
  over ||= bytes > limit;
  console.log(`${name}: ${bytes} of ${limit} bytes (brotli)${bytes > limit ? " – TOO LARGE" : ""}`);
}
if (over) process.exitCode = 1;
