import { expect, it } from "vitest";

import { days } from "../src/span";

function asked(span: string, from = "", to = ""): [string, string] {
  const form = new FormData();
  for (const [name, value] of Object.entries({ span, from, to })) form.set(name, value);
  return days(form, "2024-03-01", "2021-08-23");
}

it("reads every span as the server does", () => {
  expect(asked("newest")).toEqual(["2024-03-01", "2024-03-01"]);
  expect(asked("month")).toEqual(["2024-01-31", "2024-03-01"]);
  expect(asked("year")).toEqual(["2023-03-02", "2024-03-01"]);
  expect(asked("rules")).toEqual(["2021-08-23", ""]);
  expect(asked("all")).toEqual(["", ""]);
  expect(asked("days", "2020-01-02", "2020-02-03")).toEqual(["2020-01-02", "2020-02-03"]);
  expect(asked("nonsense")).toEqual(["2024-03-01", "2024-03-01"]);
});
