import { describe, expect, it } from "vitest";
import { archiveEffects, callbackErrors, confirmedRemoval, linkParts, removalEffects, tierWords } from "./provider-words.ts";

const uses = (changes = {}) => ({ deployments: [], campaigns: [], templates: 0, waiting: 0, underWay: 0, ...changes });

describe("messaging limits in words", () => {
  it("counts people", () => expect([tierWords("TIER_250"), tierWords("TIER_100K")]).toEqual(["250 people in 24 hours", "100,000 people in 24 hours"]));
  it("knows the highest tier", () => expect(tierWords("TIER_UNLIMITED")).toBe("No limit"));
  it("shows a tier it does not know as Meta calls it", () => expect(tierWords("TIER_X")).toBe("TIER_X"));
});

describe("the callbacks of a day in words", () => {
  it("says when none came", () => expect(callbackErrors({ received: 0, refused: 0, errorRate: 0 })).toBe("No callback came"));
  it("counts them", () => expect(callbackErrors({ received: 1200, refused: 0, errorRate: 0 })).toBe("1,200 callbacks came, none refused"));
  it("gives the share of refused ones", () => expect(callbackErrors({ received: 400, refused: 3, errorRate: 0.0075 })).toBe("400 callbacks came, 3 refused (0.8%)"));
});

describe("what archiving and deleting do", () => {
  it("names each deployment", () => {
    const used = uses({ deployments: [{ id: "1", name: "CleverTap" }] });
    expect(archiveEffects(used)).toContain("The deployment “CleverTap” cannot send meanwhile.");
    expect(removalEffects(used)).toContain("The deployment “CleverTap” is deleted with it; its platform can no longer send.");
  });
  it("counts what waits and the templates", () =>
    expect(removalEffects(uses({ waiting: 1200, templates: 1 })).slice(0, 2)).toEqual(["1,200 messages in its queue fail.", "Its 1 template is removed from Tincan."]));
  it("is confirmed for what was shown: a deployment or a campaign that uses it", () =>
    expect([uses({ campaigns: [{ id: "1", name: "Spring" }] }), uses({ deployments: [{ id: "1", name: "CleverTap" }] }), uses({ waiting: 3 }), undefined].map(confirmedRemoval)).toEqual([{ confirm: "cascade" }, { confirm: "cascade" }, {}, {}]));
  it("says nothing before it is known", () => expect(removalEffects(undefined)).toEqual([]));
});

describe("links of the server", () => {
  it("become the router's parts", () =>
    expect(linkParts("/templates?provider=p1#new")).toEqual({ to: "/templates", search: { provider: "p1" }, hash: "new" }));
  it("may be a path alone", () => expect(linkParts("/channels/whatsapp/p1")).toEqual({ to: "/channels/whatsapp/p1" }));
});
