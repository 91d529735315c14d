import { expect, test } from "vitest";
import { normaliseLanguage } from "./language.ts";

test.each([
  ["en", "en"],
  ["EN", "en"],
  ["en_US", "en_US"],
  ["en-us", "en_US"],
  ["en(uk)", "en_GB"],
  ["en(UK)", "en_GB"],
  ["en_UK", "en_GB"],
  ["pt_BR", "pt_BR"],
  ["fil", "fil"],
  ["English (United Kingdom)", "English (United Kingdom)"],
  ["klingon!", "klingon!"],
])("the language %s becomes %s", (written, code) => {
  expect(normaliseLanguage(written)).toBe(code);
});
