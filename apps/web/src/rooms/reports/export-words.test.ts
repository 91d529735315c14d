import { expect, test } from "vitest";
import { pace } from "./export-words.ts";

const createdAt = "2026-11-22T10:00:00.000Z";
const later = (seconds: number) => Date.parse(createdAt) + seconds * 1000;

test("the time left follows from how fast rows were written so far", () => {
  expect(pace({ rows: 2_000, expected: 8_000, createdAt }, later(10))).toEqual({ rate: 200, secondsLeft: 30, fraction: 0.25 });
});

test("nothing is said of pace before the first rows", () => {
  expect(pace({ rows: 0, expected: null, createdAt }, later(3))).toEqual({ rate: null, secondsLeft: null, fraction: 0 });
});
