/**
 * Makes of a query what can be compiled: saved segments are put in place of their names, names of events become their stored spelling, typed
 * numbers the contacts that have them. Whatever is named and is not there, or is of another type, is refused with its path.
 */
import type { Audience, AudiencePart, EventCondition, PropertyType, SegmentField, SegmentLeaf, SegmentQuery, ValueTest } from "@tincan/api";
import { SegmentDateField as DateFields, UUID } from "@tincan/api";
import { eventKey } from "../contacts/events.ts";
import { readNumberOf } from "../contacts/phone.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { readQuery, refused } from "./read-query.ts";

/** A condition that names nothing anymore that might not be there. */
export type Leaf = Exclude<SegmentLeaf, { kind: "segment" } | { kind: "list" }> | { kind: "list"; listId: string } | { kind: "people"; ids: string[] };
export type Tree = Leaf | { all: Tree[] } | { any: Tree[] } | { not: Tree };

/** Conditions of a query together with those of the segments in it. */
const MOST_CONDITIONS = 200;

export interface ResolveOptions {
  /** The saved segment that the query belongs to: it may not come to hold itself. */
  segmentId?: string;
}

/** Checks a query of `workspaceId` and resolves it. Throws invalid_input with a path that begins with `field`. */
export async function resolveQuery(db: Database, workspaceId: string, query: unknown, field: string, options: ResolveOptions = {}): Promise<Tree> {
  return new Resolver(db, workspaceId).query(readQuery(query, field), field, options.segmentId === undefined ? [] : [options.segmentId]);
}

/** An audience as one tree: its people and not those it excepts. */
export async function resolveAudience(db: Database, workspaceId: string, audience: Audience): Promise<Tree> {
  const resolver = new Resolver(db, workspaceId);
  const { except = [], ...people } = audience;
  const without = await inTurn(except, async (part, i): Promise<Tree> => ({ not: await resolver.part(part, `except[${i}].`) }));
  const chosen = await resolver.part(people, "");
  return without.length === 0 ? chosen : { all: [chosen, ...without] };
}

/** The numbers of an audience, in E.164, that no contact has. */
export async function missingNumbers(db: Database, workspaceId: string, audience: Audience): Promise<string[]> {
  if (!("phones" in audience)) return [];
  const phones = readPhones(audience.phones, "phones");
  const known = new Set((await findPhones.run(db, [workspaceId, phones])).map((row) => row.phone));
  return phones.filter((phone) => !known.has(phone));
}

class Resolver {
  readonly #db: Database;
  readonly #workspaceId: string;
  #conditions = 0;
  #properties: Map<string, PropertyType> | undefined;
  #eventNames: Map<string, string> | undefined;

  constructor(db: Database, workspaceId: string) {
    this.#db = db;
    this.#workspaceId = workspaceId;
  }

