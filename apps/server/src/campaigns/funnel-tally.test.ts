import { expect, test } from "vitest";
import { FunnelTally, type FunnelLimits } from "./funnel-tally.ts";
import { template } from "./judge/test-run.ts";
import { compileContent } from "./personalise/content.ts";
import type { Candidate, Verdict } from "./types.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const none: FunnelLimits = { refusal: null, target: null, targetIsDaily: false, tier: null, coupons: null };
const SEND: Verdict = { kind: "send", variant: "A", leaveBy: null };
const WAIT: Verdict = { kind: "wait", variant: "A", dueAt: NOW };

/** 100 people of an audience of 1,000 were looked at. */
function lookedAt(verdictOf: (i: number) => Verdict, text = "{{ profile.name }}") {
  const content = compileContent({
    template, values: { body: [{ text }, { text: "42" }] }, customProps: {}, timeZone: "UTC", origins: { publicUrl: "https://tincan.example", domain: null }, track: false, utm: null,
  });
  const variants = new Map([["A", { ...content, key: "A", template, category: template.category }]]);
  const tally = new FunnelTally(false);
  for (let i = 0; i < 100; i++) {
    const candidate: Candidate = { contactId: `c${i}`, phone: `+1555${String(i).padStart(7, "0")}`, profile: { name: `Person ${i}` }, timeZone: null };
    tally.add(variants, candidate, verdictOf(i), NOW);
  }
  return (limits: Partial<FunnelLimits>) => {
    const { willBeSent, later, losses, variants: [variant], planned } = tally.result(1_000, { ...none, ...limits });
    return { reached: [willBeSent, later], losses: losses.map(({ reason, people }) => `${reason} ${people}`), variant: variant?.people, messages: planned[0]?.messages };
  };
}

test("numbers are scaled from those who were looked at to everybody", () => {
  const lost: Verdict = { kind: "lost", reason: "notOptedIn" };
  const result = lookedAt((i) => (i < 20 ? lost : i < 50 ? WAIT : SEND));
  expect(result({})).toEqual({ reached: [500, 300], losses: ["notOptedIn 200"], variant: 800, messages: 800 });
});

test("a target cap is of all people, however few of them were looked at", () => {
  expect(lookedAt(() => SEND)({ target: 300 })).toEqual({ reached: [300, 0], losses: ["targetCap 700"], variant: 300, messages: 300 });
});

test("a target cap leaves out who would wait before who would get it at once; one for each day lets them wait for another", () => {
  const result = lookedAt((i) => (i < 50 ? WAIT : SEND));
  expect(result({ target: 600 }).reached).toEqual([500, 100]);
  expect(result({ target: 400 }).reached).toEqual([400, 0]);
  expect(result({ target: 400, targetIsDaily: true }).reached).toEqual([400, 500]);
});

test("codes run out after as many people as there are codes", () => {
  expect(lookedAt(() => SEND, "{{ coupon }}")({ coupons: 250 })).toMatchObject({ reached: [250, 0], losses: ["noCoupon 750"] });
});

test("who is beyond the number's limit waits for the next days, or is left out", () => {
  const result = lookedAt(() => SEND);
  expect(result({ tier: { room: 250, goesOn: true } })).toMatchObject({ reached: [250, 750], losses: [], variant: 1_000 });
  expect(result({ tier: { room: 250, goesOn: false } })).toMatchObject({ reached: [250, 0], losses: ["outsideTier 750"], variant: 250 });
});

test("the people behind what a limit leaves out are those who come last", () => {
  const tally = new FunnelTally(false);
  for (let i = 0; i < 300; i++) tally.add(new Map(), { contactId: `c${i}`, phone: null, profile: {}, timeZone: null }, SEND, NOW);
  const { losses } = tally.result(300, { ...none, target: 298 });
  expect(losses).toMatchObject([{ reason: "targetCap", people: 2, behind: [{ contactId: "c298", reason: "targetCap" }, { contactId: "c299" }] }]);
});
