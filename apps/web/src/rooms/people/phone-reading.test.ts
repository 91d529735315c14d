import { describe, expect, it } from "vitest";
import { countryChoice, readPhone } from "./phone-reading.ts";

const e164 = (text: string, country = "") => {
  const reading = readPhone(text, country);
  return "e164" in reading ? reading.e164 : reading.problem;
};

describe("reading a phone number as it is typed", () => {
  it("takes spaces, brackets and dashes", () => expect(e164("+1 (555) 010-0123")).toBe("+15550100123"));
  it("takes 00 for +", () => expect(e164("0091 98765 43210")).toBe("+919876543210"));
  it("puts a number without a country into the default one, without its trunk zero", () => expect(e164("0170 1234567", "DE")).toBe("+491701234567"));
  it("keeps a number's own country whatever the default", () => expect(e164("+919876543210", "DE")).toBe("+919876543210"));
  it("asks for a country when there is none", () => expect(e164("98765 43210")).toContain("choose a country"));
  it("names the country a number is too short for", () => expect(e164("+49 30")).toBe("+49 30 has too few or too many digits for Germany"));
  it("knows that words are no number", () => expect(e164("call me", "US")).toBe("A phone number has digits"));
});

it("countries are offered by name with their calling code", () => {
  const choice = countryChoice();
  expect(choice.find(({ value }) => value === "IN")?.label).toBe("India (+91)");
  expect(choice.length).toBeGreaterThan(200);
});
