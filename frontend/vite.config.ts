import { defineConfig } from "vite";

/** One bundle for every page: the web service reads the manifest and links the hashed names. */
export default defineConfig({
  base: "/static/",
  publicDir: "public",
  build: {
    outDir: "../src/lotto/web/static",
    emptyOutDir: true,
    manifest: true,
    // Nothing may be inlined as data: URIs, the pages' content policy admits only our own files.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    rolldownOptions: { input: "src/main.ts" },
  },
});
