import type { EventValue } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { EventListener, StoredEvent } from "./event-listener.ts";
import { ensureMonths, monthOf } from "./event-months.ts";
import { fold } from "./search-words.ts";
import { lockPeople } from "./lock.ts";
import { readNumberOf } from "./phone.ts";
import { LONGEST_KEY, LONGEST_VALUE, MOST_ITEMS, tidy } from "./properties.ts";
import type { EventProblem, EventProblemCode, NewEvent, RecordResult, UpsertOptions } from "./types.ts";
import { upsertContacts } from "./upsert.ts";

/** Kinds of events in a workspace, and properties of one event (CleverTap: platform considerations). */
const MOST_NAMES = 512;
const MOST_PROPERTIES = 256;
const LONGEST_NAME = 120;
/** Clocks differ; an event further ahead than this is a mistake. */
const AHEAD_MS = 24 * 60 * 60 * 1000;
/** "Last seen" is not rewritten for less. */
const SEEN_AGAIN = "1 minute";
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

interface Ready {
  index: number;
  contactId: string;
  nameKey: string;
  name: string;
  at: Date;
  externalId: string | null;
  properties: Record<string, EventValue>;
}

export type RecordOptions = Pick<UpsertOptions, "source" | "defaultCountry" | "dryRun"> & {
  /** Told of the events that were stored, in the same transaction. */
  listeners: readonly EventListener[];
};

/**
 * Stores what people did, set-based. Whoever is not known yet becomes a contact of `source`. An event is stored whole or reported; one
 * whose id came before is a duplicate. Call it after upsertContacts and setConsent when they share a transaction.
 */
export async function recordEvents(tx: Database, workspaceId: string, events: readonly NewEvent[], options: RecordOptions): Promise<RecordResult> {
  if (events.length === 0) return { stored: 0, duplicates: 0, problems: [] };
  const problems: EventProblem[] = [];
  const report = (index: number, code: EventProblemCode, field: string, message: string): void => void problems.push({ index, code, field, message, refused: true });
  const now = Date.now();
  if (!options.dryRun) await lockPeople(tx, workspaceId);

  const readable = events.flatMap((event, index) => {
    const read = readEvent(event, now);
    if ("code" in read) report(index, read.code, read.field, read.message);
    return "code" in read ? [] : [{ ...read, event, index }];
  });
  const people = await findPeople(tx, workspaceId, readable, report, options);
  const named = await nameEvents(tx, workspaceId, readable, report, options.dryRun === true);
  const ready = readable.flatMap(({ index, event, at, nameKey, properties }): Ready[] => {
    const [contactId, name] = [people.get(index), named.get(nameKey)];
    return contactId === undefined || name === undefined ? [] : [{ index, contactId, nameKey, name, at, externalId: event.externalId === undefined ? null : tidy(event.externalId), properties }];
  });
  const { events: told, ...result } = await store(tx, workspaceId, ready, options.dryRun === true);
  if (told.length > 0 && !options.dryRun) for (const listener of options.listeners) await listener(tx, workspaceId, told);
  return { ...result, problems: problems.sort((a, b) => a.index - b.index) };
}

interface Wrong {
  code: EventProblemCode;
  field: string;
  message: string;
}

