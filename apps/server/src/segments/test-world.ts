/** Random people, random questions about them, and a database that holds the people. */
import type { EventValue, PropertyValue, SegmentQuery, ValueTest } from "@tincan/api";
import * as fc from "fast-check";
import { sql } from "kysely";
import { ensureMonths, monthOf } from "../contacts/event-months.ts";
import type { Database } from "../database/connection.ts";
import { uuidv7 } from "../database/uuid.ts";
import { makePlace } from "../ledger/test-builders.ts";
import type { PlainEvent, PlainPerson } from "./test-plain.ts";

export const NOW = new Date("2026-11-22T12:00:00.000Z");

const texts = ["gold", "GOLD", "silver", "Éva", "éva maria", "100% _sure_", "a'b\"c", "x"];
const text = fc.constantFrom(...texts);
const part = fc.constantFrom("g", "old", "É", "%", "_", "'", "a'b", "zz", "va m");
const tag = fc.constantFrom("vip", "VIP", "new", "a\\b", 'quo"te', "Éva");
const number = fc.oneof(fc.integer({ min: -3, max: 5 }), fc.constantFrom(0.1, 0.30000000000000004, 1e21, -2.5));
/** To whole hours, so that bounds are met exactly now and then. */
const time = fc.integer({ min: -40 * 24, max: 5 * 24 }).map((hours) => new Date(NOW.getTime() + hours * 3_600_000));
const past = fc.integer({ min: -40 * 24, max: 0 }).map((hours) => new Date(NOW.getTime() + hours * 3_600_000));
const maybe = <T>(arbitrary: fc.Arbitrary<T>) => fc.option(arbitrary, { freq: 3 });
/** Some of the members, the others absent. */
const given = <T>(record: Record<string, fc.Arbitrary<T>>): fc.Arbitrary<Record<string, T>> =>
  fc.record(record, { requiredKeys: [] }).map((some) => Object.fromEntries(Object.entries(some).filter((entry): entry is [string, T] => entry[1] !== undefined)));

const propertyTypes = { tier: "text", age: "number", joined: "date", vip: "boolean", tags: "list" } as const;
const properties: fc.Arbitrary<Record<string, PropertyValue>> = given<PropertyValue>({
  tier: text, age: number, joined: time.map((at) => at.toISOString()), vip: fc.boolean(), tags: fc.uniqueArray(tag, { minLength: 1, maxLength: 3 }),
});
/** Of an event, a property may be of any type. */
const eventValue: fc.Arbitrary<EventValue> = fc.oneof(
  text, number, fc.boolean(), fc.uniqueArray(fc.oneof(tag, number), { maxLength: 3 }),
  time.map((at) => at.toISOString()), time.map((at) => at.toISOString().slice(0, 10)), fc.constantFrom("2026-13-45", "2026-11-20T10:00:00Z", "2026-11-20T10:00:00.5Z", "2026-11-20T10:00:00+05:30"),
);
const event: fc.Arbitrary<PlainEvent> = fc.record({ name: fc.constantFrom("Order placed", "App opened"), at: past, properties: given<EventValue>({ what: eventValue, amount: eventValue }) });

const consentState = fc.constantFrom("in" as const, "out" as const);
const person = (lists: string[]): fc.Arbitrary<Omit<PlainPerson, "id" | "phone" | "identity">> =>
  fc.record({
    name: maybe(text), email: maybe(fc.constantFrom("a@x.org", "B@X.org")), language: maybe(fc.constantFrom("en", "pt-BR")), timeZone: maybe(fc.constant("Asia/Kolkata")),
    source: fc.constantFrom("csv", "api"), createdAt: past, lastSeenAt: maybe(past), properties, msgWhatsapp: fc.boolean(),
    consent: fc.record({ marketing: consentState, utility: consentState }, { requiredKeys: [] }),
    dnd: fc.boolean(), lists: fc.subarray(lists), events: fc.array(event, { maxLength: 6 }),
  });

export const people = (lists: string[]): fc.Arbitrary<PlainPerson[]> =>
  fc.array(person(lists), { minLength: 1, maxLength: 25 }).map((all) => all.map((each, i) => ({ ...each, id: uuidv7(), phone: i % 4 === 3 ? null : `+1555${String(1_000_000 + i)}`, dnd: each.dnd && i % 4 !== 3, identity: i % 3 === 0 ? null : `C-${i}` })));

