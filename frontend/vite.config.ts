import { fileURLToPath } from "node:url";

import { defineConfig } from "vite";

import { besideDemo } from "./demo.ts";

/** Where the web service looks for what is built. */
export const OUT = fileURLToPath(new URL("../src/lotto/web/static", import.meta.url));

/** One bundle for every page and one for each island: the web service reads the manifest and links the hashed names. */
export default defineConfig(({ command }) => ({
  base: command === "build" ? "/static/" : "/@/",
  publicDir: "public",
  plugins: [besideDemo(`http://127.0.0.1:${process.env.LOTTO_PORT ?? 8400}`)],
  build: {
    outDir: OUT,
    emptyOutDir: true,
    manifest: true,
    // Nothing may be inlined as data: URIs, the pages' content policy admits only our own files.
    assetsInlineLimit: 0,
    // Pages name what they need themselves.
    modulePreload: false,
    rolldownOptions: { input: ["src/main.ts", "src/check.ts"] },
  },
}));
