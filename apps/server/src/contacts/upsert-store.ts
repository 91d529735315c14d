/** The statements of upsertContacts: whom a batch of drafts may be about, and writing what was planned. */
import type { PropertyType } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { ConsentBook } from "./consent-book.ts";
import { differences, type KnownPeople, type Person, type Plan } from "./merge.ts";
import { readNumberOf } from "./phone.ts";
import { tidy, type Properties } from "./properties.ts";
import { sortNameOf, wordsOf } from "./search-words.ts";
import type { ContactDraft, UpsertOptions } from "./types.ts";
import { insertPeople, writtenPeople } from "./upsert-insert.ts";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** A person as the table says it. */
export type PersonRow = Omit<Person, "timeZone"> & { time_zone: Person["timeZone"] };

const personOf = ({ time_zone, ...row }: PersonRow): Person => ({ ...row, timeZone: time_zone });

/** Everybody who has an id, identity or number of the drafts, and the types of the workspace's properties. */
export async function dueKnownPeople(tx: Database, workspaceId: string, drafts: readonly ContactDraft[], defaultCountry: string | null | undefined): Promise<KnownPeople> {
  const ids = drafts.flatMap(({ id }) => (id !== undefined && UUID.test(id) ? [id] : []));
  const identities = [...new Set(drafts.flatMap(({ identity }) => (identity ? [tidy(identity)] : [])))];
  const phones = [...new Set(drafts.flatMap(({ phone, country }) => (phone ? [readNumberOf(tidy(phone), country ?? defaultCountry) ?? []] : []).flat()))];
  const further = await furtherIdentities(tx, workspaceId, identities);
  const people = await findPeople.run(tx, [workspaceId, [...ids, ...further.map((row) => row.contact_id)], identities, phones]);
  const hasProperties = drafts.some(({ properties }) => properties !== undefined && Object.keys(properties).length > 0);
  const types = hasProperties ? await readPropertyTypes(tx, workspaceId) : new Map<string, PropertyType>();
  return {
    people: people.map(personOf),
    identities: further.map((row) => ({ identity: row.identity, contactId: row.contact_id })),
    types,
  };
}

/** The types of the workspace's properties, by key. */
export async function readPropertyTypes(db: Database, workspaceId: string): Promise<Map<string, PropertyType>> {
  return new Map((await readTypes.run(db, [workspaceId])).map((row) => [row.key, row.type]));
}

/** Those of the identities that are somebody's beyond the first. */
export async function furtherIdentities(tx: Database, workspaceId: string, identities: readonly string[]): Promise<{ contact_id: string; identity: string }[]> {
  return identities.length === 0 ? [] : findFurther.run(tx, [workspaceId, identities]);
}

/** The people with these ids, as far as they are there. */
export async function readPeople(tx: Database, workspaceId: string, ids: string[]): Promise<Person[]> {
  return (await findPeople.run(tx, [workspaceId, ids.filter((id) => UUID.test(id)), [], []])).map(personOf);
}

/** Writes the people of a plan; those merged away are gone already. `written`: those who are new, when they have been written down before. */
export async function storePlan(tx: Database, workspaceId: string, plan: Plan, book: ConsentBook, options: UpsertOptions, written?: Iterable<string>): Promise<void> {
  const { created, changed } = plan;
  if (changed.length > 0) await storeChanged(tx, workspaceId, changed, options);
  if (created.length > 0) await insertPeople(tx, written ?? writtenPeople(workspaceId, created, (id) => book.consentOf(id)));
  await countProperties(tx, workspaceId, plan);
}

async function storeChanged(tx: Database, workspaceId: string, changed: Plan["changed"], { source, by }: UpsertOptions): Promise<void> {
  // A unique value may pass from one row to another; whoever gives one up does so first.
  const giving = changed.filter(({ before, after }) => before.phone !== after.phone || before.identity !== after.identity);
  if (giving.length > 0) await giveUp.run(tx, [workspaceId, giving.map(({ after }) => after.id)]);
  await updatePeople.run(tx, [workspaceId, ...columnsOf(workspaceId, changed.map(({ after }) => after))]);
  const history = changed.flatMap(({ before, after }) => {
    const found = differences(before, after);
    return Object.keys(found).length === 0 ? [] : [{ contactId: after.id, changes: JSON.stringify(found) }];
  });
  if (history.length === 0) return;
  await writeHistory.run(tx, [workspaceId, history.map((h) => h.contactId), history.map(() => uuidv7()), history.map((h) => h.changes), source, by ?? null]);
}

