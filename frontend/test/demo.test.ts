import { expect, it } from "vitest";

import { fromSource } from "../demo.ts";

it("puts sources in the place of what is built, and nothing else", () => {
  const page = `<head><link rel="stylesheet" href="/static/assets/main-a1.css">
<link rel="stylesheet" href="/lotteries.css">
<link rel="modulepreload" href="/static/assets/device-b2.js">
<script type="module" src="/static/assets/main-c3.js"></script>
<script type="module" src="/static/assets/check-d4_e.js"></script>
</head><body>7</body>`;
  expect(fromSource(page)).toBe(`<head><link rel="stylesheet" href="/lotteries.css">
<script type="module" src="/@/src/main.ts"></script>
<script type="module" src="/@/src/check.ts"></script>
<script type="module" src="/@/@vite/client"></script>
</head><body>7</body>`);
});