  async part(part: AudiencePart, at: string): Promise<Tree> {
    if ("everyone" in part) return { all: [] };
    if ("listId" in part) return this.#list(part.listId, `${at}listId`);
    if ("segmentId" in part) return this.#segment(part.segmentId, `${at}segmentId`, []);
    if ("query" in part) return this.query(readQuery(part.query, `${at}query`), `${at}query`, []);
    const found = await findPhones.run(this.#db, [this.#workspaceId, readPhones(part.phones, `${at}phones`)]);
    return { kind: "people", ids: found.map((row) => row.id).sort() };
  }

  /** `within` are the saved segments that this query is part of, outermost first. */
  async query(query: SegmentQuery, at: string, within: readonly string[]): Promise<Tree> {
    if ("all" in query) return { all: await inTurn(query.all, (child, i) => this.query(child, `${at}.all[${i}]`, within)) };
    if ("any" in query) return { any: await inTurn(query.any, (child, i) => this.query(child, `${at}.any[${i}]`, within)) };
    if ("not" in query) return { not: await this.query(query.not, `${at}.not`, within) };
    if (++this.#conditions > MOST_CONDITIONS) throw refused(at, `part of at most ${MOST_CONDITIONS} conditions, those of the segments in it counted too`);
    switch (query.kind) {
      case "segment": {
        const tree = await this.#segment(query.segmentId, `${at}.segmentId`, within);
        return query.in ? tree : { not: tree };
      }
      case "list": {
        const list = await this.#list(query.listId, `${at}.listId`);
        return query.in ? list : { not: list };
      }
      case "property":
        checkTest(query.test, await this.#typeOf(query.key, `${at}.key`), `${at}.test`);
        return query;
      case "field":
        checkTest(query.test, typeOfField(query.field), `${at}.test`);
        return query;
      case "event":
        checkEvent(query, at);
        return { ...query, name: await this.#eventName(query.name) };
      default:
        return query;
    }
  }

  async #segment(id: string, at: string, within: readonly string[]): Promise<Tree> {
    if (within.includes(id)) throw refused(at, "a segment that does not hold this one, directly or through others");
    const [row] = UUID.test(id) ? await findSegment.run(this.#db, [this.#workspaceId, id]) : [];
    if (!row) throw refused(at, "a segment of this workspace");
    // A path inside the other segment would say nothing to whoever reads this one.
    return this.query(row.query, at, [...within, id]);
  }

  async #list(listId: string, at: string): Promise<Tree> {
    const found = UUID.test(listId) && (await findList.run(this.#db, [this.#workspaceId, listId])).length > 0;
    if (!found) throw refused(at, "a list of this workspace");
    return { kind: "list", listId };
  }

  async #typeOf(key: string, at: string): Promise<PropertyType> {
    this.#properties ??= new Map((await this.#db.selectFrom("contact_properties").select(["key", "type"]).where("workspace_id", "=", this.#workspaceId).execute()).map((row) => [row.key, row.type]));
    const type = this.#properties.get(key);
    if (type === undefined) throw refused(at, "a property that people of this workspace have");
    return type;
  }

  /** As it was spelled first; an event that never came yet keeps the spelling of the query. */
  async #eventName(name: string): Promise<string> {
    this.#eventNames ??= new Map((await this.#db.selectFrom("event_names").select(["key", "name"]).where("workspace_id", "=", this.#workspaceId).execute()).map((row) => [row.key, row.name]));
    return this.#eventNames.get(eventKey(name)) ?? name;
  }
}

function typeOfField(field: SegmentField): PropertyType {
  return (DateFields.enum as readonly string[]).includes(field) ? "date" : "text";
}

function checkTest(test: ValueTest, type: PropertyType, at: string): void {
  if (test.type !== "any" && test.type !== type) throw refused(`${at}.type`, `${type}, or any`);
  checkRange(test, at);
}

/** Throws invalid_input for times that are none, and for ranges that end before they begin. */
export function checkRange(test: ValueTest, at: string): void {
  if (test.type === "date") {
    if ("value" in test) checkTime(test.value, `${at}.value`);
    else if ("from" in test) checkSpan(test.from, test.to, at);
  } else if (test.type === "number" && "from" in test && test.from > test.to) throw refused(`${at}.to`, "no less than from");
}

function checkEvent({ which, count, within, where = [] }: EventCondition, at: string): void {
  if (which !== undefined && count !== undefined) throw refused(`${at}.count`, "left out: the first or the last of something is one");
  if (within && "from" in within && within.from !== undefined && within.to !== undefined) checkSpan(within.from, within.to, `${at}.within`);
  else if (within && "from" in within && within.from !== undefined) checkTime(within.from, `${at}.within.from`);
  else if (within && "to" in within && within.to !== undefined) checkTime(within.to, `${at}.within.to`);
  const bounded = within !== undefined && Object.keys(within).length > 0;
  if (which !== undefined && !bounded) throw refused(`${at}.within`, `given: when was the ${which} one?`);
  where.forEach(({ test }, i) => checkRange(test, `${at}.where[${i}].test`));
}

function checkSpan(from: string, to: string, at: string): void {
  if (checkTime(from, `${at}.from`) > checkTime(to, `${at}.to`)) throw refused(`${at}.to`, "no earlier than from");
}

/** Four digits of a year: what sorts as text, and what Postgres takes as it is. */
export function checkTime(text: string, at: string): number {
  const time = Date.parse(text);
  const year = Number.isNaN(time) ? NaN : new Date(time).getUTCFullYear();
  if (!(year >= 1000 && year <= 9999)) throw refused(at, "a time such as 2026-11-22T10:15:30Z");
  return time;
}

function readPhones(phones: readonly string[], at: string): string[] {
  const read = phones.map((text, i) => {
    const phone = readNumberOf(text, null);
    if (phone === null) throw refused(`${at}[${i}]`, "a phone number with its country code, such as +919800000001");
    return phone;
  });
  return [...new Set(read)];
}

async function inTurn<T, R>(items: readonly T[], act: (item: T, index: number) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  for (const [index, item] of items.entries()) results.push(await act(item, index));
  return results;
}

const findSegment = statement<{ query: SegmentQuery }>("segments_find_query", `select query from segments where workspace_id = $1 and id = $2`);

const findList = statement<{ id: string }>("segments_find_list", `select id from contact_lists where workspace_id = $1 and id = $2`);

/** By contacts_phone. */
const findPhones = statement<{ id: string; phone: string }>("segments_find_phones", `select id, phone from contacts where workspace_id = $1 and phone = any ($2::text[])`);
