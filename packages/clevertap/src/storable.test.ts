import { expect, test } from "vitest";
import { isStorable, isStorableJson } from "./storable.ts";

test.each(["", "plain", "📦 Ä"])("the text %j can be stored", (text) => {
  expect(isStorable(text)).toBe(true);
});

test.each(["a\0b", "\uD83D"])("the text %j cannot be stored", (text) => {
  expect(isStorable(text)).toBe(false);
});

test("a nested value can be stored", () => {
  expect(isStorableJson({ a: [1, { b: "x" }, null, true] })).toBe(true);
});

test.each<[string, unknown]>([
  ["a NUL deep inside", { a: [{ b: "x\0" }] }],
  ["a NUL in a key", { "a\0": 1 }],
  ["thousands of levels", JSON.parse("[".repeat(5_000) + "]".repeat(5_000))],
])("a value with %s cannot be stored", (_name, value) => {
  expect(isStorableJson(value)).toBe(false);
});
