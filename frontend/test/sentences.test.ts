import { expect, it, vi } from "vitest";

vi.stubGlobal("document", { documentElement: { dataset: { locale: "es" } } });
const { speaker } = await import("../src/sentences");

const words = { plain: "Línea {line}", inner: { deep: "ya" }, draws: { one: "{count} sorteo", many: "{count} de sorteos", other: "{count} sorteos" } };
const say = speaker({ dataset: { words: JSON.stringify(words) } } as unknown as HTMLElement);

it("fills in the parts of a sentence", () => {
  expect(say("plain", { line: 3 })).toBe("Línea 3");
  expect(say("inner.deep")).toBe("ya");
});

it("chooses among several numbers the language's way", () => {
  expect(say("draws", { count: 1 })).toBe("1 sorteo");
  expect(say("draws", { count: 12345 })).toBe("12.345 sorteos");
  expect(say("draws", { count: 2_000_000 })).toBe("2.000.000 de sorteos");
});

it("says the key where there is no such sentence, and leaves a part that is missing", () => {
  expect(say("nothing.here")).toBe("nothing.here");
  expect(say("plain")).toBe("Línea {line}");
});
