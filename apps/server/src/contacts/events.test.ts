import { afterAll, beforeAll, expect, test } from "vitest";
import { makeMonthsAhead } from "./event-months.ts";
import { recordEvents } from "./events.ts";
import { newPhone, newWorkspace, openPeopleWorld, upsert, type PeopleWorld } from "./test-builders.ts";
import type { NewEvent } from "./types.ts";

let world: PeopleWorld;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.database.drop());

const record = (ws: string, events: NewEvent[], dryRun = false) => world.db.transaction().execute((tx) => recordEvents(tx, ws, events, { source: "api", dryRun, listeners: [] }));
const stored = (ws: string) => world.db.selectFrom("events").selectAll().where("workspace_id", "=", ws).orderBy("occurred_at").execute();

test("events are stored with their properties, and their people are made when they are not known", async () => {
  const ws = await newWorkspace(world.db);
  const phone = newPhone();
  const { ids } = await upsert(world.db, ws, [{ identity: "c-1", phone }]);
  const at = new Date("2026-11-01T10:00:00Z");
  const result = await record(ws, [
    { identity: "c-1", name: "Order Ready", at, properties: { order: "42", amount: 99.5, gift: true, items: ["a", "b"], due: new Date("2026-12-01T00:00:00Z") } },
    { phone, name: "order ready", at: new Date("2026-11-02T10:00:00Z") },
    { identity: "new", name: "Viewed" },
  ]);
  expect(result).toEqual({ stored: 3, duplicates: 0, problems: [] });
  const [first, second, third] = await stored(ws);
  expect(first).toMatchObject({ contact_id: ids[0], name: "Order Ready", occurred_at: at, properties: { order: "42", amount: 99.5, gift: true, items: ["a", "b"], due: "2026-12-01T00:00:00.000Z" } });
  expect(second).toMatchObject({ contact_id: ids[0], name: "Order Ready" });
  const person = await world.db.selectFrom("contacts").selectAll().where("id", "=", third!.contact_id).executeTakeFirstOrThrow();
  expect(person).toMatchObject({ identity: "new", source: "api", msg_whatsapp: false });
  expect(person.last_seen_at).not.toBeNull();
});

test("an event whose id came before is a duplicate, in the same call and in a later one, whatever its time", async () => {
  const ws = await newWorkspace(world.db);
  const event = { identity: "a", name: "Paid", externalId: "e-1" };
  expect(await record(ws, [{ ...event, at: new Date("2026-10-01T00:00:00Z") }, event])).toMatchObject({ stored: 1, duplicates: 1 });
  expect(await record(ws, [event, { ...event, externalId: "e-2" }])).toMatchObject({ stored: 1, duplicates: 1 });
  expect(await stored(ws)).toHaveLength(2);
});

test("months nobody expected get their place, even when many writers meet in one", async () => {
  const ws = await newWorkspace(world.db);
  const at = (year: number) => new Date(Date.UTC(year, 2, 31, 23, 59, 59, 999));
  const results = await Promise.all(Array.from({ length: 8 }, (_, i) => record(ws, [1970, 2001, 2016, 2019].map((year) => ({ identity: `p${i}`, name: "Old", at: at(year) })))));
  expect(results.map((r) => r.stored)).toEqual(Array.from({ length: 8 }, () => 4));
  expect(await stored(ws)).toHaveLength(32);
});

test("this month and the next two are made ahead, and again without harm", async () => {
  const now = new Date("2026-11-22T00:00:00Z");
  await makeMonthsAhead(world.db, now);
  await makeMonthsAhead(world.db, now);
  const { rows } = await world.database.pool.query("select relname from pg_class where relname in ('events_2026_11', 'events_2026_12', 'events_2027_01') and relkind = 'r' order by 1");
  expect(rows.map((row) => row.relname)).toEqual(["events_2026_11", "events_2026_12", "events_2027_01"]);
});

test("an event that cannot be stored is reported alone, with its place and its reason", async () => {
  const ws = await newWorkspace(world.db);
  const result = await record(ws, [
    { identity: "a", name: " " },
    { name: "Nobody" },
    { phone: "12", name: "Wrong number" },
    { identity: "a", name: "Future", at: new Date(Date.now() + 3 * 86_400_000) },
    { identity: "a", name: "Long", properties: { text: "x".repeat(513) } },
    { identity: "a", name: "Many", properties: Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, 1])) },
    { contactId: "00000000-0000-7000-8000-000000000000", name: "Gone" },
    { identity: "a", name: "Fine" },
  ]);
  expect(result.problems.map((p) => `${p.index} ${p.code}`)).toEqual(["0 bad_name", "1 no_person", "2 bad_phone", "3 bad_time", "4 too_long", "5 too_many_properties", "6 contact_not_found"]);
  expect(result.stored).toBe(1);
});

test("a workspace has at most 512 kinds of events; those it has go on", async () => {
  const ws = await newWorkspace(world.db);
  await record(ws, Array.from({ length: 512 }, (_, i) => ({ identity: "a", name: `Kind ${i}` })));
  const result = await record(ws, [{ identity: "a", name: "One more" }, { identity: "a", name: "KIND 7" }]);
  expect(result).toMatchObject({ stored: 1, problems: [{ index: 0, code: "too_many_names" }] });
});

test("a dry run finds the same problems and duplicates and stores nothing", async () => {
  const ws = await newWorkspace(world.db);
  await record(ws, [{ identity: "a", name: "Paid", externalId: "e-1" }]);
  const events = [{ identity: "a", name: "Paid", externalId: "e-1" }, { identity: "b", name: "Paid", externalId: "e-2" }, { name: "Nobody" }];
  expect(await record(ws, events, true)).toMatchObject({ stored: 1, duplicates: 1, problems: [{ index: 2 }] });
  expect(await stored(ws)).toHaveLength(1);
});
