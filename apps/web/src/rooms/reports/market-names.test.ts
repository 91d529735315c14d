import { expect, test } from "vitest";
import { marketName } from "./market-names.ts";

test("a calling code is told as the country it belongs to", () => {
  expect(marketName("91")).toBe("India");
});

test("where many share a code the largest come first and the others are counted", () => {
  expect(marketName("1")).toMatch(/^United States, Canada and \d+ more$/);
});

test("what stands for all others says so", () => {
  expect(marketName("*")).toBe("All other markets");
});
