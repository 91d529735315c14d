import type { PropertyType } from "@tincan/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { rememberStops } from "./stop-list.ts";
import { newPhone, newWorkspace, openPeopleWorld, upsert, type PeopleWorld } from "./test-builders.ts";
import type { ContactDraft, UpsertResult } from "./types.ts";
import { NewPeople, SomebodyKnown } from "./upsert-new.ts";
import { readPropertyTypes } from "./upsert-store.ts";

let world: PeopleWorld;
beforeAll(async () => {
  world = await openPeopleWorld();
});
afterAll(() => world.database.drop());

function madeReady(workspaceId: string, drafts: ContactDraft[], types: ReadonlyMap<string, PropertyType>): NewPeople {
  const people = new NewPeople(workspaceId, types, { source: "csv" });
  for (const draft of drafts) people.add(draft);
  for (const _ of people.write()) continue;
  return people;
}

async function store(workspaceId: string, drafts: ContactDraft[], types?: ReadonlyMap<string, PropertyType>): Promise<UpsertResult> {
  const people = madeReady(workspaceId, drafts, types ?? (await readPropertyTypes(world.db, workspaceId)));
  return world.db.transaction().execute((tx) => people.store(tx));
}

const stored = (workspaceId: string) => world.db.selectFrom("contacts").selectAll().where("workspace_id", "=", workspaceId).orderBy("identity").execute();

test("new people are stored as upsertContacts stores them", async () => {
  const [one, other] = [await newWorkspace(world.db), await newWorkspace(world.db)];
  const phone = newPhone();
  const drafts: ContactDraft[] = [
    { identity: "a", phone, name: "Ana\tLúcia", email: "a@example.com", properties: { age: 3, since: { date: "2026-01-31" } } }, { identity: "b", consent: { all: "in" } }, { identity: "a", name: "Ana" },
  ];
  const plain = ({ identity, phone: number, name, email, properties, sort_name, words, msg_whatsapp, source }: Awaited<ReturnType<typeof stored>>[number]) => ({
    identity, number, name, email, properties, sort_name, words: words.replaceAll(/'[0-9a-f]{4}/g, "'"), msg_whatsapp, source,
  });
  expect(await store(one, drafts)).toMatchObject({ created: 2, updated: 0, repeated: 1, problems: [] });
  await upsert(world.db, other, drafts, { source: "csv" });
  expect((await stored(one)).map(plain)).toEqual((await stored(other)).map(plain));
  expect((await stored(one)).map(plain)).toMatchObject([{ identity: "a", name: "Ana", msg_whatsapp: false }, { identity: "b", msg_whatsapp: true }]);
  const counts = await world.db.selectFrom("contact_properties").select(["key", "type", "contacts"]).where("workspace_id", "=", one).orderBy("key").execute();
  expect(counts).toEqual([{ key: "age", type: "number", contacts: 1 }, { key: "since", type: "date", contacts: 1 }]);
});

test.each(["number", "identity"])("a %s that somebody has is told, and nobody of the batch is stored", async (kind) => {
  const ws = await newWorkspace(world.db);
  const phone = newPhone();
  await upsert(world.db, ws, [{ identity: "a", phone }]);
  await expect(store(ws, [{ identity: "z" }, kind === "number" ? { identity: "b", phone } : { identity: "a" }])).rejects.toThrow(SomebodyKnown);
  expect(await stored(ws)).toMatchObject([{ identity: "a" }]);
});

test("so is an identity that somebody has beyond the first", async () => {
  const ws = await newWorkspace(world.db);
  const { ids } = await upsert(world.db, ws, [{ identity: "a" }]);
  await world.db.insertInto("contact_identities").values({ workspace_id: ws, contact_id: ids[0]!, identity: "older" }).execute();
  await expect(store(ws, [{ identity: "older" }])).rejects.toThrow(SomebodyKnown);
});

test("properties that have another type meanwhile are told too", async () => {
  const ws = await newWorkspace(world.db);
  await upsert(world.db, ws, [{ identity: "a", properties: { age: "old" } }]);
  await expect(store(ws, [{ identity: "b", properties: { age: 3 } }], new Map())).rejects.toThrow(SomebodyKnown);
});

test("somebody new whose number is on the stop list is stopped", async () => {
  const ws = await newWorkspace(world.db);
  const phone = newPhone();
  await upsert(world.db, ws, [{ identity: "a", phone, doNotDisturb: true }]);
  const [person] = await stored(ws);
  await world.db.transaction().execute(async (tx) => {
    await rememberStops(tx, ws, [{ contactId: person!.id, phone }]);
    await tx.deleteFrom("contacts").where("workspace_id", "=", ws).execute();
    await tx.deleteFrom("phone_dnd").where("workspace_id", "=", ws).execute();
  });
  await store(ws, [{ identity: "b", phone }]);
  expect(await world.db.selectFrom("phone_dnd").select(["phone", "dnd"]).where("workspace_id", "=", ws).execute()).toEqual([{ phone, dnd: true }]);
});
