import { expect, test } from "vitest";
import { fillVariables, variablesIn } from "./variables.ts";

test("variables are read with or without spaces, each once and by number", () => {
  expect(variablesIn("{{ 2 }} {{1}} {{2}}")).toEqual(["1", "2"]);
  expect(variablesIn("{{ name }}, {{\tcity\n}} {{name}}")).toEqual(["name", "city"]);
});

test("variables are replaced as often as they stand there, by their values as they are; what has none stays", () => {
  expect(fillVariables("{{1}} owes {{ 1 }} to {{2}}", (name) => (name === "1" ? "$&" : undefined))).toBe("$& owes $& to {{2}}");
});

test("a variable that is opened and never closed holds nobody up", () => {
  expect(variablesIn(`{{${" ".repeat(100_000)}!`)).toEqual([]);
  expect(variablesIn("{{a".repeat(30_000))).toEqual([]);
});
