import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { newPhone, newWorkspace, openPeopleWorld, upsert, type PeopleWorld } from "./test-builders.ts";

let world: PeopleWorld;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.database.drop());

const stored = (workspaceId: string) => world.db.selectFrom("contacts").selectAll().where("workspace_id", "=", workspaceId).orderBy("created_at").execute();
const codes = (result: { problems: { index: number; code: string; refused: boolean }[] }) => result.problems.map(({ index, code, refused }) => `${index} ${code}${refused ? " refused" : ""}`);

describe("who a draft is about", () => {
  test("somebody with the same identity or the same number is changed, not added", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    const first = await upsert(world.db, ws, [{ identity: "c-1", phone, name: "Ravi" }]);
    const second = await upsert(world.db, ws, [{ identity: "c-1", email: "r@example.com" }, { phone, language: "pt_br" }]);
    expect(second).toMatchObject({ created: 0, updated: 1, repeated: 1, ids: [first.ids[0], first.ids[0]] });
    expect(await stored(ws)).toMatchObject([{ identity: "c-1", phone, name: "Ravi", email: "r@example.com", language: "pt-BR" }]);
  });

  test("somebody who came by number alone takes the identity that comes with the number", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    const { ids } = await upsert(world.db, ws, [{ phone }], { source: "inbound" });
    expect((await upsert(world.db, ws, [{ identity: "c-9", phone }])).ids).toEqual(ids);
    expect(await stored(ws)).toMatchObject([{ identity: "c-9", phone, source: "api" }]);
  });

  test("a number known under another identity stays with whom it has, and the conflict is reported", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    await upsert(world.db, ws, [{ identity: "a", phone }]);
    const result = await upsert(world.db, ws, [{ identity: "b", phone, name: "Bela" }]);
    expect(codes(result)).toEqual(["0 phone_taken"]);
    expect(await stored(ws)).toMatchObject([{ identity: "a", phone }, { identity: "b", phone: null, name: "Bela" }]);
  });

  test("a known person whose new number belongs to somebody without an identity becomes one with them", async () => {
    const ws = await newWorkspace(world.db);
    const [old, moved] = [newPhone(), newPhone()];
    const kept = await upsert(world.db, ws, [{ identity: "a", phone: old, name: "Ana", properties: { tier: "gold" } }]);
    await upsert(world.db, ws, [{ phone: moved, name: "?", email: "ana@example.com", properties: { tier: "new", city: "Recife" }, consent: { marketing: "in" } }]);
    const result = await upsert(world.db, ws, [{ identity: "a", phone: moved }]);
    expect(result).toMatchObject({ ids: kept.ids, updated: 1, problems: [] });
    expect(await stored(ws)).toMatchObject([{ identity: "a", phone: moved, name: "Ana", email: "ana@example.com", properties: { tier: "gold", city: "Recife" } }]);
    expect(await world.db.selectFrom("consents").select(["contact_id", "state"]).where("workspace_id", "=", ws).execute()).toEqual([{ contact_id: kept.ids[0], state: "in" }]);
    expect(await world.db.selectFrom("contact_properties").select(["key", "contacts"]).where("workspace_id", "=", ws).orderBy("key").execute()).toEqual([{ key: "city", contacts: 1 }, { key: "tier", contacts: 1 }]);
  });

  test("numbers may change hands within one call", async () => {
    const ws = await newWorkspace(world.db);
    const [p, q] = [newPhone(), newPhone()];
    await upsert(world.db, ws, [{ identity: "a", phone: p }, { identity: "b", phone: q }]);
    await upsert(world.db, ws, [{ identity: "a", phone: null }, { identity: "b", phone: p }, { identity: "a", phone: q }]);
    expect((await stored(ws)).map((c) => [c.identity, c.phone]).sort()).toEqual([["a", q], ["b", p]]);
  });

  test("somebody new in this call takes over the row of somebody who came by number alone", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    const { ids } = await upsert(world.db, ws, [{ phone, consent: { all: "in" } }]);
    const result = await upsert(world.db, ws, [{ identity: "n" }, { identity: "n", phone }]);
    expect(result.ids).toEqual([ids[0], ids[0]]);
    expect(await stored(ws)).toMatchObject([{ identity: "n", phone, msg_whatsapp: true }]);
  });

  test("neither a number nor an identity is nobody", async () => {
    const ws = await newWorkspace(world.db);
    const result = await upsert(world.db, ws, [{ name: "Nobody" }, { phone: "12", identity: "x" }, { id: "no-such-id", name: "X" }]);
    expect(codes(result)).toEqual(["0 no_identifier refused", "1 bad_phone", "2 contact_not_found refused"]);
    expect(result.ids.map((id) => id === null)).toEqual([true, false, true]);
  });

  test("the last thing a person is found by cannot be emptied", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    const { ids } = await upsert(world.db, ws, [{ phone }]);
    await upsert(world.db, ws, [{ id: ids[0]!, phone: null, name: "Kept" }]);
    expect(await stored(ws)).toMatchObject([{ phone, name: "Kept" }]);
  });

  test("workspaces do not see each other's people", async () => {
    const [one, two] = [await newWorkspace(world.db), await newWorkspace(world.db)];
    const phone = newPhone();
    const a = await upsert(world.db, one, [{ identity: "same", phone }]);
    const b = await upsert(world.db, two, [{ identity: "same", phone }]);
    expect(b).toMatchObject({ created: 1 });
    expect(a.ids).not.toEqual(b.ids);
  });
});

