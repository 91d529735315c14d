import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { newWorkspace, openPeopleWorld, type PeopleWorld } from "../../contacts/test-builders.ts";
import type { Database } from "../../database/connection.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { accept } from "../../ledger/accept.ts";
import { recordMarketingChoices } from "../../ledger/permissions-to-send.ts";
import { message, type Place } from "../../ledger/test-builders.ts";
import type { NewMessage } from "../../ledger/types.ts";
import { addCounts } from "../reactions/add-counts.ts";
import type { RunContext } from "../run-context.ts";
import type { Candidate, Verdict } from "../types.ts";
import { judgeBatch } from "./judge.ts";
import { makeRun, people, template, variant } from "./test-run.ts";
import { limitOf } from "./tier.ts";

let world: PeopleWorld;
let db: Database;
let place: Place;
const minute = 60_000;
const now = new Date();
const ago = (minutes: number): Date => new Date(now.getTime() - minutes * minute);

beforeAll(async () => {
  world = await openPeopleWorld();
  ({ db, place } = world);
});
afterAll(() => world.database.drop());

/** Another empty workspace with the same provider's id. */
const elsewhere = async (): Promise<Place> => ({ ...place, workspaceId: await newWorkspace(db) });
const judge = (context: RunContext, candidates: Candidate[], at = now): Promise<Verdict[]> => db.transaction().execute((tx) => judgeBatch(tx, context, candidates, at));
const words = (verdicts: Verdict[]): string[] => verdicts.map((verdict) => (verdict.kind === "lost" ? verdict.reason : verdict.kind === "wait" ? verdict.dueAt.toISOString() : verdict.kind === "send" ? verdict.variant : verdict.kind));
const judged = async (context: RunContext, candidates: Candidate[], at = now): Promise<string[]> => words(await judge(context, candidates, at));
const sent = (at: Place, to: Candidate, change: Partial<NewMessage> = {}, when = now): Promise<unknown> =>
  db.transaction().execute((tx) => accept(tx, at.workspaceId, [message(at, { id: uuidv7(when.getTime()), originKind: "campaign", originId: uuidv7(), recipient: to.phone!, ...change })], [], when));
const settings = (at: Place, { cap = null, dwell = null, quiet = null }: { cap?: object | null; dwell?: number | null; quiet?: object | null }): Promise<unknown> =>
  sql`insert into campaign_settings (workspace_id, frequency_cap, dwell_minutes, quiet_hours) values (${at.workspaceId}, ${cap && JSON.stringify(cap)}, ${dwell}, ${quiet && JSON.stringify(quiet)})`.execute(db);

test("whoever opted in and has a number gets a message", async () => {
  expect(await judged(await makeRun(db, place), await people(db, place.workspaceId, [{ name: "Ravi" }]))).toEqual(["A"]);
});

test("people without a number, or with one that cannot be, are named", async () => {
  const [someone] = await people(db, place.workspaceId, [{}]);
  expect(await judged(await makeRun(db, place), [{ ...someone!, phone: null }, { ...someone!, phone: "+15" }])).toEqual(["noNumber", "invalidNumber"]);
});

test("consent is asked for the template's category", async () => {
  const candidates = await people(db, place.workspaceId, [
    { consent: { all: "out" } }, { consent: {} }, { consent: { all: "in", marketing: "out" } }, { consent: { utility: "in" } }, { doNotDisturb: true },
  ]);
  expect(await judged(await makeRun(db, place), candidates)).toEqual(["notOptedIn", "notOptedIn", "optedOut", "notOptedIn", "doNotDisturb"]);
  const utility = await makeRun(db, place, { templates: { "order_ready en": { ...template, category: "utility" } } });
  expect(await judged(utility, candidates)).toEqual(["notOptedIn", "notOptedIn", "A", "A", "doNotDisturb"]);
});

