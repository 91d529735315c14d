import { rmSync } from "node:fs";
import type { GenericProvider } from "@tincan/api";
import { sandboxAccount, startSandbox, type Sandbox } from "@tincan/sandbox";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { verify } from "../apps/server/src/verify.ts";
import { act, addPeople, launch, look, makeProvider, Sink, standingOf, workspaceOf } from "./support/campaigns.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

/*
 * Two processes with different roles on one database: one serves and works, the other works only. Both hold lanes and may plan campaigns, every limit
 * holds for the two together, and what one of them had in its hands when it died is the other's within 15 s.
 */
const PEOPLE = 2_000;
const ALLOWED = 1_800;
const AT_ONCE = 30;
const PER_MINUTE = 300;
const TIER = 250;
/** Of a Cloud API number; a tenth of a second's worth may leave together. */
const PER_SECOND = 80;
const RATED = 400;
/** The issue asks for this much. */
const MOVES_WITHIN_MS = 15_000;
const KEY = "tc_two_processes_test_key_entropy_1";
const patiently = { timeout: 60_000, interval: 50 };

let database: TestDatabase;
let sandbox: Sandbox;
let serving: Tincan;
let working: Tincan;
let admin: Visitor;
let cloudId: string;
/** Who holds the serving process's lanes. */
let servingOwner: string;
const sinks: Sink[] = [];

interface Held {
  provider: GenericProvider;
  sink: Sink;
}

const laneOwners = async (): Promise<Map<string, string>> =>
  new Map((await sql<{ id: string; owner: string }>`select id, owner from lanes where owner is not null and lease_until > now()`.execute(database.db)).rows.map(({ id, owner }) => [id, owner]));
/** A lane is taken at once; whoever is first has it. */
const laneTaken = (id: string): Promise<string> => vi.waitFor(async () => (await laneOwners()).get(id) ?? Promise.reject(new Error("Nobody has the lane")), patiently);

async function provide(n: number): Promise<Held> {
  const sink = await Sink.start();
  sinks.push(sink);
  return { sink, provider: await makeProvider(admin, database.db, sink, { nickname: `Sink ${n}`, number: `+9180000001${String(n).padStart(2, "0")}`, maxConcurrency: AT_ONCE, default: n === 0 }) };
}

beforeAll(async () => {
  [database, sandbox] = await Promise.all([createTestDatabase({ migrated: false }), startSandbox({ port: 0 })]);
  const env = { DATABASE_URL: database.url, TINCAN_ALLOWED_HOSTS: "127.0.0.1", TINCAN_SECRET_KEY: "a secret that both of them share", TINCAN_SANDBOX: "off" };
  const provision = { workspace: { name: "Two" }, admin: { email: "admin@example.com", password: "correct horse battery" }, apiKeys: [{ name: "test", key: KEY, role: "admin" }] };
  serving = await Tincan.prepare({ env, provision });
  working = await Tincan.prepare({ env: { ...env, TINCAN_ROLES: "sender,scheduler" } });
  await serving.start();
  admin = new Visitor(serving.url, { authorization: `Bearer ${KEY}` });
  const { number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken } = sandboxAccount;
  const cloud = { kind: "cloud-api", nickname: "Cloud", number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken, baseUrl: sandbox.url };
  cloudId = (await admin.post<{ id: string }>("/api/v1/providers", cloud)).body.id;
  servingOwner = await laneTaken(cloudId);
  await working.start();
  await addPeople(database.db, await workspaceOf(database.db), PEOPLE);
});
afterAll(async () => {
  await Promise.all([serving?.remove(), working?.crash()]);
  if (working) rmSync(working.folder, { recursive: true, force: true });
  await Promise.all(sinks.map((sink) => sink.close()));
  await sandbox?.close();
  await database?.drop();
});