function columnsOf(workspaceId: string, people: Person[]): unknown[] {
  return [
    people.map((p) => p.id), people.map((p) => p.identity), people.map((p) => p.phone), people.map((p) => p.name), people.map((p) => p.email), people.map((p) => p.language),
    people.map((p) => p.timeZone), people.map((p) => JSON.stringify(p.properties)), people.map((p) => p.source), people.map((p) => sortNameOf(p)), people.map((p) => wordsOf(workspaceId, p)),
  ];
}

/** The registry counts who has a property, so that nobody has to count a million people. */
async function countProperties(tx: Database, workspaceId: string, plan: Plan): Promise<void> {
  const counts = new Map<string, number>([...plan.newTypes.keys()].map((key) => [key, 0]));
  const count = (properties: Properties, by: number): void => {
    for (const key of Object.keys(properties)) counts.set(key, (counts.get(key) ?? 0) + by);
  };
  for (const { properties } of plan.created) count(properties, 1);
  for (const { before, after } of plan.changed) {
    if (before.properties === after.properties) continue;
    count(before.properties, -1);
    count(after.properties, 1);
  }
  for (const { from } of plan.merged) count(from.properties, -1);
  await changePropertyCounts(tx, workspaceId, counts, plan.newTypes);
}

export async function changePropertyCounts(tx: Database, workspaceId: string, counts: ReadonlyMap<string, number>, newTypes: ReadonlyMap<string, PropertyType> = new Map()): Promise<void> {
  const keys = [...counts].filter(([key, by]) => by !== 0 || newTypes.has(key)).map(([key]) => key).sort();
  if (keys.length === 0) return;
  await writeCounts.run(tx, [workspaceId, keys, keys.map((key) => newTypes.get(key) ?? null), keys.map((key) => counts.get(key)!)]);
  if (keys.some((key) => counts.get(key)! <= 0)) await forgetUnused.run(tx, [workspaceId, keys]);
}

const findFurther = statement<{ contact_id: string; identity: string }>(
  "contacts_find_further",
  `select contact_id, identity from contact_identities where workspace_id = $1 and identity = any ($2::text[])`,
);

/** By the primary key, contacts_identity and contacts_phone. */
const findPeople = statement<PersonRow>(
  "contacts_find_people",
  `select id, identity, phone, name, email, language, time_zone, properties, source from contacts
   where workspace_id = $1 and id = any (array (
     select unnest($2::uuid[])
     union select id from contacts where workspace_id = $1 and identity = any ($3::text[])
     union select id from contacts where workspace_id = $1 and phone = any ($4::text[])))`,
);

const readTypes = statement<{ key: string; type: PropertyType }>(
  "contacts_property_types",
  `select key, type from contact_properties where workspace_id = $1`,
);

const COLUMNS = "id, identity, phone, name, email, language, time_zone, properties, source, sort_name, words";
const UNNEST = `unnest($2::uuid[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::jsonb[], $10::text[], $11::text[], $12::text[]`;

const updatePeople = statement(
  "contacts_update",
  `update contacts c set identity = i.identity, phone = i.phone, name = i.name, email = i.email, language = i.language, time_zone = i.time_zone,
     properties = i.properties, source = i.source, sort_name = i.sort_name, words = array_to_tsvector(string_to_array(i.words, ' ')), updated_at = now()
   from ${UNNEST}) as i (${COLUMNS})
   where c.workspace_id = $1 and c.id = i.id and c.id = any ($2::uuid[])`,
);

const giveUp = statement("contacts_give_up", `update contacts set phone = null, identity = null where workspace_id = $1 and id = any ($2::uuid[])`);

const writeHistory = statement(
  "contacts_write_history",
  `insert into contact_changes (workspace_id, contact_id, id, at, source, by_name, changes)
   select $1, i.contact_id, i.id, now(), $5::text, $6::text, i.changes from unnest($2::uuid[], $3::uuid[], $4::jsonb[]) as i (contact_id, id, changes)`,
);

/** A key's type is new only when nobody had the key; a row without one exists already. */
const writeCounts = statement(
  "contacts_count_properties",
  `with input as (select * from unnest($2::text[], $3::text[], $4::bigint[]) as i (key, type, by)),
   added as (
     insert into contact_properties as p (workspace_id, key, type, contacts)
     select $1, key, type, by from input where type is not null order by key
     on conflict (workspace_id, key) do update set type = excluded.type, contacts = p.contacts + excluded.contacts
   )
   update contact_properties p set contacts = greatest(p.contacts + i.by, 0)
   from input i where p.workspace_id = $1 and p.key = i.key and i.type is null`,
);

/** A key that nobody has any more is free again. */
const forgetUnused = statement("contacts_forget_properties", `delete from contact_properties where workspace_id = $1 and key = any ($2::text[]) and contacts = 0`);