test("who stopped a provider's marketing at WhatsApp gets none from it", async () => {
  const candidates = await people(db, place.workspaceId, [{}, {}]);
  await db.transaction().execute((tx) => recordMarketingChoices(tx, place.workspaceId, place.providerId, [{ phone: candidates[0]!.phone!, stopped: true, source: "whatsapp", at: now }]));
  expect(await judged(await makeRun(db, place), candidates)).toEqual(["optedOut", "A"]);
});

test("a person who is gone, or whose number is somebody else's now, is left out", async () => {
  const [one, two] = await people(db, place.workspaceId, [{}, {}]);
  expect(await judged(await makeRun(db, place), [{ ...one!, contactId: uuidv7() }, { ...one!, contactId: two!.contactId }])).toEqual(["removed", "removed"]);
});

test("a number that had this run's message gets no second one", async () => {
  const context = await makeRun(db, place);
  const candidates = await people(db, place.workspaceId, [{}, {}]);
  await sent(place, candidates[0]!, { originId: context.cells.get("A")! }, new Date());
  expect(await judged(context, candidates)).toEqual(["duplicateNumber", "A"]);
});

test("whoever is tried again may have it a second time", async () => {
  const context = await makeRun(db, place);
  const [someone] = await people(db, place.workspaceId, [{}]);
  await sent(place, someone!, { originId: context.cells.get("A")! }, new Date());
  expect(await judged(context, [{ ...someone!, waiting: { id: uuidv7(), attempt: 2, cellId: context.cells.get("A")!, event: null } }])).toEqual(["A"]);
});

test("no more than so many messages of campaigns and journeys in so many days", async () => {
  const at = await elsewhere();
  await settings(at, { cap: { messages: 2, days: 1 } });
  const candidates = await people(db, at.workspaceId, [{}, {}, {}, {}]);
  for (const when of [ago(60), ago(120)]) await sent(at, candidates[0]!, { originKind: when === ago(60) ? "journey" : "campaign" }, when);
  for (const when of [ago(60), ago(60 * 25)]) await sent(at, candidates[1]!, {}, when);
  for (const when of [ago(60), ago(61)]) await sent(at, candidates[2]!, { originKind: "test" }, when);
  for (const when of [ago(60), ago(61)]) await sent(at, candidates[3]!, { refusal: { source: "tincan", code: 1, title: "No" } }, when);
  expect(await judged(await makeRun(db, at), candidates)).toEqual(["frequencyCap", "A", "A", "A"]);
  expect(await judged(await makeRun(db, at, { pace: { frequencyCap: "ignore" } }), candidates)).toEqual(["A", "A", "A", "A"]);
});

test("a while must pass between two messages to one person", async () => {
  const at = await elsewhere();
  await settings(at, { dwell: 30 });
  const candidates = await people(db, at.workspaceId, [{}, {}]);
  await sent(at, candidates[0]!, {}, ago(29));
  await sent(at, candidates[1]!, {}, ago(31));
  expect(await judged(await makeRun(db, at), candidates)).toEqual(["frequencyCap", "A"]);
});

test("a campaign's own gap counts its earlier runs, not other campaigns", async () => {
  const campaignId = uuidv7();
  const first = await makeRun(db, place, {}, { campaign_id: campaignId, number: 1 });
  const candidates = await people(db, place.workspaceId, [{}, {}, {}]);
  await sent(place, candidates[0]!, { originId: first.cells.get("A")! }, ago(59));
  await sent(place, candidates[1]!, { originId: first.cells.get("A")! }, ago(61));
  await sent(place, candidates[2]!, {}, ago(1));
  const second = await makeRun(db, place, { pace: { gap: 60 } }, { campaign_id: campaignId, number: 2 });
  expect(await judged(second, candidates)).toEqual(["campaignGap", "A", "A"]);
});

