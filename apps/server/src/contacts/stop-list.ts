/**
 * The stops of people who were deleted: what they had ended by their own word, and do not disturb of their number. Nothing else of them is
 * kept, and the number itself only as a keyed hash, so that neither the table nor a copy of the database says whose stop it is.
 *
 * A contact with that number starts with these stops (consent-book.ts), and only the person's own word ends them: then they leave the list.
 *
 * The key is derived from the server's secret key. Every connection brings it along as a setting of its session (database/connection.ts);
 * a connection without it cannot add to the list.
 */
import type { ConsentCategory, ConsentSource } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { STOP_KEY } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ownSources } from "./consent-state.ts";

export type StopScope = ConsentCategory | "doNotDisturb";

export interface Stop {
  source: ConsentSource;
  at: Date;
}

/** Of those numbers (E.164) that are on the list: what is stopped. One statement, which hashes nothing while the workspace's list is empty. */
export async function stopsOf(db: Database, workspaceId: string, phones: string[]): Promise<Map<string, Map<StopScope, Stop>>> {
  const found = new Map<string, Map<StopScope, Stop>>();
  if (phones.length === 0) return found;
  for (const { phone, scope, ...stop } of await find.run(db, [workspaceId, phones])) {
    const stops = found.get(phone);
    if (stops) stops.set(scope, stop);
    else found.set(phone, new Map([[scope, stop]]));
  }
  return found;
}

/** Puts the stops of people who are about to be deleted on the list, for each number they have or had. The caller holds the people lock. */
export async function rememberStops(tx: Database, workspaceId: string, numbers: readonly { contactId: string; phone: string }[]): Promise<void> {
  await remember.run(tx, [workspaceId, numbers.map(({ contactId }) => contactId), numbers.map(({ phone }) => phone), [...ownSources]]);
}

/** The person has opted in again. */
export async function forgetStops(tx: Database, workspaceId: string, lifted: { phone: string; scope: StopScope }[]): Promise<void> {
  await forget.run(tx, [workspaceId, lifted.map(({ phone }) => phone), lifted.map(({ scope }) => scope)]);
}

const KEY = `decode(current_setting('${STOP_KEY}', true), 'hex')`;
/** Keyed inside and outside, as HMAC is; the workspace is part of it, so that two workspaces' lists cannot be compared. */
const hashOf = (phone: string): string => `sha256(${KEY} || sha256(${KEY} || convert_to(cast($1::uuid as text) || ' ' || ${phone}, 'UTF8')))`;

/** By the primary key. */
const find = statement<Stop & { phone: string; scope: StopScope }>(
  "stop_list_find",
  `with asked as materialized (
     select phone, ${hashOf("phone")} as number_hash from unnest($2::text[]) as p (phone)
     where exists (select from stop_list where workspace_id = $1)
   ), stops as (
     select number_hash, scope, source, at from stop_list where workspace_id = $1 and number_hash = any (array (select number_hash from asked))
   )
   select a.phone, s.scope, s.source, s.at from stops s join asked a on a.number_hash = s.number_hash`,
);

const remember = statement(
  "stop_list_remember",
  `with people as materialized (
     select * from unnest($2::uuid[], $3::text[]) as p (id, phone)
   ), stops as (
     select p.phone, c.category as scope, c.source, c.at
     from (select contact_id, category, source, at from consents
           where workspace_id = $1 and contact_id = any (array (select id from people)) and state = 'out' and source = any ($4::text[])) c
     join people p on p.id = c.contact_id
     union all
     select phone, 'doNotDisturb', source, at from phone_dnd where workspace_id = $1 and phone = any (array (select phone from people)) and dnd
   )
   insert into stop_list (workspace_id, number_hash, scope, source, at)
   select distinct on (phone, scope) $1, ${hashOf("phone")}, scope, source, at from stops order by phone, scope, at desc
   on conflict (workspace_id, number_hash, scope) do update set source = excluded.source, at = excluded.at`,
);

const forget = statement(
  "stop_list_forget",
  `delete from stop_list where workspace_id = $1 and (number_hash, scope) in (
     select ${hashOf("phone")}, scope from unnest($2::text[], $3::text[]) as l (phone, scope))`,
);
