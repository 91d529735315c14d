import { setTimeout as sleep } from "node:timers/promises";
import type { Campaign, GenericProvider } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { verify } from "../apps/server/src/verify.ts";
import { act, addPeople, launch, look, providerEntry, Sink, standingOf, templateEntry, workspaceOf } from "./support/campaigns.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

/*
 * A real server, killed while it plans and sends a campaign, right after it was told to pause, right after it was told to go on, and while it
 * rolls out the winner of a test. The provider outlives it: it counts what reached it.
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
});
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

it(`campaigns survive ${2 * MOMENTS} kills: nobody is forgotten, nobody is written to twice, and the counters are right`, { timeout: 600_000 }, async () => {
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

/** Messages of a campaign by variant. */
async function messagesOf(campaignId: string): Promise<Record<string, string[]>> {
  const { rows } = await sql<{ variant: string; ids: string[] }>`
    select c.variant, array_agg(m.id::text order by m.id) as ids from campaign_cells c join messages m on m.workspace_id = c.workspace_id and m.origin_id = c.id
    where c.campaign_id = ${campaignId} group by c.variant`.execute(database.db);
  return Object.fromEntries(rows.map(({ variant, ids }) => [variant, ids]));
}

it("the winner of a test is chosen once and reaches everybody who was held, though its roll-out is killed twice", async () => {
  const { db } = database;
  sink.forget();
  const [provider] = (await admin.get<{ items: GenericProvider[] }>("/api/v1/providers")).body.items;
  const variant = (key: string) => ({ key, share: 50, template: { name: "order_ready", language: "en" }, values: { body: [{ text: "{{ profile.name }}" }] } });
  const { id } = await launch(admin, provider!.id, { content: { mode: "ab", variants: [variant("A"), variant("B")], test: { share: 30, winnerBy: "read", decideAfter: 60 } } });
  const seen = async (like: (campaign: Campaign) => boolean): Promise<boolean> => like(await look(admin, id));
  await expect.poll(() => seen(({ counts, runs }) => runs[0]?.people === PEOPLE && counts.submitted === counts.queued), patiently).toBe(true);
  const tested = await messagesOf(id);
  const statuses = tested["B"]!.slice(0, 20).map((msgId) => ({ msgId, status: "read", timestamp: String(Math.floor(Date.now() / 1000)) }));
  const { status } = await admin.post(new URL(provider!.callbackUrls!.status).pathname, { payloadVersion: "0.1", statuses });
  expect(status).toBe(200);

  // In the transaction that chooses the winner and lets the first of the others go, which waits here for somebody's row.
  const [locked, released] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = db.transaction().execute(async (tx) => {
    await sql`select from campaign_people where state = 'held' order by id desc limit 1 for update`.execute(tx);
    locked.resolve();
    await released.promise;
  });
  await locked.promise;
  sink.delayMs = 50;
  await sql`update campaign_runs set decides_at = now(), resume_at = null, idle_until = null where campaign_id = ${id}`.execute(db);
  const waiting = async (): Promise<number> => (await sql`select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%state = ''held''%'`.execute(db)).rows.length;
  await expect.poll(waiting, { ...patiently, interval: 20 }).toBe(1);
  const again = startAgain();
  await expect.poll(() => tincan.pid, { interval: 1 }).toBe(undefined);
  released.resolve();
  await Promise.all([again, holding]);

  // As the first of them are sent, and the rest handed over.
  await expect.poll(() => seen(({ counts }) => counts.queued > tested["A"]!.length + tested["B"]!.length), { ...patiently, interval: 5 }).toBe(true);
  const { winner } = (await look(admin, id)).runs[0]!;
  await sleep(Math.random() * 100);
  await startAgain();
  sink.delayMs = 0;
  await expect.poll(() => seen(({ state }) => state === "completed"), patiently).toBe(true);

  expect([winner, (await look(admin, id)).runs[0]!.winner]).toEqual(["B", "B"]);
  expect((await messagesOf(id))["A"]).toEqual(tested["A"]);
  expect(await standingOf(db, id)).toEqual({ people: PEOPLE, messages: ALLOWED, left: { notOptedIn: PEOPLE - ALLOWED }, forgotten: 0, twice: 0 });
  expect(sink.twice).toEqual([]);
  expect(await verify(db)).toEqual([]);
});
