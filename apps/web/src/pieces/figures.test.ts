import { expect, test } from "vitest";
import { amount, compact, costWords, difference, money, percent, shareOf } from "./figures.ts";

test("a share is written with one digit at most, and a dash stands for a share of nothing", () => {
  expect([percent(0.8734), percent(1), percent(0), percent(shareOf(3, 0))]).toEqual(["87.3%", "100%", "0%", "–"]);
});

test("a count that has little room is short", () => {
  expect([compact(0), compact(950), compact(350_000), compact(1_400_000)]).toEqual(["0", "950", "350K", "1.4M"]);
});

test("a difference says its direction", () => {
  expect([difference(0.125), difference(-0.03), difference(null)]).toEqual(["+12.5%", "−3%", "–"]);
});

test("revenue has cents only where there are some", () => {
  expect([amount(1204), amount(10.5)]).toEqual(["1,204", "10.50"]);
});

test("a small price keeps its digits", () => {
  expect(money(0.0107, "USD")).toBe("$0.0107");
  expect(money(12.5, "USD")).toBe("$12.50");
});

test("a cost says for how many messages there is no price", () => {
  expect(costWords({ currency: "USD", amount: 3, messages: 5, withoutPrice: 2 })).toEqual({ value: "$3.00", note: "2 without a price" });
  expect(costWords({ currency: "USD", amount: null, messages: 5, withoutPrice: 5 })).toEqual({ value: "–", note: "5 without a price" });
});
