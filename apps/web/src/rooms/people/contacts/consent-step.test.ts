import type { CategoryConsent, ContactConsent } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { stepBack } from "./consent-step.ts";

const nothing: CategoryConsent = { verdict: "notOptedIn", state: null, source: null, at: null, proof: null };
const consent = (marketing: Partial<CategoryConsent> = {}, msgWhatsapp = false): ContactConsent => ({
  msgWhatsapp,
  dndWhatsapp: false,
  categories: { marketing: { ...nothing, ...marketing }, utility: nothing, authentication: nothing },
});

describe("taking a change of consent back", () => {
  it("lifts do not disturb again", () => expect(stepBack({ scope: "doNotDisturb", state: "out" }, consent())).toEqual({ scope: "doNotDisturb", state: "in" }));
  it("says the opposite about a category", () => {
    expect(stepBack({ scope: "marketing", state: "out" }, consent({ state: "in", source: "csv" }))).toEqual({ scope: "marketing", state: "in" });
  });
  it("lets the person be sent what the whole allowed before", () => {
    expect(stepBack({ scope: "utility", state: "out" }, consent({}, true))).toEqual({ scope: "utility", state: "in" });
  });
  it("is not offered for what was so before", () => expect(stepBack({ scope: "utility", state: "in" }, consent({}, true))).toBeUndefined());
  it("is not offered when the person's own word would be lost", () => {
    expect(stepBack({ scope: "marketing", state: "in" }, consent({ state: "out", source: "keyword" }))).toBeUndefined();
  });
  it("is not offered when a word about everything forgot one about a category", () => {
    expect(stepBack({ scope: "all", state: "in" }, consent({ state: "out", source: "dashboard" }))).toBeUndefined();
  });
});
