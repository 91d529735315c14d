import { expect, test } from "vitest";
import { variablesIn } from "./variables.ts";

test("variables are read with or without spaces, each once and by number", () => {
  expect(variablesIn("{{ 2 }} {{1}} {{2}}")).toEqual(["1", "2"]);
  expect(variablesIn("{{ name }}, {{\tcity\n}} {{name}}")).toEqual(["name", "city"]);
});

test("a variable that is opened and never closed takes no time", () => {
  const started = performance.now();
  expect(variablesIn(`{{${" ".repeat(100_000)}!`)).toEqual([]);
  expect(variablesIn("{{a".repeat(30_000))).toEqual([]);
  expect(performance.now() - started).toBeLessThan(1_000);
});