test("the control group is a share of those who could be reached, the same ones in each run", async () => {
  const campaignId = uuidv7();
  const candidates = await people(db, place.workspaceId, [...Array.from({ length: 300 }, () => ({})), ...Array.from({ length: 20 }, () => ({ consent: { all: "out" as const } }))]);
  const first = await judged(await makeRun(db, place, { controlShare: 20 }, { campaign_id: campaignId, number: 1 }), candidates);
  const second = await judged(await makeRun(db, place, { controlShare: 20 }, { campaign_id: campaignId, number: 2 }), candidates);
  expect(second).toEqual(first);
  const held = first.filter((word) => word === "controlGroup").length;
  expect(held).toBeGreaterThan(30);
  expect(held).toBeLessThan(90);
  expect(first.slice(300)).toEqual(Array.from({ length: 20 }, () => "notOptedIn"));
});

const ab = { mode: "ab" as const, variants: [variant("A", { share: 50 }), variant("B", { share: 50 })], test: { share: 30, winnerBy: "read" as const, decideAfter: 60 } };

test("a test goes to its share, and the others are held until there is a winner", async () => {
  const candidates = await people(db, place.workspaceId, Array.from({ length: 200 }, () => ({})));
  const context = await makeRun(db, place, { content: ab });
  const before = await judged(context, candidates);
  expect(new Set(before)).toEqual(new Set(["A", "B", "held"]));
  const held = before.filter((word) => word === "held").length;
  expect(held).toBeGreaterThan(110);
  expect(held).toBeLessThan(170);
  context.run = { ...context.run, winner: "B" };
  const after = await judged(context, candidates);
  expect(after.filter((_, i) => before[i] === "held").every((word) => word === "B")).toBe(true);
  expect(after.filter((_, i) => before[i] !== "held")).toEqual(before.filter((word) => word !== "held"));
});

test("a live campaign holds nobody, and goes on with the winner", async () => {
  const candidates = await people(db, place.workspaceId, Array.from({ length: 50 }, () => ({})));
  const context = await makeRun(db, place, { content: ab, schedule: { kind: "event", trigger: { event: "Order placed" } } });
  expect(new Set(await judged(context, candidates))).toEqual(new Set(["A", "B"]));
  context.run = { ...context.run, winner: "A" };
  expect(new Set(await judged(context, candidates))).toEqual(new Set(["A"]));
});

test("a split goes by a property, and without a default leaves the others out", async () => {
  const candidates = await people(db, place.workspaceId, [{ properties: { City: "Pune" } }, { properties: { City: "Delhi" } }, {}]);
  const split = { mode: "split" as const, property: "City", variants: [variant("pune", { equals: "pune" }), variant("rest")] };
  expect(await judged(await makeRun(db, place, { content: split }), candidates)).toEqual(["pune", "rest", "rest"]);
  expect(await judged(await makeRun(db, place, { content: { ...split, variants: [split.variants[0]!] } }), candidates)).toEqual(["pune", "notMatching", "notMatching"]);
});

test("a time of day comes in each person's own zone; unknown ones go by the workspace's", async () => {
  const due = new Date("2026-11-22T04:30:00Z");
  const candidates = await people(db, place.workspaceId, [{ timeZone: "Asia/Kolkata" }, { timeZone: "Europe/London" }, { timeZone: "Asia/Tokyo" }, {}]);
  const context = await makeRun(db, place, { timing: { kind: "zone", time: "10:00", ifPassed: "drop" } }, { due_at: due });
  expect(await judged(context, candidates, new Date(due.getTime() + 20_000))).toEqual(["A", "2026-11-22T10:00:00.000Z", "localTimePassed", "2026-11-22T10:00:00.000Z"]);
  const waited = { ...candidates[1]!, waiting: { id: uuidv7(), attempt: 1, cellId: null, event: null } };
  expect(await judged(context, [waited], new Date("2026-11-22T10:00:03Z"))).toEqual(["A"]);
});