const span = { n: fc.integer({ min: 1, max: 30 }), unit: fc.constantFrom("hours" as const, "days" as const, "weeks" as const) };
const iso = time.map((at) => at.toISOString());
const isoPair = fc.tuple(iso, iso).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a }));
const numberPair = fc.tuple(number, number).map(([a, b]) => ({ from: Math.min(a, b), to: Math.max(a, b) }));

type TestOf<T extends ValueTest["type"]> = Extract<ValueTest, { type: T }>;
const textTest: fc.Arbitrary<TestOf<"text">> = fc.oneof(
  fc.record({ type: fc.constant("text" as const), op: fc.constantFrom("is" as const, "isNot" as const, "contains" as const, "notContains" as const, "startsWith" as const), value: fc.oneof(text, part) }),
  fc.record({ type: fc.constant("text" as const), op: fc.constantFrom("in" as const, "notIn" as const), values: fc.array(text, { minLength: 1, maxLength: 3 }) }),
);
const numberTest: fc.Arbitrary<TestOf<"number">> = fc.oneof(
  fc.record({ type: fc.constant("number" as const), op: fc.constantFrom("equals" as const, "notEquals" as const, "lessThan" as const, "atMost" as const, "moreThan" as const, "atLeast" as const), value: number }),
  numberPair.map((pair) => ({ type: "number" as const, op: "between" as const, ...pair })),
);
const dateTest: fc.Arbitrary<TestOf<"date">> = fc.oneof(
  fc.record({ type: fc.constant("date" as const), op: fc.constantFrom("before" as const, "after" as const), value: iso }),
  isoPair.map((pair) => ({ type: "date" as const, op: "between" as const, ...pair })),
  fc.record({ type: fc.constant("date" as const), op: fc.constantFrom("inLast" as const, "longerAgo" as const, "inNext" as const), ...span }),
);
const listTest: fc.Arbitrary<TestOf<"list">> = fc.oneof(
  fc.record({ type: fc.constant("list" as const), op: fc.constantFrom("has" as const, "hasNot" as const), value: tag }),
  fc.record({ type: fc.constant("list" as const), op: fc.constantFrom("hasAny" as const, "hasAll" as const), values: fc.array(tag, { minLength: 1, maxLength: 3 }) }),
);
const booleanTest: fc.Arbitrary<TestOf<"boolean">> = fc.record({ type: fc.constant("boolean" as const), op: fc.constantFrom("isTrue" as const, "isFalse" as const) });
const presence: fc.Arbitrary<TestOf<"any">> = fc.record({ type: fc.constant("any" as const), op: fc.constantFrom("known" as const, "unknown" as const) });
const tests = { text: textTest, number: numberTest, date: dateTest, boolean: booleanTest, list: listTest };
const anyTest: fc.Arbitrary<ValueTest> = fc.oneof(textTest, numberTest, dateTest, listTest, booleanTest, presence);

const property = fc.constantFrom(...(Object.keys(propertyTypes) as (keyof typeof propertyTypes)[])).chain((key) =>
  fc.record({ kind: fc.constant("property" as const), key: fc.constant(key), test: fc.oneof({ weight: 5, arbitrary: tests[propertyTypes[key]] }, { weight: 1, arbitrary: presence }) }),
);
const field = fc.oneof(
  fc.record({ kind: fc.constant("field" as const), field: fc.constantFrom("name" as const, "phone" as const, "email" as const, "identity" as const, "language" as const, "timeZone" as const, "source" as const), test: fc.oneof(textTest, presence) }),
  fc.record({ kind: fc.constant("field" as const), field: fc.constantFrom("createdAt" as const, "lastSeenAt" as const), test: fc.oneof(dateTest, presence) }),
);
const period = fc.oneof(fc.record({ last: fc.record(span) }), isoPair, iso.map((from) => ({ from })), iso.map((to) => ({ to })));
const where = fc.array(fc.record({ key: fc.constantFrom("what", "amount"), test: anyTest }), { maxLength: 2 });
const eventName = fc.constantFrom("Order placed", "App opened", "Never seen");
const events = fc.oneof(
  fc.record({
    kind: fc.constant("event" as const), name: eventName, did: fc.boolean(),
    count: fc.record({ op: fc.constantFrom("atLeast" as const, "atMost" as const, "exactly" as const), n: fc.integer({ min: 0, max: 3 }) }), within: period, where,
  }, { requiredKeys: ["kind", "name", "did"] }),
  fc.record({ kind: fc.constant("event" as const), name: eventName, did: fc.boolean(), which: fc.constantFrom("first" as const, "last" as const), within: period, where }),
);

