import { expect, test } from "vitest";
import { asFailure } from "./change.ts";

test("a fault of the page itself is told in plain words, with the browser's own words in the place of a code", () => {
  const { message, fix, code } = asFailure(new TypeError("Cannot read properties of undefined"));
  expect([message, fix, code]).toEqual(["Something went wrong in this page.", "Reload the page and try again.", "TypeError: Cannot read properties of undefined"]);
});

test("a sentence of our own is told as it is", () => {
  expect(asFailure(new Error("What was changed last is not saved yet.")).message).toBe("What was changed last is not saved yet.");
});
