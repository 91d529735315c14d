import { expect, test } from "vitest";
import { isStorable, isStorableJson } from "./storable.ts";

test.each([["plain", true], ["📦 Ä", true], ["a\0b", false], ["\uD83D", false]])("the text %j can be stored: %s", (text, storable) => {
  expect(isStorable(text)).toBe(storable);
});

test.each([
  ["nested values", { a: [1, { b: "x" }, null, true] }, true],
  ["a NUL deep inside", { a: [{ b: "x\0" }] }, false],
  ["a NUL in a key", { "a\0": 1 }, false],
  ["nesting of thousands of levels", JSON.parse("[".repeat(5_000) + "]".repeat(5_000)), false],
])("a value with %s is judged", (_name, value: unknown, storable) => {
  expect(isStorableJson(value)).toBe(storable);
});
