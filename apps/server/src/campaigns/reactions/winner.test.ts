import { expect, test } from "vitest";
import { winnerOf } from "./winner.ts";

const result = (variant: string, messages: number, did: number) => ({ variant, messages, did });

test("the larger share wins, not the larger number", () => {
  expect(winnerOf([result("A", 1000, 100), result("B", 100, 20)])).toBe("B");
});

test("a tie goes to the variant that comes first", () => {
  expect(winnerOf([result("A", 50, 5), result("B", 100, 10), result("C", 10, 1)])).toBe("A");
});

test("a variant that reached nobody does not win against one that did", () => {
  expect(winnerOf([result("A", 0, 0), result("B", 10, 1)])).toBe("B");
});
