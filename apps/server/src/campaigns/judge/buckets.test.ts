import type { Content } from "@tincan/api";
import { expect, test } from "vitest";
import { uuidv7 } from "../../database/uuid.ts";
import { isControl, isInTest, placeOf, variantByShare, variantByValue } from "./buckets.ts";

const campaign = "01990000-0000-7000-8000-000000000001";
const people = Array.from({ length: 20_000 }, () => uuidv7());
const share = (passes: (id: string) => boolean): number => (people.filter(passes).length / people.length) * 100;

test("shares are kept within one percent of the audience", () => {
  expect(Math.abs(share((id) => isControl(campaign, id, 10)) - 10)).toBeLessThan(1);
  expect(Math.abs(share((id) => isInTest(campaign, id, 25)) - 25)).toBeLessThan(1);
  const variants = [{ key: "A", share: 50 }, { key: "B", share: 30 }, { key: "C", share: 20 }];
  for (const { key, share: wanted } of variants) expect(Math.abs(share((id) => variantByShare(campaign, id, variants) === key) - wanted)).toBeLessThan(1);
});

test("a place is the same each time it is asked for, and another in another campaign", () => {
  expect(people.every((id) => placeOf(campaign, "control", id) === placeOf(campaign, "control", id))).toBe(true);
  const other = "01990000-0000-7000-8000-000000000002";
  expect(Math.abs(share((id) => isControl(campaign, id, 50) && isControl(other, id, 50)) - 25)).toBeLessThan(1.5);
});

test("the draws of one campaign are independent of each other", () => {
  expect(Math.abs(share((id) => isControl(campaign, id, 50) && isInTest(campaign, id, 50)) - 25)).toBeLessThan(1.5);
  const variants = [{ key: "A", share: 50 }, { key: "B", share: 50 }];
  expect(Math.abs(share((id) => isInTest(campaign, id, 50) && variantByShare(campaign, id, variants) === "A") - 25)).toBeLessThan(1.5);
});

test("nobody is in a control group of none, and a larger one holds the smaller", () => {
  expect(share((id) => isControl(campaign, id, 0))).toBe(0);
  expect(people.every((id) => !isControl(campaign, id, 5) || isControl(campaign, id, 20))).toBe(true);
});

test("variants without shares share alike", () => {
  expect(Math.abs(share((id) => variantByShare(campaign, id, [{ key: "A" }, { key: "B" }]) === "A") - 50)).toBeLessThan(1.5);
});

test("a split goes by the property's value, else by the default", () => {
  const template = { name: "x", language: "en" };
  const split = { mode: "split", property: "City", variants: [{ key: "pune", equals: "Pune", template, values: {} }, { key: "two", equals: "2", template, values: {} }] } satisfies Content;
  expect(variantByValue(split, " PUNE ")).toBe("pune");
  expect(variantByValue(split, 2)).toBe("two");
  expect(variantByValue(split, "Delhi")).toBeNull();
  expect(variantByValue(split, undefined)).toBeNull();
  expect(variantByValue({ ...split, variants: [...split.variants, { key: "rest", template, values: {} }] }, null)).toBe("rest");
});
