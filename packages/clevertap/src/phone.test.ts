import { expect, test } from "vitest";
import { toE164 } from "./phone.ts";

test.each([
  ["919800000011", "+919800000011"],
  ["+919800000011", "+919800000011"],
  [" +91 (98000) 000-11 ", "+919800000011"],
  ["123456", null],
  ["0119800000011", null],
  ["1234567890123456", null],
  ["91980000O011", null],
  ["91+9800000011", null],
  ["", null],
  ["+", null],
  ["9".repeat(41), null],
])("the number %s becomes %s", (written, number) => {
  expect(toE164(written)).toBe(number);
});
