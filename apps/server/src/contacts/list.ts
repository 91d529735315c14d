/**
 * Lists of people. A page is read from an index whatever is asked: by id (newest, oldest), by name or by when they were last seen, and with a
 * search from the GIN index of words. Filters alone are answered by looking at no more than SCAN people at a time: a page may then be short, or empty, and still
 * have a next one.
 */
import type { ConsentState, ContactSort, ContactSource, PropertyType } from "@tincan/api";
import { sql, type RawBuilder } from "kysely";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { searchOf } from "./search-words.ts";

/** People looked at for one page; some 100 ms on a small machine. */
const SCAN = 50_000;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export interface ContactFilter {
  q?: string | undefined;
  consent?: ConsentState | undefined;
  source?: ContactSource | undefined;
  /** A property that they have, with this value if one is given. */
  property?: { key: string; value?: string | undefined } | undefined;
  sort: ContactSort;
  /** What the last one of the page before was sorted by (for sort "name" and "lastSeenAt"), and their id. */
  after?: [string, string] | undefined;
  limit: number;
}

interface Place {
  id: string;
  /** What they are sorted by beside the id. */
  place: string;
}

/** A condition on a person's properties (`c.properties`); undefined when nobody can meet it. */
type Condition = RawBuilder<unknown> | undefined;

/** Ids of one page, and where to go on; null at the end. */
export async function listContacts(db: Database, workspaceId: string, filter: ContactFilter): Promise<{ ids: string[]; next: [string, string] | null }> {
  const q = filter.q?.trim() ?? "";
  const search = q === "" ? undefined : searchOf(workspaceId, q);
  if (q !== "" && search === undefined) return { ids: [], next: null };
  const having = filter.property === undefined ? sql`true` : await conditionOf(db, workspaceId, filter.property);
  if (having === undefined) return { ids: [], next: null };
  const narrowed = search !== undefined || (filter.consent === undefined && filter.source === undefined && filter.property === undefined);
  const rows = await find(db, workspaceId, filter, search, having, narrowed ? null : SCAN);
  const shown = rows.slice(0, filter.limit);
  const last = shown.at(-1);
  if (rows.length > filter.limit && last) return { ids: shown.map((row) => row.id), next: [last.place, last.id] };
  const unread = narrowed ? undefined : await horizon(db, workspaceId, filter);
  return { ids: shown.map((row) => row.id), next: unread ? [unread.place, unread.id] : null };
}

/** Every person's id that a filter finds, page by page, for whoever needs all of them (an export). */
export async function* allContacts(db: Database, workspaceId: string, filter: Omit<ContactFilter, "after" | "limit">, pageSize = 1_000): AsyncGenerator<string[]> {
  let after: [string, string] | undefined;
  do {
    const page = await listContacts(db, workspaceId, { ...filter, limit: pageSize, after });
    if (page.ids.length > 0) yield page.ids;
    after = page.next ?? undefined;
  } while (after);
}

async function find(db: Database, workspaceId: string, filter: ContactFilter, search: string | undefined, having: RawBuilder<unknown>, scan: number | null): Promise<Place[]> {
  const { consent, source, limit } = filter;
  const matching = search === undefined ? sql`` : sql`and words @@ ${search}::tsquery`;
  const { rows } = await sql<Place>`
    select c.id, ${placeOf(filter.sort)} as place from (
      select id, sort_name, last_seen_at, phone, msg_whatsapp, source, properties from contacts
      where workspace_id = ${workspaceId} ${beyond(filter)} ${matching}
      ${order(filter.sort)} ${scan === null ? sql`` : sql`limit ${scan}`}
    ) c
    where (${source ?? null}::text is null or c.source = ${source ?? null}) and ${having}
      and (${consent ?? null}::text is null or ${consent ?? null} = case
        when exists (select from phone_dnd d where d.workspace_id = ${workspaceId} and d.phone = c.phone and d.dnd) then 'out'
        else coalesce(
          (select s.state from consents s where s.workspace_id = ${workspaceId} and s.contact_id = c.id and s.category = 'marketing'),
          case when c.msg_whatsapp then 'in' else 'out' end) end)
    ${order(filter.sort)} limit ${limit + 1}
  `.execute(db);
  return rows;
}

/** The last person a filtered page has looked at, if anybody may lie beyond. */
async function horizon(db: Database, workspaceId: string, filter: ContactFilter): Promise<Place | undefined> {
  const { rows } = await sql<Place>`
    select id, ${placeOf(filter.sort)} as place from contacts where workspace_id = ${workspaceId} ${beyond(filter)} ${order(filter.sort)} offset ${SCAN - 1} limit 1
  `.execute(db);
  return rows[0];
}

function beyond({ sort, after }: ContactFilter) {
  const [place, id] = after ?? [null, sort === "newest" || sort === "-lastSeenAt" ? LAST_ID : FIRST_ID];
  if (sort === "newest") return sql`and id < ${id}::uuid`;
  if (sort === "oldest") return sql`and id > ${id}::uuid`;
  if (sort === "name") return sql`and (sort_name, id) > (${place ?? ""} collate "C", ${id}::uuid)`;
  if (sort === "lastSeenAt") return sql`and (${seen}, id) > (${place ?? "-infinity"}::timestamptz, ${id}::uuid)`;
  return sql`and (${seen}, id) < (${place ?? "infinity"}::timestamptz, ${id}::uuid)`;
}

/** As in the index contacts_seen. */
const seen = sql`coalesce(last_seen_at, '-infinity')`;

function order(sort: ContactSort) {
  if (sort === "name") return sql`order by sort_name, id`;
  if (sort === "lastSeenAt") return sql`order by ${seen}, id`;
  if (sort === "-lastSeenAt") return sql`order by ${seen} desc, id desc`;
  return sort === "newest" ? sql`order by id desc` : sql`order by id`;
}

/** To the microsecond, as the cursor carries it. */
function placeOf(sort: ContactSort) {
  return sort === "lastSeenAt" || sort === "-lastSeenAt" ? sql`coalesce(to_char(last_seen_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"'), '-infinity')` : sql`sort_name`;
}

/** By the type the property has in the workspace: a list has the value among its items, a date is meant by its day or to the second. */
async function conditionOf(db: Database, workspaceId: string, { key, value }: NonNullable<ContactFilter["property"]>): Promise<Condition> {
  const [known] = await propertyType.run(db, [workspaceId, key]);
  if (!known) return undefined;
  if (value === undefined) return sql`jsonb_exists(c.properties, ${key}::text)`;
  if (known.type === "date") return /^\d{4}-\d\d-\d\d/.test(value) ? sql`starts_with(c.properties ->> ${key}::text, ${value}::text)` : undefined;
  const wanted = wantedOf(known.type, value);
  return wanted === undefined ? undefined : sql`c.properties @> ${JSON.stringify({ [key]: wanted })}::jsonb`;
}

function wantedOf(type: Exclude<PropertyType, "date">, value: string): unknown {
  if (type === "list") return [value];
  if (type === "boolean") return value === "true" ? true : value === "false" ? false : undefined;
  if (type === "text") return value;
  const number = value.trim() === "" ? Number.NaN : Number(value);
  return Number.isFinite(number) ? number : undefined;
}

const propertyType = statement<{ type: PropertyType }>("contacts_property_type", `select type from contact_properties where workspace_id = $1 and key = $2`);
