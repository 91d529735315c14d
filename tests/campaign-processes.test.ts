import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { verify } from "../apps/server/src/verify.ts";
import { act, addPeople, launch, look, providerEntry, Sink, standingOf, templateEntry, workspaceOf } from "./support/campaigns.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

/*
 * Four processes with different roles on one database: one serves, two send, two plan. Limits hold for all of them together, and what the ones that
 * die had in their hands moves to the others.
 */
const PEOPLE = 2_000;
const ALLOWED = 1_800;
const AT_ONCE = 30;
const PER_MINUTE = 300;
/** The issue asks for this much. */
const MOVES_WITHIN_MS = 15_000;
const KEY = "tc_campaign_processes_key_entropy_1";
const patiently = { timeout: 60_000, interval: 100 };

let database: TestDatabase;
let busy: Sink;
let throttled: Sink;
let processes: Record<"web" | "sender" | "scheduler" | "both", Tincan>;
let admin: Visitor;

beforeAll(async () => {
  [database, busy, throttled] = await Promise.all([createTestDatabase({ migrated: false }), Sink.start(), Sink.start()]);
  const prepare = (roles: string, more: object = {}): Promise<Tincan> =>
    Tincan.prepare({ env: { DATABASE_URL: database.url, TINCAN_ROLES: roles, TINCAN_ALLOWED_HOSTS: "127.0.0.1", TINCAN_SECRET_KEY: "a secret that all of them share" }, ...more });
  const provision = {
    workspace: { name: "Many" }, admin: { email: "admin@example.com", password: "correct horse battery" }, apiKeys: [{ name: "test", key: KEY, role: "admin" }],
    providers: [providerEntry(busy, { maxConcurrency: AT_ONCE }), providerEntry(throttled, { nickname: "Slow", number: "+918000000003", default: false })],
    templates: [templateEntry, { ...templateEntry, provider: "Slow" }],
  };
  processes = { web: await prepare("web", { provision }), sender: await prepare("sender"), scheduler: await prepare("scheduler"), both: await prepare("sender,scheduler") };
  await processes.web.start();
  await addPeople(database.db, await workspaceOf(database.db), PEOPLE);
  // The first to come take what there is: both lanes are the sender's.
  await Promise.all([processes.sender.start(), processes.scheduler.start()]);
  const lanesTaken = async () => (await sql<{ n: number }>`select count(*)::int as n from lanes where lease_until > now()`.execute(database.db)).rows[0]!.n;
  await vi.waitFor(async () => expect(await lanesTaken()).toBe(2), patiently);
  await processes.both.start();
  admin = new Visitor(processes.web.url, { authorization: `Bearer ${KEY}` });
});
afterAll(async () => {
  await Promise.all([processes?.web.remove(), processes?.both.remove()]);
  for (const dead of [processes?.sender, processes?.scheduler]) if (dead) rmSync(dead.folder, { recursive: true, force: true });
  await busy?.close();
  await throttled?.close();
  await database?.drop();
});

const messagesPerMinute = (sink: Sink): number[] => [...Map.groupBy(sink.times, (at) => Math.floor(at / 60_000)).values()].map((times) => times.length);

it("share campaigns, keep limits together, and take over within 15 s what two of them had when they were killed", { timeout: 480_000 }, async () => {
  busy.delayMs = 150;
  const { items } = (await admin.get<{ items: { id: string; nickname: string }[] }>("/api/v1/providers")).body;
  const providerOf = (nickname: string): string => items.find((provider) => provider.nickname === nickname)!.id;
  const fast = await launch(admin, providerOf("Sink"));
  const slow = await launch(admin, providerOf("Slow"), { pace: { perMinute: PER_MINUTE } });
  await expect.poll(() => busy.total > AT_ONCE && throttled.total > 0, patiently).toBe(true);

  await Promise.all([processes.sender.crash(), processes.scheduler.crash()]);
  const killedAt = Date.now();
  // Requests that were under way have come by then.
  await sleep(500);
  const [before, beforeSlow] = [busy.total, throttled.total];
  expect(before).toBeLessThan(ALLOWED);
  await expect.poll(() => busy.total > before && throttled.total > beforeSlow, { ...patiently, interval: 20 }).toBe(true);
  expect(Date.now() - killedAt).toBeLessThan(MOVES_WITHIN_MS);

  busy.delayMs = 0;
  await expect.poll(async () => (await look(admin, fast.id)).state, patiently).toBe("completed");
  await act(admin, slow.id, "stop");
  await expect.poll(async () => (await look(admin, slow.id)).runs[0]?.endedAt, patiently).not.toBe(null);

  expect(busy.mostAtOnce).toBeLessThanOrEqual(AT_ONCE);
  expect(Math.max(...messagesPerMinute(throttled))).toBeLessThanOrEqual(PER_MINUTE);
  expect([...busy.twice, ...throttled.twice]).toEqual([]);
  expect(await standingOf(database.db, fast.id)).toEqual({ people: PEOPLE, messages: ALLOWED, left: { notOptedIn: PEOPLE - ALLOWED }, forgotten: 0, twice: 0 });
  expect(await verify(database.db)).toEqual([]);
});
