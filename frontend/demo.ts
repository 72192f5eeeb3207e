import type { IncomingMessage } from "node:http";

import type { Plugin } from "vite";

const ENTRY = /<script type="module" src="\/static\/assets\/([a-z]+)-[^"]+"><\/script>/g;

/**
 * The development server stands before a running demo: pages, API and pictures are the demo's, scripts and styles are
 * those in `src`, changed in the browser as they are saved. A plugin for `vite` alone; a build is not touched by it.
 */
export function besideDemo(demo: string): Plugin {
  return {
    name: "beside-demo",
    apply: "serve",
    config: (_, { mode }) => {
      if (mode === "test") return undefined;
      return {
        server: {
          proxy: {
            // Everything but what Vite itself serves below its base.
            "^/(?!@/)": {
              target: demo,
              changeOrigin: true,
              selfHandleResponse: true,
              configure: (proxy) => {
                proxy.on("proxyReq", (request) => request.setHeader("accept-encoding", "identity"));
                proxy.on("proxyRes", (answer, _, response) => {
                  const headers = { ...answer.headers };
                  // Vite puts styles into the page itself, which the demo's policy would not let it.
                  delete headers["content-security-policy"];
                  if (!headers["content-type"]?.startsWith("text/html")) {
                    response.writeHead(answer.statusCode ?? 502, headers);
                    answer.pipe(response);
                    return;
                  }
                  delete headers["content-length"];
                  delete headers.etag;
                  void text(answer).then((html) => {
                    response.writeHead(answer.statusCode ?? 502, headers);
                    response.end(fromSource(html));
                  });
                });
              },
            },
          },
        },
      };
    },
  };
}

/** The page with what it loads of the build replaced by its sources. */
export function fromSource(html: string): string {
  return html
    .replace(/<link rel="(?:stylesheet|modulepreload)" href="\/static\/assets\/[^"]+">\n?/g, "")
    .replace(ENTRY, (_, name: string) => `<script type="module" src="/@/src/${name}.ts"></script>`)
    .replace("</head>", '<script type="module" src="/@/@vite/client"></script>\n</head>');
}

async function text(answer: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  for await (const piece of answer) pieces.push(piece as Buffer);
  return Buffer.concat(pieces).toString("utf8");
}
