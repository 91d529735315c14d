import { describe, expect, it } from "vitest";
import { daysOf } from "./days.ts";

const noon = new Date(2026, 10, 22, 12).getTime();
const hoursAgo = (hours: number) => ({ at: new Date(noon - hours * 3_600_000).toISOString() });

describe("a timeline's days", () => {
  it("calls the last two today and yesterday, in the viewer's zone", () => {
    expect(daysOf([hoursAgo(1), hoursAgo(11), hoursAgo(13), hoursAgo(30)], noon).map(({ label, items }) => [label, items.length])).toEqual([["Today", 2], ["Yesterday", 2]]);
  });
  it("names an older day in full", () => expect(daysOf([hoursAgo(72)], noon)[0]?.label).toContain("2026"));
  it("has no day without anything", () => expect(daysOf([], noon)).toEqual([]));
});
