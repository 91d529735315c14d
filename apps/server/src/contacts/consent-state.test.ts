import type { ConsentCategory, ConsentSource, ConsentState } from "@tincan/api";
import { ConsentSource as Sources } from "@tincan/api";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { setConsent } from "./consent.ts";
import { CATEGORIES, hear, mergeConsent, nothingSaid, verdictOf, type PersonConsent } from "./consent-state.ts";
import { mayReceive } from "./may-receive.ts";
import { newPhone, newWorkspace, openPeopleWorld, upsert, type PeopleWorld } from "./test-builders.ts";

const at = (minute: number): Date => new Date(Date.UTC(2026, 0, 1, 0, minute));
const verdict = (consent: PersonConsent, category: ConsentCategory, dnd = false) => verdictOf({ msgWhatsapp: consent.msgWhatsapp, state: consent.categories[category]?.state ?? null, dnd });
const own: ConsentSource[] = ["keyword", "button", "whatsapp"];
const deliberate: ConsentSource[] = ["dashboard", "api", "subscribe"];
const bulk: ConsentSource[] = ["upload", "csv", "demo"];

const word = fc.record({
  scope: fc.constantFrom<ConsentCategory | "all">("all", ...CATEGORIES),
  state: fc.constantFrom<ConsentState>("in", "out"),
  source: fc.constantFrom(...Sources.enum),
  minute: fc.integer({ min: 0, max: 20 }),
});
type Word = typeof word extends fc.Arbitrary<infer T> ? T : never;

function said(words: readonly Word[]): PersonConsent {
  const consent = nothingSaid();
  for (const { scope, state, source, minute } of words) hear(consent, scope, { state, source, at: at(minute) });
  return consent;
}

describe("CleverTap's truth table", () => {
  let world: PeopleWorld;
  beforeAll(async () => {
    world = await openPeopleWorld();
  });
  afterAll(() => world.database.drop());

  const rows: [boolean | undefined, boolean | undefined, boolean][] = [
    [true, true, false], [true, false, true], [true, undefined, true],
    [false, true, false], [false, false, false], [false, undefined, false],
    [undefined, true, false], [undefined, false, false], [undefined, undefined, false],
  ];
  test.each(rows)("MSG-whatsapp %s and MSG-dndWhatsApp %s: reachable %s", async (flag, dnd, reachable) => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    await upsert(world.db, ws, [{ phone, ...(flag !== undefined && { consent: { all: flag ? ("in" as const) : ("out" as const) } }), ...(dnd !== undefined && { doNotDisturb: dnd }) }], { source: "upload" });
    for (const category of CATEGORIES) {
      const [permit] = await mayReceive(world.db, ws, [phone], category);
      expect(permit!.verdict === "allowed").toBe(reachable);
    }
  });

  test("do not disturb stays with the number when it gets another owner", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    await upsert(world.db, ws, [{ identity: "a", phone, doNotDisturb: true }]);
    await upsert(world.db, ws, [{ identity: "a", phone: null }]);
    await upsert(world.db, ws, [{ identity: "b", phone, consent: { all: "in" } }]);
    expect(await mayReceive(world.db, ws, [phone], "utility")).toMatchObject([{ verdict: "doNotDisturb" }]);
  });

  test("a yes dated in the future is said now: the stop that follows it counts", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    const { ids } = await upsert(world.db, ws, [{ phone, consent: { all: "in", at: new Date("2100-01-01") } }], { source: "upload" });
    const [stop] = await world.db.transaction().execute((tx) => setConsent(tx, ws, [{ contactId: ids[0]!, scope: "all", state: "out", source: "keyword", at: new Date() }]));
    expect(stop).toMatchObject({ outcome: "applied" });
    expect(await mayReceive(world.db, ws, [phone], "marketing")).toMatchObject([{ verdict: "optedOut" }]);
  });

  test("numbers are answered in the order asked, known or not", async () => {
    const ws = await newWorkspace(world.db);
    const [a, b, c] = [newPhone(), newPhone(), newPhone()];
    await upsert(world.db, ws, [{ phone: c, consent: { marketing: "in" } }, { phone: a, consent: { all: "in", marketing: "out" } }]);
    expect((await mayReceive(world.db, ws, [a, b, c, a], "marketing")).map((p) => p.verdict)).toEqual(["optedOut", "unknownPerson", "allowed", "optedOut"]);
    expect((await mayReceive(world.db, ws, [a, b, c], "utility")).map((p) => p.verdict)).toEqual(["allowed", "unknownPerson", "notOptedIn"]);
  });
});

test("whatever was said, nobody who never said yes may get anything", () => {
  fc.assert(
    fc.property(fc.array(word.map((each) => ({ ...each, state: "out" as const })), { maxLength: 12 }), (words) => {
      for (const category of CATEGORIES) expect(verdict(said(words), category)).not.toBe("allowed");
    }),
  );
});

test("do not disturb outweighs every yes", () => {
  fc.assert(fc.property(fc.array(word, { maxLength: 12 }), (words) => CATEGORIES.every((category) => verdict(said(words), category, true) === "doNotDisturb")));
});

test("the person's own stop, or a deliberate one, counts at once, whatever was said before it", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 12 }), fc.constantFrom<ConsentCategory | "all">("all", ...CATEGORIES), fc.constantFrom(...own, ...deliberate), (words, scope, source) => {
      const consent = said(words);
      hear(consent, scope, { state: "out", source, at: at(30) });
      for (const category of scope === "all" ? CATEGORIES : [scope]) expect(verdict(consent, category)).not.toBe("allowed");
    }),
  );
});

