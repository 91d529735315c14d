import { expect, test } from "vitest";
import { askedOf, queryOf } from "./from-contacts.ts";

const known = [
  { key: "Tier", type: "text" as const },
  { key: "Visits", type: "number" as const },
  { key: "Since", type: "date" as const },
];

test("the filters of the contacts' list ask the same as a segment", () => {
  expect(queryOf({ consent: "out", source: "csv", property: "Tier", value: "gold" }, known)).toEqual({
    all: [
      { not: { kind: "consent", category: "marketing", is: "allowed" } },
      { kind: "field", field: "source", test: { type: "text", op: "is", value: "csv" } },
      { kind: "property", key: "Tier", test: { type: "text", op: "is", value: "gold" } },
    ],
  });
  expect(queryOf({ property: "Visits", value: "3" }, known)).toEqual({ all: [{ kind: "property", key: "Visits", test: { type: "number", op: "equals", value: 3 } }] });
  expect(queryOf({ property: "Since", value: "2026-05-03" }, known)).toEqual({
    all: [{ kind: "property", key: "Since", test: { type: "date", op: "between", from: "2026-05-03T00:00:00.000Z", to: "2026-05-04T00:00:00.000Z" } }],
  });
  expect(queryOf({ property: "Tier" }, known)).toEqual({ all: [{ kind: "property", key: "Tier", test: { type: "any", op: "known" } }] });
});

test("words that are searched for are no question of a segment", () => {
  expect(askedOf({ q: "Ada", consent: "in" })).toBeNull();
  expect(askedOf({ sort: "name" })).toBeNull();
  expect(askedOf({ sort: "name", consent: "in" })).toEqual({ consent: "in" });
});