test("of a run that began long after it was due, a time of day counts from its beginning; being slow afterwards changes nothing", async () => {
  const due = new Date("2026-11-22T04:30:00Z");
  const hours = (count: number): Date => new Date(due.getTime() + count * 60 * minute);
  const candidates = await people(db, place.workspaceId, [{ timeZone: "Asia/Kolkata" }, { timeZone: "Europe/London" }]);
  const begun = async (ifPassed: "drop" | "nextDay", startedAt: Date): Promise<RunContext> => {
    const context = await makeRun(db, place, { timing: { kind: "zone", time: "10:00", ifPassed } }, { due_at: due });
    context.run = { ...context.run, started_at: startedAt };
    return context;
  };
  expect(await judged(await begun("drop", hours(8)), candidates, hours(8))).toEqual(["localTimePassed", "localTimePassed"]);
  expect(await judged(await begun("nextDay", hours(4)), candidates, hours(4))).toEqual(["2026-11-23T04:30:00.000Z", "2026-11-22T10:00:00.000Z"]);
  expect(await judged(await begun("drop", hours(0.9)), candidates, hours(8))).toEqual(["A", "A"]);
});

test("the best time is when a person read most", async () => {
  const due = new Date("2026-11-22T04:30:00Z");
  const candidates = await people(db, place.workspaceId, [{}, {}]);
  for (const day of [1, 2, 3]) {
    const at = new Date(`2026-11-0${day}T18:10:00Z`);
    await sent(place, candidates[0]!, {}, at);
    await sql`update messages set read_at = ${at} where workspace_id = ${place.workspaceId} and recipient = ${candidates[0]!.phone}`.execute(db);
  }
  const context = await makeRun(db, place, { timing: { kind: "best", fallback: "09:00" } }, { due_at: due });
  expect(await judged(context, candidates, due)).toEqual(["2026-11-22T18:00:00.000Z", "2026-11-22T09:00:00.000Z"]);
});

const night = { ranges: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "21:00", to: "09:00" }], action: "delay" as const };

test("in quiet hours people wait for their end, or are left out", async () => {
  const at = new Date("2026-11-22T16:00:00Z");
  const candidates = await people(db, place.workspaceId, [{ timeZone: "Asia/Kolkata" }, { timeZone: "Europe/London" }]);
  expect(await judged(await makeRun(db, place, { quietHours: night }), candidates, at)).toEqual(["2026-11-23T03:30:00.000Z", "A"]);
  expect(await judged(await makeRun(db, place, { quietHours: { ...night, action: "discard" } }), candidates, at)).toEqual(["quietHours", "A"]);
});

test("the workspace's quiet hours hold for campaigns without their own", async () => {
  const at = await elsewhere();
  await settings(at, { quiet: { ...night, action: "discard" } });
  const candidates = await people(db, at.workspaceId, [{ timeZone: "Asia/Kolkata" }]);
  expect(await judged(await makeRun(db, at), candidates, new Date("2026-11-22T16:00:00Z"))).toEqual(["quietHours"]);
});

test("nobody is written to after the cut-off, nor told to wait until then", async () => {
  const at = new Date("2026-11-22T16:00:00Z");
  const candidates = await people(db, place.workspaceId, [{ timeZone: "Asia/Kolkata" }, { timeZone: "Europe/London" }]);
  expect(await judged(await makeRun(db, place, { quietHours: night, pace: { cutOff: "2026-11-23T00:00:00Z" } }), candidates, at)).toEqual(["cutOff", "A"]);
});

const counted = (context: RunContext, queued: number, retried = 0): Promise<void> => addCounts(db, context.workspaceId, [{ cellId: context.cells.get("A")!, at: now, queued, retried }]);

test("a run reaches no more people than its cap", async () => {
  const candidates = await people(db, place.workspaceId, [{}, {}, {}]);
  const context = await makeRun(db, place, { pace: { targetCap: { people: 100, per: "run" } } });
  await counted(context, 98);
  expect(await judged(context, candidates)).toEqual(["A", "A", "targetCap"]);
});