function readEvent(event: NewEvent, now: number): { nameKey: string; at: Date; properties: Record<string, EventValue> } | Wrong {
  const name = tidy(event.name);
  if (name === "" || name.length > LONGEST_NAME) return { code: "bad_name", field: "name", message: `An event's name has 1 to ${LONGEST_NAME} characters.` };
  const at = event.at ?? new Date(now);
  if (Number.isNaN(at.getTime()) || at.getTime() > now + AHEAD_MS || at.getTime() < 0) return { code: "bad_time", field: "at", message: "It must be a time between 1970 and now." };
  const entries = Object.entries(event.properties ?? {});
  if (entries.length > MOST_PROPERTIES) return { code: "too_many_properties", field: "properties", message: `An event has at most ${MOST_PROPERTIES} properties.` };
  const properties: Record<string, EventValue> = {};
  for (const [rawKey, given] of entries) {
    const key = tidy(rawKey);
    const field = `properties.${key.slice(0, LONGEST_KEY)}`;
    if (key === "" || key.length > LONGEST_KEY || key === "__proto__") return { code: "bad_property_key", field, message: `A property's name has 1 to ${LONGEST_KEY} characters.` };
    const value = readValue(given);
    if (value === undefined) return { code: "wrong_type", field, message: "It must be a text, a number, true or false, a date, or a list of these." };
    if (value === "too long") return { code: "too_long", field, message: `It has more than ${LONGEST_VALUE} characters.` };
    properties[key] = value.is;
  }
  return { nameKey: eventKey(name), at, properties };
}

/** What two spellings of one event's name share: case, accents and spaces do not count (CleverTap: events). */
export function eventKey(name: string): string {
  return fold(tidy(name)).replaceAll(/\s+/g, "");
}

function readValue(given: EventValue | Date): { is: EventValue } | "too long" | undefined {
  if (given instanceof Date) return Number.isNaN(given.getTime()) ? undefined : { is: given.toISOString() };
  if (Array.isArray(given)) {
    const items = given.slice(-MOST_ITEMS).map((item) => (typeof item === "string" ? tidy(item) : item));
    return items.some((item) => typeof item === "string" && item.length > LONGEST_VALUE) ? "too long" : { is: items };
  }
  if (typeof given === "string") return tidy(given).length > LONGEST_VALUE ? "too long" : { is: tidy(given) };
  return typeof given === "boolean" || Number.isFinite(given) ? { is: given } : undefined;
}

type Report = (index: number, code: EventProblemCode, field: string, message: string) => void;

/** Contact ids by the event's index. In a dry run somebody who would become a contact has an empty one. */
async function findPeople(tx: Database, workspaceId: string, readable: { event: NewEvent; index: number }[], report: Report, options: Pick<UpsertOptions, "source" | "defaultCountry" | "dryRun">): Promise<Map<number, string>> {
  const found = new Map<number, string>();
  const ids = readable.flatMap(({ event }) => (event.contactId !== undefined && UUID.test(event.contactId) ? [event.contactId.toLowerCase()] : []));
  const known = new Set(ids.length === 0 ? [] : (await existing.run(tx, [workspaceId, ids])).map((row) => row.id));
  const others: { index: number; identity?: string; phone?: string }[] = [];
  for (const { event, index } of readable) {
    if (event.contactId !== undefined) {
      if (known.has(event.contactId.toLowerCase())) found.set(index, event.contactId.toLowerCase());
      else report(index, "contact_not_found", "contactId", "There is no such contact.");
    } else if (event.identity !== undefined && tidy(event.identity) !== "") others.push({ index, identity: event.identity });
    else if (event.phone !== undefined) {
      const phone = readNumberOf(tidy(event.phone), options.defaultCountry);
      if (phone === null) report(index, "bad_phone", "phone", `"${event.phone.slice(0, 40)}" is not a phone number with its country code.`);
      else others.push({ index, phone });
    } else report(index, "no_person", "", "It says of nobody: a contactId, an identity or a phone number is needed.");
  }
  // One draft per person: most batches tell many things of a few.
  const drafts = [...new Map(others.map(({ identity, phone }) => [identity ?? phone!, identity === undefined ? { phone: phone! } : { identity }])).entries()];
  const result = await upsertContacts(tx, workspaceId, drafts.map(([, draft]) => draft), options);
  const idOf = new Map(drafts.map(([key], i) => [key, result.ids[i]]));
  for (const { index, identity, phone } of others) {
    const id = idOf.get(identity ?? phone!);
    if (id) found.set(index, id);
    else report(index, "no_person", "identity", "The identity cannot be used.");
  }
  return found;
}

