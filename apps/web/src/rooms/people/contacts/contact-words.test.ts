import type { CategoryConsent } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { nameOf, valueWords, verdictWords } from "./contact-words.ts";

const person = (known: { name?: string; phone?: string; email?: string; identity?: string }) => ({ name: null, phone: null, email: null, identity: null, ...known });
const consent = (known: Partial<CategoryConsent>): CategoryConsent => ({ verdict: "allowed", state: null, source: null, at: null, proof: null, ...known });

describe("what a person is called", () => {
  it("is the name where there is one", () => expect(nameOf(person({ name: "Ada", phone: "+15550100123" }))).toBe("Ada"));
  it("is the number of a stranger who wrote", () => expect(nameOf(person({ phone: "+15550100123" }))).toBe("+1 555 010 0123"));
  it("is whatever else is known", () => expect([nameOf(person({ email: "a@example.com" })), nameOf(person({ identity: "c-7" }))]).toEqual(["a@example.com", "c-7"]));
});

describe("why somebody may or may not be written to", () => {
  it("names who said yes", () => {
    expect(verdictWords(consent({ state: "in", source: "csv" }))).toEqual({ may: true, answer: "yes, they agreed by a CSV import" });
  });
  it("names how they opted out", () => {
    expect(verdictWords(consent({ verdict: "optedOut", state: "out", source: "keyword" })).answer).toBe("no, because they opted out by a word they wrote");
  });
  it("tells not agreed from do-not-disturb", () => {
    expect([verdictWords(consent({ verdict: "notOptedIn" })).answer, verdictWords(consent({ verdict: "doNotDisturb" })).answer]).toEqual([
      "no, because they have not agreed",
      "no, because their number is on do-not-disturb",
    ]);
  });
});

describe("a property's value in words", () => {
  it("says yes and no", () => expect([valueWords(true), valueWords(false)]).toEqual(["Yes", "No"]));
  it("joins a list", () => expect(valueWords(["red", "blue"])).toBe("red, blue"));
  it("shows a day without a time", () => expect(valueWords("2026-11-22T00:00:00.000Z", true)).not.toContain(":"));
  it("leaves a text alone that only looks like a date", () => expect(valueWords("2026-11-22T00:00:00.000Z")).toBe("2026-11-22T00:00:00.000Z"));
});
