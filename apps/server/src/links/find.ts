import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import "./tables.ts";

/** A link as the way to it needs it. */
export interface FoundLink {
  workspaceId: string;
  messageId: string;
  code: string;
  target: string;
  /** The workspace's branded origin. */
  domain: string | null;
  expired: boolean;
}

const DAY_MS = 86_400_000;

/** The links of these codes, in the order asked; null where there is none. */
export async function findLinks(db: Database, codes: readonly string[], now = new Date()): Promise<(FoundLink | null)[]> {
  const rows = new Map((await find.run(db, [codes])).map((row) => [row.code, row]));
  return codes.map((code) => {
    const row = rows.get(code);
    if (!row) return null;
    const expired = row.expire_days !== null && row.created_at.getTime() + row.expire_days * DAY_MS <= now.getTime();
    return { workspaceId: row.workspace_id, messageId: row.message_id, code, target: row.target, domain: row.domain, expired };
  });
}

interface LinkRow {
  workspace_id: string;
  message_id: string;
  code: string;
  target: string;
  created_at: Date;
  domain: string | null;
  expire_days: number | null;
}

/** Finds out whose links these are, by links_code; the rest by primary keys, looked up as arrays since the hot connections join no other way. */
const find = statement<LinkRow & Record<string, unknown>>(
  "links_find",
  `with hit as materialized (
     select workspace_id, message_id, code, target_id, target, created_at from links where code = any ($1::text[])
   ), shared as (
     select workspace_id, id, url from link_targets
     where workspace_id = any (array (select workspace_id from hit)) and id = any (array (select target_id from hit))
   ), said as (
     select workspace_id, domain, expire_days from link_settings where workspace_id = any (array (select workspace_id from hit))
   )
   select h.workspace_id, h.message_id, h.code, coalesce(h.target, t.url) as target, h.created_at, s.domain, s.expire_days
   from hit h left join shared t on t.workspace_id = h.workspace_id and t.id = h.target_id left join said s on s.workspace_id = h.workspace_id`,
);
