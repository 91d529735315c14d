import type { Audience, SegmentQuery } from "@tincan/api";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { newPhone, newWorkspace, upsert } from "../contacts/test-builders.ts";
import { uuidv7 } from "../database/uuid.ts";
import { countAudience, pageOfAudience, sampleAudience, type AudienceOptions, type Shard } from "./audience.ts";
import { missingNumbers } from "./resolve.ts";
import "./tables.ts";
import { means, type PlainPerson } from "./test-plain.ts";
import { NOW, people, queries, storeWorld } from "./test-world.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function everyPage(workspaceId: string, audience: Audience, limit: number, options: AudienceOptions & { shard?: Shard } = {}): Promise<string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const page = await pageOfAudience(database.db, workspaceId, audience, after, limit, options);
    expect(page.contacts.length).toBeLessThanOrEqual(limit);
    ids.push(...page.contacts.map(({ id }) => id));
    after = page.next;
  } while (after !== null);
  return ids;
}

const idsOf = (people: PlainPerson[]): string[] => people.map(({ id }) => id).sort();

describe("what a query means", () => {
  test("random questions about random people have the answers that looking at each person gives", async () => {
    const lists = [uuidv7(), uuidv7()];
    const saved = [uuidv7(), uuidv7()];
    const world = fc.tuple(people(lists), fc.tuple(queries(lists, []), queries(lists, [saved[0]!])), fc.array(queries(lists, saved), { minLength: 6, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(world, async ([all, [first, second], questions]) => {
        const segments: Record<string, SegmentQuery> = { [saved[0]!]: first, [saved[1]!]: second };
        const workspaceId = await storeWorld(database.db, lists, all);
        for (const [id, query] of Object.entries(segments)) await database.db.insertInto("segments").values({ workspace_id: workspaceId, id, name: id, query: JSON.stringify(query), created_by: "Ada" }).execute();
        for (const query of questions) {
          const expected = idsOf(all.filter((person) => means(query, person, NOW, segments)));
          expect(await everyPage(workspaceId, { query }, 4, { now: NOW }), JSON.stringify(query)).toEqual(expected);
          expect(await countAudience(database.db, workspaceId, { query }, { now: NOW })).toBe(expected.length);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** People with a number each, one tenth of them gold; their ids in order. */
async function crowd(count: number): Promise<{ ws: string; ids: string[]; gold: string[]; phones: string[] }> {
  const ws = await newWorkspace(database.db);
  const phones = Array.from({ length: count }, () => newPhone());
  const result = await upsert(database.db, ws, phones.map((phone, i) => ({ phone, name: `Person ${i}`, properties: { Tier: i % 10 === 0 ? "gold" : "silver" } })));
  const ids = result.ids.map((id) => id!);
  return { ws, ids: ids.toSorted(), gold: ids.filter((_, i) => i % 10 === 0).toSorted(), phones };
}
const goldQuery: SegmentQuery = { kind: "property", key: "Tier", test: { type: "text", op: "is", value: "gold" } };

async function makeList(ws: string, members: string[]): Promise<string> {
  const id = uuidv7();
  await database.db.insertInto("contact_lists").values({ workspace_id: ws, id, name: id, created_by: "Ada" }).execute();
  if (members.length > 0) await database.db.insertInto("list_members").values(members.map((contact_id) => ({ workspace_id: ws, list_id: id, contact_id }))).execute();
  return id;
}

describe("an audience read page by page", () => {
  test("has everybody who was there exactly once, while people are being added", async () => {
    const { ws, ids } = await crowd(300);
    const adding = (async () => {
      for (let i = 0; i < 20; i++) await upsert(database.db, ws, Array.from({ length: 10 }, () => ({ phone: newPhone() })));
    })();
    const seen = await everyPage(ws, { everyone: true }, 7);
    await adding;
    expect(new Set(seen).size).toBe(seen.length);
    expect(ids.filter((id) => !seen.includes(id))).toEqual([]);
    expect(seen).toEqual(seen.toSorted());
  });

  test("is split into shards that have everybody once together", async () => {
    const { ws, gold } = await crowd(200);
    const parts = await Promise.all([0, 1, 2].map((index) => everyPage(ws, { query: goldQuery }, 4, { shard: { index, count: 3 } })));
    expect(parts.flat().toSorted()).toEqual(gold);
  });

  test("of a list goes by the list, of typed numbers by those, each without whom it excepts", async () => {
    const { ws, ids, gold, phones } = await crowd(60);
    const listId = await makeList(ws, ids.slice(0, 25));
    expect(await everyPage(ws, { listId }, 4)).toEqual(ids.slice(0, 25));
    expect(await everyPage(ws, { listId, except: [{ query: goldQuery }] }, 4)).toEqual(ids.slice(0, 25).filter((id) => !gold.includes(id)));
    const typed: Audience = { phones: [phones[3]!, phones[10]!, phones[3]!.replace("+1555", "+1 555 "), "+4915112345678"], except: [{ query: goldQuery }] };
    expect(await everyPage(ws, typed, 1)).toHaveLength(1);
    expect(await countAudience(database.db, ws, typed)).toBe(1);
    expect(await missingNumbers(database.db, ws, typed)).toEqual(["+4915112345678"]);
  });

  test("tells of each person what a text may say of them, and shows the first ones as contacts", async () => {
    const { ws, gold, phones } = await crowd(30);
    const page = await pageOfAudience(database.db, ws, { query: goldQuery }, null, 2);
    expect(page.contacts[0]).toEqual({ id: gold[0], identity: null, phone: phones[0], name: "Person 0", email: null, language: null, timeZone: null, properties: { Tier: "gold" } });
    expect((await sampleAudience(database.db, ws, { query: goldQuery }, 2)).map(({ id }) => id)).toEqual(gold.slice(0, 2));
  });

  test("never holds somebody of another workspace, though the same is asked there", async () => {
    const [one, other] = [await crowd(20), await crowd(20)];
    const event = (ws: string, id: string) =>
      database.db.insertInto("events").values({ workspace_id: ws, id: uuidv7(), contact_id: id, name: "Order placed", occurred_at: new Date("2015-05-05"), properties: "{}" }).execute();
    await event(one.ws, one.ids[0]!);
    await event(other.ws, one.ids[1]!);
    expect(await everyPage(one.ws, { query: { kind: "event", name: "Order placed", did: true } }, 5)).toEqual([one.ids[0]]);
    const phones = [one.phones[0]!, other.phones[0]!];
    expect(await countAudience(database.db, one.ws, { phones })).toBe(1);
  });
});

test("names and values that look like SQL are only names and values", async () => {
  const { ws, ids } = await crowd(3);
  const evil = ["'; drop table contacts; --", '"x"', "$1", "a\\'b", "%' or '1'='1", "{}", "\u2028", "💥"];
  const asked = evil.flatMap((text): SegmentQuery[] => [
    { kind: "field", field: "name", test: { type: "text", op: "is", value: text } },
    { kind: "field", field: "name", test: { type: "text", op: "contains", value: text } },
    { kind: "property", key: "Tier", test: { type: "text", op: "in", values: [text, `${text}x`] } },
    { kind: "event", name: text, did: true, where: [{ key: text, test: { type: "text", op: "startsWith", value: text } }, { key: text, test: { type: "list", op: "hasAny", values: [text] } }] },
  ]);
  for (const query of asked) expect(await countAudience(database.db, ws, { query })).toBe(0);
  expect(await everyPage(ws, { everyone: true }, 2)).toEqual(ids);
});
