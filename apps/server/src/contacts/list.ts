/**
 * Lists of people. A page is read from an index whatever is asked: by id (newest, oldest) or by name, and with a search from the GIN index
 * of words. Filters alone are answered by looking at no more than SCAN people at a time: a page may then be short, or empty, and still
 * have a next one.
 */
import type { ConsentState, ContactSort, ContactSource } from "@tincan/api";
import { sql } from "kysely";
import type { Database } from "../database/connection.ts";
import { searchOf } from "./search-words.ts";

/** People looked at for one page; some 100 ms on a small machine. */
const SCAN = 50_000;
const FIRST_ID = "00000000-0000-0000-0000-000000000000";
const LAST_ID = "ffffffff-ffff-ffff-ffff-ffffffffffff";

export interface ContactFilter {
  q?: string | undefined;
  consent?: ConsentState | undefined;
  source?: ContactSource | undefined;
  sort: ContactSort;
  /** Sort name (for sort "name") and id of the last one seen. */
  after?: [string, string] | undefined;
  limit: number;
}

interface Place {
  id: string;
  sort_name: string;
}

/** Ids of one page, and where to go on; null at the end. */
export async function listContacts(db: Database, workspaceId: string, filter: ContactFilter): Promise<{ ids: string[]; next: [string, string] | null }> {
  const q = filter.q?.trim() ?? "";
  const search = q === "" ? undefined : searchOf(workspaceId, q);
  if (q !== "" && search === undefined) return { ids: [], next: null };
  const narrowed = search !== undefined || (filter.consent === undefined && filter.source === undefined);
  const rows = await find(db, workspaceId, filter, search, narrowed ? null : SCAN);
  const shown = rows.slice(0, filter.limit);
  const last = shown.at(-1);
  if (rows.length > filter.limit && last) return { ids: shown.map((row) => row.id), next: [last.sort_name, last.id] };
  const unread = narrowed ? undefined : await horizon(db, workspaceId, filter);
  return { ids: shown.map((row) => row.id), next: unread ? [unread.sort_name, unread.id] : null };
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

async function find(db: Database, workspaceId: string, filter: ContactFilter, search: string | undefined, scan: number | null): Promise<Place[]> {
  const { consent, source, limit } = filter;
  const matching = search === undefined ? sql`` : sql`and words @@ ${search}::tsquery`;
  const { rows } = await sql<Place>`
    select c.id, c.sort_name from (
      select id, sort_name, phone, msg_whatsapp, source from contacts
      where workspace_id = ${workspaceId} ${beyond(filter)} ${matching}
      ${order(filter.sort)} ${scan === null ? sql`` : sql`limit ${scan}`}
    ) c
    where (${source ?? null}::text is null or c.source = ${source ?? null})
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
    select id, sort_name from contacts where workspace_id = ${workspaceId} ${beyond(filter)} ${order(filter.sort)} offset ${SCAN - 1} limit 1
  `.execute(db);
  return rows[0];
}

function beyond({ sort, after }: ContactFilter) {
  const [name, id] = after ?? ["", sort === "newest" ? LAST_ID : FIRST_ID];
  if (sort === "newest") return sql`and id < ${id}::uuid`;
  if (sort === "oldest") return sql`and id > ${id}::uuid`;
  return sql`and (sort_name, id) > (${name} collate "C", ${id}::uuid)`;
}

function order(sort: ContactSort) {
  return sort === "newest" ? sql`order by id desc` : sort === "oldest" ? sql`order by id` : sql`order by sort_name, id`;
}
