import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verify } from "../apps/server/src/verify.ts";
import { act, addPeople, launch, look, providerEntry, Sink, standingOf, templateEntry, workspaceOf } from "./support/campaigns.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

/*
 * A real server, killed while it plans and sends a campaign, right after it was told to pause, and right after it was told to go on. The
 * provider outlives it: it counts what reached it.
 */
const PEOPLE = 2_000;
const ALLOWED = 1_800;
/** Planning, sending, pausing, resuming, sending again. */
const MOMENTS = 5;
const KEY = "tc_campaign_crash_key_entropy_0001";
const patiently = { timeout: 60_000, interval: 100 };

let database: TestDatabase;
let sink: Sink;
let tincan: Tincan;
let admin: Visitor;

beforeAll(async () => {
  [database, sink] = await Promise.all([createTestDatabase({ migrated: false }), Sink.start()]);
  tincan = await Tincan.prepare({
    env: { DATABASE_URL: database.url, TINCAN_ALLOWED_HOSTS: "127.0.0.1" },
    provision: {
      workspace: { name: "Crash" }, admin: { email: "admin@example.com", password: "correct horse battery" }, apiKeys: [{ name: "test", key: KEY, role: "admin" }],
      providers: [providerEntry(sink)], templates: [templateEntry],
    },
  });
  await tincan.start();
  admin = new Visitor(tincan.url, { authorization: `Bearer ${KEY}` });
  await addPeople(database.db, await workspaceOf(database.db), PEOPLE);
}, 60_000);
afterAll(async () => {
  await tincan?.remove();
  await sink?.close();
  await database?.drop();
});

/** Kills it, and starts it again as if the dead one's leases had run out meanwhile. */
async function startAgain(): Promise<void> {
  await tincan.crash();
  await sql`update campaign_runs set lease_until = '-infinity'`.execute(database.db);
  await sql`update lanes set lease_until = '-infinity'`.execute(database.db);
  await tincan.start();
}

it(`campaigns survive ${2 * MOMENTS} kills: nobody is forgotten, nobody is written to twice, and the counters are right`, { timeout: 300_000 }, async () => {
  const [{ id: provider = "" } = {}] = (await admin.get<{ items: { id: string }[] }>("/api/v1/providers")).body.items;
  const ids: string[] = [];
  for (let round = 0; round < 2; round++) {
    sink.delayMs = 50;
    const { id } = await launch(admin, provider);
    ids.push(id);
    const goesOn = async (): Promise<void> => {
      const before = sink.total;
      await expect.poll(async () => sink.total > before || (await look(admin, id)).state === "completed", patiently).toBe(true);
    };
    // While it plans.
    await expect.poll(async () => (await look(admin, id)).runs[0]?.people ?? 0, { ...patiently, interval: 5 }).toBeGreaterThan(0);
    await startAgain();
    // While it sends.
    await goesOn();
    await sleep(Math.random() * 100);
    await startAgain();
    // As it pauses.
    await goesOn();
    await act(admin, id, "pause");
    await sleep(Math.random() * 60);
    await startAgain();
    const paused = sink.total;
    expect((await look(admin, id)).state).toBe("paused");
    await sleep(500);
    expect(sink.total).toBe(paused);
    // As it goes on.
    await act(admin, id, "resume");
    await sleep(Math.random() * 60);
    await startAgain();
    await goesOn();
    await startAgain();
    sink.delayMs = 0;
    await expect.poll(async () => (await look(admin, id)).state, patiently).toBe("completed");
  }

  const { db } = database;
  for (const id of ids) {
    expect(await standingOf(db, id)).toEqual({ people: PEOPLE, messages: ALLOWED, left: { notOptedIn: PEOPLE - ALLOWED }, forgotten: 0, twice: 0 });
    expect((await look(admin, id)).runs).toMatchObject([{ people: PEOPLE, waiting: 0 }]);
  }
  expect(await verify(db)).toEqual([]);
  // What a kill left unanswered waits for a receipt and is never sent again; the provider may or may not have it.
  const { rows } = await sql<{ state: string; n: number }>`select state, count(*)::int as n from messages group by state`.execute(db);
  const { submitted = 0, sending = 0, ...others } = Object.fromEntries(rows.map(({ state, n }) => [state, n]));
  expect(others).toEqual({});
  expect(submitted + sending).toBe(ids.length * ALLOWED);
  expect(sink.total).toBeGreaterThanOrEqual(submitted);
  expect(sink.total).toBeLessThanOrEqual(ids.length * ALLOWED);
  expect(Math.max(...sink.taken.values())).toBeLessThanOrEqual(ids.length);
});