describe("properties", () => {
  test("a key keeps the type of its first value; what fits is converted, what does not is refused alone", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    await upsert(world.db, ws, [{ phone, properties: { age: 42, since: { date: "2026-01-02" }, vip: true, tags: ["a"], city: "Pune" } }]);
    const result = await upsert(world.db, ws, [{ phone, name: "Stored", properties: { age: "43", since: "soon", vip: "no", tags: { add: ["b"] }, city: 7 } }]);
    expect(result.problems).toMatchObject([{ code: "wrong_type", field: "properties.since", message: "In this workspace it is a date, and \"soon\" is none." }]);
    expect(await stored(ws)).toMatchObject([{ name: "Stored", properties: { age: 43, since: "2026-01-02T00:00:00.000Z", vip: false, tags: ["a", "b"], city: "7" } }]);
  });

  test("limits: 256 keys in a workspace, keys of 120 and values of 512 characters, lists of the newest 100", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    const many = Object.fromEntries(Array.from({ length: 257 }, (_, i) => [`k${i}`, i]));
    expect(codes(await upsert(world.db, ws, [{ phone, properties: many }]))).toEqual(["0 too_many_properties"]);
    const other = await newWorkspace(world.db);
    const items = Array.from({ length: 130 }, (_, i) => `item ${i}`);
    const result = await upsert(world.db, other, [{ phone, properties: { ["k".repeat(121)]: 1, ["k".repeat(120)]: 1, long: "x".repeat(513), fits: "x".repeat(512), items } }]);
    expect(codes(result)).toEqual(["0 bad_property_key", "0 too_long"]);
    const [contact] = await stored(other);
    expect(contact!.properties["items"]).toEqual(items.slice(30));
  });

  test("a property goes with null, and a key that nobody has may have another type", async () => {
    const ws = await newWorkspace(world.db);
    const phone = newPhone();
    await upsert(world.db, ws, [{ phone, properties: { score: 1, plan: "a" } }]);
    await upsert(world.db, ws, [{ phone, properties: { score: null } }]);
    await upsert(world.db, ws, [{ phone, properties: { score: "high" } }]);
    expect(await stored(ws)).toMatchObject([{ properties: { score: "high", plan: "a" } }]);
  });

  test("text that Postgres cannot hold is tidied", async () => {
    const ws = await newWorkspace(world.db);
    await upsert(world.db, ws, [{ phone: newPhone(), name: "A\u0000da \ud800", properties: { "a\u0000b": "x\u0000y" } }]);
    expect(await stored(ws)).toMatchObject([{ name: "Ada \ufffd", properties: { ab: "xy" } }]);
  });
});

test("what changed about a person is kept with who changed it", async () => {
  const ws = await newWorkspace(world.db);
  const phone = newPhone();
  await upsert(world.db, ws, [{ phone, name: "Ann", properties: { tier: "a" } }]);
  await upsert(world.db, ws, [{ phone, name: "Anne", properties: { tier: "b" } }], { source: "form", by: "Ada" });
  const changes = await world.db.selectFrom("contact_changes").selectAll().where("workspace_id", "=", ws).execute();
  expect(changes).toMatchObject([{ source: "form", by_name: "Ada", changes: { name: { from: "Ann", to: "Anne" }, "properties.tier": { from: "a", to: "b" } } }]);
});

test("a dry run reports the same and writes nothing", async () => {
  const ws = await newWorkspace(world.db);
  const drafts = [{ phone: newPhone(), name: "A" }, { name: "B" }];
  const dry = await upsert(world.db, ws, drafts, { dryRun: true });
  expect(dry).toMatchObject({ created: 1, problems: [{ code: "no_identifier" }] });
  expect(await stored(ws)).toEqual([]);
});

test("two thousand people in one call, and the same again, are few statements and no duplicates", async () => {
  const ws = await newWorkspace(world.db);
  const drafts = Array.from({ length: 2_000 }, (_, i) => ({ identity: `id-${i}`, phone: newPhone(), name: `Person ${i}`, properties: { n: i }, consent: { all: "in" as const } }));
  expect(await upsert(world.db, ws, drafts, { source: "csv" })).toMatchObject({ created: 2_000, problems: [] });
  expect(await upsert(world.db, ws, drafts, { source: "csv" })).toMatchObject({ created: 0, updated: 0, unchanged: 2_000 });
  const { rows } = await world.database.pool.query("select count(*) filter (where msg_whatsapp) as n from contacts where workspace_id = $1", [ws]);
  expect(rows[0].n).toBe(2_000);
});

test("batches about the same people in any order, at once, wait for each other and never deadlock", async () => {
  const ws = await newWorkspace(world.db);
  const people = Array.from({ length: 60 }, (_, i) => ({ identity: `d-${i}`, phone: newPhone() }));
  const shuffled = (seed: number) => people.toSorted((a, b) => ((a.phone.charCodeAt(10) * seed) % 7) - ((b.phone.charCodeAt(10) * seed) % 7) || (seed % 2 ? 1 : -1));
  const results = await Promise.all(Array.from({ length: 12 }, (_, i) => upsert(world.db, ws, shuffled(i).map((p) => (i % 2 ? p : { phone: p.phone, name: `n${i}` })))));
  expect(results.flatMap((r) => r.problems)).toEqual([]);
  expect(results.reduce((sum, r) => sum + r.created, 0)).toBe(60);
  expect(await stored(ws)).toHaveLength(60);
});