export const queries = (lists: string[], segments: string[]): fc.Arbitrary<SegmentQuery> => {
  const leaf: fc.Arbitrary<SegmentQuery> = fc.oneof(
    field, property, { weight: 2, arbitrary: events },
    fc.record({ kind: fc.constant("consent" as const), category: fc.constantFrom("marketing" as const, "utility" as const, "authentication" as const), is: fc.constantFrom("allowed" as const, "optedOut" as const, "notOptedIn" as const) }),
    fc.record({ kind: fc.constant("doNotDisturb" as const), is: fc.boolean() }),
    fc.record({ kind: fc.constant("list" as const), listId: fc.constantFrom(...lists), in: fc.boolean() }),
    ...(segments.length === 0 ? [] : [fc.record({ kind: fc.constant("segment" as const), segmentId: fc.constantFrom(...segments), in: fc.boolean() })]),
  );
  const deeper = (depth: number): fc.Arbitrary<SegmentQuery> => {
    if (depth === 0) return leaf;
    const child = deeper(depth - 1);
    const children = fc.array(child, { maxLength: 3 });
    return fc.oneof({ weight: 2, arbitrary: leaf }, children.map((all) => ({ all })), children.map((any) => ({ any })), child.map((not) => ({ not })));
  };
  return deeper(3);
};

/** Writes people as they are, in a workspace of their own with two lists. */
export async function storeWorld(db: Database, lists: string[], all: PlainPerson[]): Promise<string> {
  const { workspaceId } = await makePlace(db);
  await db.transaction().execute(async (tx) => {
    for (const [key, type] of Object.entries(propertyTypes)) await tx.insertInto("contact_properties").values({ workspace_id: workspaceId, key, type }).execute();
    for (const id of lists) await tx.insertInto("contact_lists").values({ workspace_id: workspaceId, id, name: `List ${id}`, created_by: "Ada" }).execute();
    await tx.insertInto("contacts").values(all.map((each) => ({
      workspace_id: workspaceId, id: each.id, identity: each.identity, phone: each.phone, name: each.name, email: each.email, language: each.language, time_zone: each.timeZone,
      properties: JSON.stringify(each.properties), msg_whatsapp: each.msgWhatsapp, source: each.source as "csv", sort_name: "", words: "", created_at: each.createdAt, last_seen_at: each.lastSeenAt,
    }))).execute();
    const consents = all.flatMap((each) => Object.entries(each.consent).map(([category, state]) => ({ workspace_id: workspaceId, contact_id: each.id, category: category as "marketing", state, source: "api" as const, at: NOW })));
    if (consents.length > 0) await tx.insertInto("consents").values(consents).execute();
    const numbers = all.flatMap((each) => (each.phone === null ? [] : [{ workspace_id: workspaceId, phone: each.phone, dnd: each.dnd, source: "api" as const, at: NOW }]));
    if (numbers.length > 0) await tx.insertInto("phone_dnd").values(numbers).execute();
    const members = all.flatMap((each) => each.lists.map((list) => ({ workspace_id: workspaceId, list_id: list, contact_id: each.id })));
    if (members.length > 0) await tx.insertInto("list_members").values(members).execute();
    const done = all.flatMap((each) => each.events.map((one) => ({ workspace_id: workspaceId, id: uuidv7(), contact_id: each.id, name: one.name, occurred_at: one.at, properties: JSON.stringify(one.properties) })));
    await ensureMonths(tx, done.map((one) => monthOf(one.occurred_at)));
    if (done.length > 0) await tx.insertInto("events").values(done).execute();
    for (const name of ["Order placed", "App opened"]) await sql`insert into event_names (workspace_id, key, name) values (${workspaceId}, ${name.toLowerCase().replace(" ", "")}, ${name})`.execute(tx);
  });
  return workspaceId;
}
