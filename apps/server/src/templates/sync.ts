/**
 * Keeping the registry as the provider has it: whole lists (sync) and single changes (webhook).
 *
 * A template that the provider no longer lists is marked DELETED and kept, because messages refer to it. One that was given to
 * us by hand (it has no remote id) is never marked.
 */
import type { SetAsideDraft, TemplateComponent } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import { setDraftsAside } from "./drafts-aside.ts";
import "./tables.ts";

/** A template as a provider lists it; texts in capitals are Meta's own words. */
export interface RemoteTemplate {
  remoteId: string | null;
  name: string;
  language: string;
  category: string;
  status: string;
  quality?: string | undefined;
  parameterFormat: "POSITIONAL" | "NAMED";
  components: TemplateComponent[];
  rejectedReason?: string | undefined;
  /** How long a message may wait for delivery; absent for Meta's own default. */
  timeToLiveSeconds?: number | undefined;
}

export interface SyncCounts {
  added: number;
  updated: number;
  removed: number;
  total: number;
  /** Drafts of the same name and language, which go on under another name. */
  drafts: SetAsideDraft[];
}

/**
 * Makes the registry of one provider equal to `remote`, which is the whole list.
 *
 * @param askedAt when the list was asked for: what changed here since then (a submission, a verdict by webhook) is newer than the list
 */
export async function syncTemplates(tx: Database, workspaceId: string, providerId: string, remote: RemoteTemplate[], now = new Date(), askedAt?: Date): Promise<SyncCounts> {
  const counts = await storeTemplates(tx, workspaceId, providerId, remote, now, askedAt);
  const listed = [...byKey(remote).values()];
  const removed = await markRemoved.run(tx, [workspaceId, providerId, listed.map((t) => t.name), listed.map((t) => t.language), now, askedAt ?? null]);
  return { ...counts, removed: removed.length, total: listed.length };
}

/** Adds or changes the given templates and leaves all others as they are, but for drafts that have to give way. */
export async function storeTemplates(
  tx: Database, workspaceId: string, providerId: string, templates: RemoteTemplate[], now = new Date(), askedAt?: Date,
): Promise<Pick<SyncCounts, "added" | "updated" | "drafts">> {
  const rows = [...byKey(templates).values()];
  if (rows.length === 0) return { added: 0, updated: 0, drafts: [] };
  const drafts = await setDraftsAside(tx, workspaceId, providerId, rows, now, askedAt);
  const written = await upsert.run(tx, [
    workspaceId,
    providerId,
    rows.map(() => uuidv7()),
    rows.map((t) => t.remoteId),
    rows.map((t) => t.name),
    rows.map((t) => t.language),
    rows.map((t) => t.category),
    rows.map((t) => t.status),
    rows.map((t) => t.quality ?? "UNKNOWN"),
    rows.map((t) => t.parameterFormat),
    rows.map((t) => JSON.stringify(t.components)),
    rows.map((t) => (t.rejectedReason && t.rejectedReason !== "NONE" ? t.rejectedReason : null)),
    rows.map((t) => t.timeToLiveSeconds ?? null),
    now,
    askedAt ?? null,
  ]);
  const added = written.filter((row) => row.added).length;
  return { added, updated: written.filter((row) => row.changed).length, drafts };
}

/** One row per (name, language), in that order, so that two syncs lock rows in one order; the last one listed wins. */
function byKey(templates: RemoteTemplate[]): Map<string, RemoteTemplate> {
  const sorted = templates.toSorted((a, b) => compare(a.name, b.name) || compare(a.language, b.language));
  return new Map(sorted.map((t) => [`${t.name} ${t.language}`, t]));
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** A change that a provider announced for one template, named by its remote id or else by name and language. */
export interface TemplateChange {
  remoteId?: string | undefined;
  name?: string | undefined;
  language?: string | undefined;
  status?: string | undefined;
  quality?: string | undefined;
  category?: string | undefined;
  rejectedReason?: string | undefined;
}

/** Applies announced changes. @returns how many templates were found; the rest are not in the registry yet. */
export async function changeTemplates(tx: Database, workspaceId: string, providerId: string, changes: TemplateChange[]): Promise<number> {
  let found = 0;
  // A handful a day: one statement each keeps the order in which several changes of one template were announced.
  for (const c of changes) {
    const values = [workspaceId, providerId, c.remoteId ?? null, c.name ?? null, c.language ?? null];
    const rows = await change.run(tx, [...values, c.status ?? null, c.quality ?? null, c.category ?? null, c.rejectedReason ?? null]);
    found += Math.min(rows.length, 1);
  }
  return found;
}

const upsert = statement<{ added: boolean; changed: boolean }>(
  "templates_upsert",
  `with input as (
     select * from unnest($3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::jsonb[], $12::text[],
       $13::integer[])
       as i (id, remote_id, name, language, category, status, quality, parameter_format, components, rejected_reason, ttl_seconds)
   ), compared as (
     select i.*, t.id is null as added, t.updated_at as old_updated_at,
       t.id is not null and (t.remote_id, t.category, t.status, t.quality, t.parameter_format, t.components, t.rejected_reason, t.ttl_seconds)
         is distinct from (coalesce(i.remote_id, t.remote_id), i.category, i.status, i.quality, i.parameter_format, i.components, i.rejected_reason,
           i.ttl_seconds) as changed
     from input i left join templates t on t.workspace_id = $1 and t.provider_id = $2 and t.name = i.name and t.language = i.language
     where t.id is null or $15::timestamptz is null or t.updated_at < $15
   ), written as (
     insert into templates (workspace_id, id, provider_id, remote_id, name, language, category, status, quality, parameter_format,
       components, rejected_reason, ttl_seconds, synced_at, created_at, updated_at)
     select $1, id, $2, remote_id, name, language, category, status, quality, parameter_format, components, rejected_reason, ttl_seconds,
       $14::timestamptz, $14::timestamptz, case when added or changed then $14::timestamptz else old_updated_at end
     from compared order by name, language
     on conflict (workspace_id, provider_id, name, language) do update
     set remote_id = coalesce(excluded.remote_id, templates.remote_id), category = excluded.category, status = excluded.status, quality = excluded.quality,
       parameter_format = excluded.parameter_format, components = excluded.components, rejected_reason = excluded.rejected_reason, ttl_seconds = excluded.ttl_seconds,
       synced_at = excluded.synced_at, updated_at = excluded.updated_at
   )
   select added, changed from compared`,
);

const markRemoved = statement<{ id: string }>(
  "templates_mark_removed",
  `update templates t set status = 'DELETED', updated_at = $5::timestamptz, synced_at = $5::timestamptz
   where t.workspace_id = $1 and t.provider_id = $2 and t.remote_id is not null and t.status <> 'DELETED'
     and ($6::timestamptz is null or t.updated_at < $6)
     and not exists (select from unnest($3::text[], $4::text[]) as i (name, language) where i.name = t.name and i.language = t.language)
   returning t.id`,
);

/**
 * By name as well, since the id comes as a JSON number and may be too large for one, and a submission may not have its id yet. Never
 * another id, or a draft: Meta then speaks, perhaps late, of one that had the name before.
 */
const change = statement<{ id: string }>(
  "templates_change",
  `update templates
   set status = coalesce($6, status), quality = coalesce($7, quality), category = coalesce($8, category),
     rejected_reason = case when $6 = 'APPROVED' then null else coalesce($9, rejected_reason) end, updated_at = now()
   where workspace_id = $1 and provider_id = $2 and
     (remote_id = $3 or (name = $4 and language = $5 and status <> 'DRAFT' and ($3 is null or remote_id is null)))
   returning id`,
);