/** The most in any time of this length (ms). */
function mostWithin(times: readonly number[], length: number): number {
  const sorted = times.toSorted((a, b) => a - b);
  let from = 0;
  return sorted.reduce((most, at, to) => {
    while (sorted[from]! <= at - length) from++;
    return Math.max(most, to - from + 1);
  }, 0);
}

const perMinute = ({ times }: Sink): number[] => [...Map.groupBy(times, (at) => Math.floor(at / 60_000)).values()].map((each) => each.length);

it("share the lanes, keep every limit together, and one takes over within 15 s what the other had when it was killed", { timeout: 360_000 }, async () => {
  const { db } = database;
  const [ofServing, ofWorking]: [Held[], Held[]] = [[], []];
  // With its first lane the working process begins to listen to changes of templates, and may miss the one that is made at that moment.
  for (let n = 0; ofServing.length < 1 || ofWorking.length < 3; n++) {
    if (n === 60) throw new Error("One process takes all the lanes");
    const made = await provide(n);
    ((await laneTaken(made.provider.id)) === servingOwner ? ofServing : ofWorking).push(made);
  }
  const [tiered, busy, throttled] = [ofServing[0]!, ofWorking[1]!, ofWorking[2]!];
  await sql`update providers set health = ${JSON.stringify({ facts: { tier: `TIER_${TIER}` } })} where id = ${tiered.provider.id}`.execute(db);
  busy.sink.delayMs = 150;

  const fast = await launch(admin, busy.provider.id);
  const others = await Promise.all([
    launch(admin, throttled.provider.id, { pace: { perMinute: PER_MINUTE } }),
    launch(admin, tiered.provider.id, { pace: { tier: "split" } }),
    launch(admin, tiered.provider.id, { pace: { tier: "split" } }),
    launch(admin, cloudId, {
      audience: { phones: Array.from({ length: RATED }, (_, n) => `+1555${1_000_000 + n}`) },
      content: { mode: "single", variants: [{ key: "A", template: { name: "hello_world", language: "en_US" }, values: {} }] },
    }),
  ]);
  await expect.poll(() => [busy.sink.total > AT_ONCE, throttled.sink.total > 0, tiered.sink.total > 0], patiently).toEqual([true, true, true]);

  await working.crash();
  const killedAt = Date.now();
  const taken = (): number[] => [busy, throttled].map(({ sink }) => sink.times.filter((at) => at > killedAt + 500).length);
  await expect.poll(() => taken().every((messages) => messages > 0), { ...patiently, interval: 20 }).toBe(true);
  expect(Date.now() - killedAt).toBeLessThan(MOVES_WITHIN_MS);

  busy.sink.delayMs = 0;
  await expect.poll(async () => (await look(admin, fast.id)).state, patiently).toBe("completed");
  await expect.poll(() => tiered.sink.total, patiently).toBe(TIER);
  await expect.poll(async () => (await look(admin, others[3]!.id)).state, patiently).toBe("completed");
  for (const { id } of others.slice(0, 3)) {
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, patiently).not.toBe(null);
  }

  expect(busy.sink.mostAtOnce).toBeLessThanOrEqual(AT_ONCE);
  expect(Math.max(...perMinute(throttled.sink))).toBeLessThanOrEqual(PER_MINUTE);
  expect([tiered.sink.total, tiered.sink.taken.size]).toEqual([TIER, TIER]);
  const { rows: rated } = await sql<{ at: Date }>`select sending_at as at from messages where provider_id = ${cloudId} and submitted_at is not null`.execute(db);
  expect(rated.length).toBeGreaterThan(PER_SECOND);
  expect(mostWithin(rated.map(({ at }) => at.getTime()), 1_000)).toBeLessThanOrEqual(PER_SECOND * 1.1);
  expect([...busy.sink.twice, ...throttled.sink.twice]).toEqual([]);
  expect(await standingOf(db, fast.id)).toEqual({ people: PEOPLE, messages: ALLOWED, left: { notOptedIn: PEOPLE - ALLOWED }, forgotten: 0, twice: 0 });
  expect(await verify(db)).toEqual([]);
});