test("whoever is tried again is no new person to the cap", async () => {
  const [capped, other] = await people(db, place.workspaceId, [{}, {}]);
  const context = await makeRun(db, place, { pace: { targetCap: { people: 100, per: "run" } } });
  await counted(context, 100);
  const again = { ...capped!, waiting: { id: uuidv7(), attempt: 2, cellId: context.cells.get("A")!, event: null } };
  expect(await judged(context, [other!, again])).toEqual(["targetCap", "A"]);
});

test.each(["run", "day", "campaign"] as const)("whoever was tried again is counted once by the cap per %s", async (per) => {
  const candidates = await people(db, place.workspaceId, [{}, {}]);
  const context = await makeRun(db, place, { pace: { targetCap: { people: 100, per } } });
  await counted(context, 102, 3);
  expect(await judged(context, candidates)).toEqual(["A", "targetCap"]);
});

test("a cap over the whole campaign counts earlier runs, and one per day what was queued today", async () => {
  const campaignId = uuidv7();
  const candidates = await people(db, place.workspaceId, [{}, {}]);
  const first = await makeRun(db, place, {}, { campaign_id: campaignId, number: 1 });
  await counted(first, 99);
  const campaign = await makeRun(db, place, { pace: { targetCap: { people: 100, per: "campaign" } } }, { campaign_id: campaignId, number: 2 });
  expect(await judged(campaign, candidates)).toEqual(["A", "targetCap"]);
  const daily = await makeRun(db, place, { pace: { targetCap: { people: 100, per: "day" } } }, { campaign_id: campaignId, number: 3 });
  expect(await judged(daily, candidates)).toEqual(["A", "targetCap"]);
  expect(await judged(daily, candidates, new Date(now.getTime() + 2 * 86_400_000))).toEqual(["A", "A"]);
});

/** A provider whose number may write to 250 people a day and wrote to 249 of them. */
async function nearlyFull(): Promise<Place> {
  const at = { ...(await elsewhere()), providerId: uuidv7() };
  await sql`insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency, health)
    values (${at.workspaceId}, ${at.providerId}, 'cloud-api', 'Main', ${`+1555${String(Math.random()).slice(2, 9)}`}, '{}', '', 30, ${JSON.stringify({ facts: { tier: "TIER_250" } })})`.execute(db);
  const written = Array.from({ length: 249 }, (_, i) => message(at, { recipient: `+1556${String(i).padStart(7, "0")}`, id: uuidv7(ago(60).getTime()) }));
  await db.transaction().execute((tx) => accept(tx, at.workspaceId, written, [], ago(60)));
  return at;
}

test("who does not fit into the number's 24-hour limit waits until there is room", async () => {
  const at = await nearlyFull();
  const candidates = await people(db, at.workspaceId, [{}, {}]);
  const context = await makeRun(db, at);
  expect(await judged(context, candidates)).toEqual(["A", new Date(ago(60).getTime() + 86_400_000).toISOString()]);
  expect(await judged(context, [candidates[1]!])).not.toEqual(["A"]);
  expect(await judged(context, [candidates[1]!], new Date(now.getTime() + 86_400_000))).toEqual(["A"]);
});

test("a tier says how many people", () => {
  expect(["TIER_250", "TIER_2K", "TIER_100K", "TIER_UNLIMITED", "TIER_NEW", null].map(limitOf)).toEqual([250, 2_000, 100_000, null, null, null]);
});

test("a campaign that refuses to be split leaves them out", async () => {
  const at = await nearlyFull();
  const candidates = await people(db, at.workspaceId, [{}, {}]);
  expect(await judged(await makeRun(db, at, { pace: { tier: "refuse" } }), candidates)).toEqual(["A", "outsideTier"]);
});
