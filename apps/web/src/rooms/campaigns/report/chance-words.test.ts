import { expect, test } from "vitest";
import { chanceWords } from "./chance-words.ts";

test("a chance is told as so many of a hundred tests", () => {
  expect(chanceWords(0.03)).toBe("A difference this large would come about by chance in 3 of 100 tests.");
});

test("a small chance is told as so many of a thousand", () => {
  expect(chanceWords(0.004)).toBe("A difference this large would come about by chance in 4 of 1,000 tests.");
  expect(chanceWords(0.000_01)).toBe("A difference this large would come about by chance in fewer than 1 of 1,000 tests.");
});

test("a difference that comes about too often is said to be none", () => {
  expect(chanceWords(0.4)).toBe("A difference this large would come about by chance in 40 of 100 tests: too often to call one of them better.");
});

test("where both did the same there is no difference to judge", () => {
  expect(chanceWords(1)).toBe("There is no difference between them.");
});

test("with too few messages nothing is claimed", () => {
  expect(chanceWords(null)).toContain("Too few");
});