test("no number of uploads and files undoes a person's own stop; they themselves, or somebody on purpose, can", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), fc.array(fc.record({ scope: word.map((w) => w.scope), source: fc.constantFrom(...bulk) }), { maxLength: 8 }), fc.constantFrom(...own), fc.constantFrom(...own, ...deliberate), (before, uploads, stop, lift) => {
      const consent = said(before);
      hear(consent, "all", { state: "out", source: stop, at: at(30) });
      for (const [i, { scope, source }] of uploads.entries()) hear(consent, scope, { state: "in", source, at: at(31 + i) });
      for (const category of CATEGORIES) expect(verdict(consent, category)).not.toBe("allowed");
      hear(consent, "all", { state: "in", source: lift, at: at(60) });
      for (const category of CATEGORIES) expect(verdict(consent, category)).toBe("allowed");
    }),
  );
});

test("an older word changes nothing about what a newer one said", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 8 }), word, (words, late) => {
      const consent = said(words);
      hear(consent, "all", { state: "in", source: "dashboard", at: at(40) });
      const before = structuredClone(consent);
      expect(hear(consent, late.scope, { ...late, at: at(late.minute) })).toBe("outdated");
      expect(consent).toEqual(before);
    }),
  );
});

describe("within one second, of which WhatsApp tells no parts", () => {
  const wholeSecond = at(30);
  const moment = (ms: number): Date => new Date(wholeSecond.getTime() + ms);
  const momentary = fc.record({ scope: word.map((w) => w.scope), state: word.map((w) => w.state), source: word.map((w) => w.source), ms: fc.integer({ min: -2000, max: 999 }) });

  test("a person's stop counts, whatever was said before it came", () => {
    fc.assert(
      fc.property(fc.array(momentary, { maxLength: 12 }), fc.constantFrom<ConsentCategory | "all">("all", ...CATEGORIES), fc.constantFrom(...own), (words, scope, source) => {
        const consent = nothingSaid();
        for (const { ms, ...each } of words) hear(consent, each.scope, { ...each, at: moment(ms) });
        hear(consent, scope, { state: "out", source, at: wholeSecond });
        for (const category of scope === "all" ? CATEGORIES : [scope]) expect(verdict(consent, category)).not.toBe("allowed");
      }),
    );
  });

  test("of what the person says themselves, what came last counts", () => {
    fc.assert(
      fc.property(fc.array(momentary, { maxLength: 6 }), fc.array(fc.constantFrom<ConsentState>("in", "out"), { minLength: 1, maxLength: 6 }), fc.constantFrom(...own), (before, states, source) => {
        const consent = nothingSaid();
        for (const { ms, ...each } of before) hear(consent, each.scope, { ...each, at: moment(ms) });
        for (const state of ["out" as const, ...states]) hear(consent, "all", { state, source, at: wholeSecond });
        for (const category of CATEGORIES) expect(verdict(consent, category) === "allowed").toBe(states.at(-1) === "in");
      }),
    );
  });

  test("a STOP is heard after an opt-in in the dashboard a moment into its second, and the opt-in told again does not undo it", () => {
    const consent = nothingSaid();
    hear(consent, "all", { state: "in", source: "dashboard", at: moment(400) });
    expect(hear(consent, "all", { state: "out", source: "keyword", at: wholeSecond })).toBe("applied");
    expect(hear(consent, "all", { state: "in", source: "api", at: moment(400) })).toBe("outdated");
    expect(verdict(consent, "marketing")).toBe("optedOut");
  });

  test("a STOP of the second before an opt-in is the older word", () => {
    const consent = nothingSaid();
    hear(consent, "all", { state: "in", source: "dashboard", at: moment(1000) });
    expect(hear(consent, "all", { state: "out", source: "keyword", at: wholeSecond })).toBe("outdated");
    expect(verdict(consent, "marketing")).toBe("allowed");
  });

  test("a START does not undo what somebody else stopped a moment into its second", () => {
    const consent = nothingSaid();
    hear(consent, "marketing", { state: "out", source: "dashboard", at: moment(400) });
    expect(hear(consent, "all", { state: "in", source: "keyword", at: wholeSecond })).toBe("applied");
    expect(CATEGORIES.map((category) => verdict(consent, category))).toEqual(["optedOut", "allowed", "allowed"]);
  });

  test("of two people who are one, the stop counts", () => {
    const [stopped, agreed] = [nothingSaid(), nothingSaid()];
    hear(stopped, "all", { state: "out", source: "keyword", at: wholeSecond });
    hear(agreed, "all", { state: "in", source: "dashboard", at: moment(400) });
    for (const merged of [mergeConsent(stopped, agreed), mergeConsent(agreed, stopped)]) for (const category of CATEGORIES) expect(verdict(merged, category)).not.toBe("allowed");
  });
});

test("a word that is not applied changes nobody's mind, and one repeated is not applied again", () => {
  fc.assert(
    fc.property(fc.array(word, { maxLength: 10 }), word, (words, next) => {
      const consent = said(words);
      const verdicts = () => CATEGORIES.map((category) => verdict(consent, category));
      const before = verdicts();
      const told = { state: next.state, source: next.source, at: at(25) };
      if (hear(consent, next.scope, told) !== "applied") expect(verdicts()).toEqual(before);
      expect(hear(consent, next.scope, told)).not.toBe("applied");
    }),
  );
});

test("of two people who are one, a stop by their own word survives a bulk yes, in either order", () => {
  const stopped = said([{ scope: "all", state: "out", source: "keyword", minute: 1 }]);
  const uploaded = said([{ scope: "marketing", state: "in", source: "csv", minute: 5 }]);
  for (const merged of [mergeConsent(stopped, uploaded), mergeConsent(uploaded, stopped)]) expect(verdict(merged, "marketing")).toBe("optedOut");
});