/** The name under which each is stored, by key: the spelling that came first. */
async function nameEvents(tx: Database, workspaceId: string, readable: { event: NewEvent; nameKey: string; index: number }[], report: Report, dryRun: boolean): Promise<Map<string, string>> {
  const names = new Map((await readNames.run(tx, [workspaceId])).map((row) => [row.key, row.name]));
  const fresh = new Map<string, string>();
  for (const { event, nameKey, index } of readable) {
    if (names.has(nameKey)) continue;
    if (names.size >= MOST_NAMES) report(index, "too_many_names", "name", `A workspace has at most ${MOST_NAMES} kinds of events.`);
    else {
      names.set(nameKey, tidy(event.name));
      fresh.set(nameKey, tidy(event.name));
    }
  }
  if (fresh.size > 0 && !dryRun) await writeNames.run(tx, [workspaceId, [...fresh.keys()], [...fresh.values()]]);
  return names;
}

async function store(tx: Database, workspaceId: string, ready: Ready[], dryRun: boolean): Promise<{ events: StoredEvent[]; stored: number; duplicates: number }> {
  const first = new Map<string, Ready>();
  for (const event of ready) if (event.externalId !== null && !first.has(event.externalId)) first.set(event.externalId, event);
  const identified = [...first.values()].sort((a, b) => (a.externalId! < b.externalId! ? -1 : 1));
  const fresh = new Set(
    identified.length === 0 ? [] : (await (dryRun ? unknownIds : writeIds).run(tx, [workspaceId, identified.map((e) => e.externalId), identified.map((e) => e.contactId)])).map((row) => row.external_id),
  );
  const events = ready.filter((event) => event.externalId === null || (fresh.has(event.externalId) && first.get(event.externalId) === event));
  if (events.length > 0 && !dryRun) {
    await ensureMonths(tx, events.map((event) => monthOf(event.at)));
    await insert.run(tx, [
      workspaceId, events.map(() => uuidv7()), events.map((e) => e.contactId), events.map((e) => e.name), events.map((e) => e.at), events.map((e) => JSON.stringify(e.properties)),
    ]);
    await markSeen.run(tx, [workspaceId, events.map((e) => e.contactId), events.map((e) => e.at)]);
  }
  return {
    events: events.map(({ contactId, nameKey, name, at, properties }) => ({ contactId, key: nameKey, name, at, properties })),
    stored: events.length,
    duplicates: ready.length - events.length,
  };
}

const existing = statement<{ id: string }>("events_contacts", `select id from contacts where workspace_id = $1 and id = any ($2::uuid[])`);

const readNames = statement<{ key: string; name: string }>("events_read_names", `select key, name from event_names where workspace_id = $1`);

const writeNames = statement(
  "events_write_names",
  `insert into event_names (workspace_id, key, name) select $1, * from unnest($2::text[], $3::text[]) on conflict do nothing`,
);

const writeIds = statement<{ external_id: string }>(
  "events_write_ids",
  `insert into event_ids (workspace_id, external_id, contact_id) select $1, * from unnest($2::text[], $3::uuid[])
   on conflict (workspace_id, external_id) do nothing returning external_id`,
);

const unknownIds = statement<{ external_id: string }>(
  "events_unknown_ids",
  `select i.external_id from unnest($2::text[], $3::text[]) as i (external_id, contact_id)
   where not exists (select from event_ids e where e.workspace_id = $1 and e.external_id = i.external_id)`,
);

const insert = statement(
  "events_insert",
  `insert into events (workspace_id, id, contact_id, name, occurred_at, properties)
   select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::timestamptz[], $6::jsonb[])`,
);

const markSeen = statement(
  "events_mark_seen",
  `update contacts c set last_seen_at = i.at
   from (select contact_id, max(at) as at from unnest($2::uuid[], $3::timestamptz[]) as e (contact_id, at) group by contact_id) i
   where c.workspace_id = $1 and c.id = i.contact_id and (c.last_seen_at is null or c.last_seen_at < i.at - interval '${SEEN_AGAIN}')`,
);
