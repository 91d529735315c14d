import { describe, expect, it } from "vitest";
import { tierWords } from "./provider-words.ts";

describe("messaging limits in words", () => {
  it("counts people", () => expect([tierWords("TIER_250"), tierWords("TIER_100K")]).toEqual(["250 people in 24 hours", "100,000 people in 24 hours"]));
  it("knows the highest tier", () => expect(tierWords("TIER_UNLIMITED")).toBe("No limit"));
  it("shows a tier it does not know as Meta calls it", () => expect(tierWords("TIER_X")).toBe("TIER_X"));
});
