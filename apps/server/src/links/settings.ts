import type { LinkSettingsInput } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import "./tables.ts";

const defaults: LinkSettingsInput = { domain: null, expireDays: null, utm: { append: true, source: "whatsapp", medium: "message" } };

/** What a workspace has set about its links, or what holds without. */
export async function readLinkSettings(db: Database, workspaceId: string): Promise<LinkSettingsInput> {
  const [row] = await read.run(db, [workspaceId]);
  return row ? { domain: row.domain, expireDays: row.expire_days, utm: { append: row.utm_append, source: row.utm_source, medium: row.utm_medium } } : defaults;
}

export async function saveLinkSettings(tx: Database, workspaceId: string, { domain, expireDays, utm }: LinkSettingsInput): Promise<void> {
  await save.run(tx, [workspaceId, domain, expireDays, utm.append, utm.source, utm.medium]);
}

const read = statement<{ domain: string | null; expire_days: number | null; utm_append: boolean; utm_source: string; utm_medium: string }>(
  "links_read_settings",
  `select domain, expire_days, utm_append, utm_source, utm_medium from link_settings where workspace_id = $1`,
);

const save = statement(
  "links_save_settings",
  `insert into link_settings (workspace_id, domain, expire_days, utm_append, utm_source, utm_medium) values ($1, $2, $3, $4, $5, $6)
   on conflict (workspace_id) do update set domain = excluded.domain, expire_days = excluded.expire_days,
     utm_append = excluded.utm_append, utm_source = excluded.utm_source, utm_medium = excluded.utm_medium`,
);
