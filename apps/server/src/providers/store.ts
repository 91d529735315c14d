import type { Selectable } from "kysely";
import type { Database } from "../database/connection.ts";
import type { Schema } from "../database/schema.ts";
import type { Secrets } from "../database/secrets.ts";
import { statement } from "../database/statement.ts";
import type { StoredHealth, StoredSecrets, StoredSettings } from "./tables.ts";
import "./tables.ts";

/** A provider as it is stored, its secrets still sealed. */
export type ProviderRow = Selectable<Schema["providers"]>;

/** A Cloud API number with everything needed to talk to Meta. */
export interface CloudApiNumber {
  workspaceId: string;
  id: string;
  nickname: string;
  number: string;
  wabaId: string;
  phoneNumberId: string;
  settings: StoredSettings;
  secrets: StoredSecrets;
  maxConcurrency: number;
  isDefault: boolean;
  health: StoredHealth;
}

/** Opens the secrets of a row; null when it is of another kind. */
export function openNumber(row: ProviderRow, secrets: Secrets): CloudApiNumber | null {
  if (row.kind !== "cloud-api" || row.waba_id === null || row.phone_number_id === null) return null;
  return {
    workspaceId: row.workspace_id,
    id: row.id,
    nickname: row.nickname,
    number: row.number,
    wabaId: row.waba_id,
    phoneNumberId: row.phone_number_id,
    // The kind says which of the two it is.
    settings: row.settings as StoredSettings,
    // Written by saveNumber alone.
    secrets: JSON.parse(secrets.open(row.secrets)) as StoredSecrets,
    maxConcurrency: row.max_concurrency,
    isDefault: row.is_default,
    health: row.health,
  };
}

export async function findProvider(db: Database, workspaceId: string, id: string): Promise<ProviderRow | undefined> {
  if (!uuid.test(id)) return undefined;
  return db.selectFrom("providers").selectAll().where("workspace_id", "=", workspaceId).where("id", "=", id).executeTakeFirst();
}

const uuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

export function findProviderByNickname(db: Database, workspaceId: string, nickname: string): Promise<ProviderRow | undefined> {
  return db.selectFrom("providers").selectAll().where("workspace_id", "=", workspaceId).where("nickname", "=", nickname).executeTakeFirst();
}

export interface ProviderFilter {
  kind?: string | undefined;
  q?: string | undefined;
  /** Rows after this place in the order of nickname and id. */
  after?: { nickname: string; id: string } | undefined;
  limit: number;
}

export function listProviders(db: Database, workspaceId: string, filter: ProviderFilter): Promise<ProviderRow[]> {
  const { kind = null, q, after, limit } = filter;
  return list.run(db, [workspaceId, kind, q ? `%${q.replace(/[\\%_]/g, "\\$&")}%` : null, after?.nickname ?? null, after?.id ?? null, limit]);
}

/** A provider of any kind as it is written. */
interface ProviderToSave {
  workspaceId: string;
  id: string;
  kind: ProviderRow["kind"];
  nickname: string;
  number: string;
  wabaId?: string;
  phoneNumberId?: string;
  settings: object;
  secrets: object;
  maxConcurrency: number;
  isDefault: boolean;
  health: StoredHealth;
}

/** Writes a provider new or anew; `id` decides. Makes it the default when there is no other, and the only one when it is. */
export async function saveProvider(tx: Database, provider: ProviderToSave, secrets: Secrets): Promise<void> {
  const { workspaceId, id } = provider;
  // One at a time: which one is the default depends on the others.
  await tx.selectFrom("workspaces").select("id").where("id", "=", workspaceId).forUpdate().execute();
  if (provider.isDefault) {
    await tx.updateTable("providers").set({ is_default: false }).where("workspace_id", "=", workspaceId).where("id", "<>", id).where("is_default", "=", true).execute();
  }
  await save.run(tx, [
    workspaceId, id, provider.nickname, provider.number, provider.wabaId ?? null, provider.phoneNumberId ?? null, JSON.stringify(provider.settings),
    secrets.seal(JSON.stringify(provider.secrets)), provider.maxConcurrency, provider.isDefault, JSON.stringify(provider.health), provider.kind,
  ]);
}

export function saveNumber(tx: Database, number: CloudApiNumber, secrets: Secrets): Promise<void> {
  return saveProvider(tx, { ...number, kind: "cloud-api" }, secrets);
}

/** Lays members over the stored health; the others stay as another process may have written them meanwhile. */
export async function mergeHealth(db: Database, workspaceId: string, id: string, change: StoredHealth): Promise<void> {
  await healthMerge.run(db, [workspaceId, id, JSON.stringify(change)]);
}

export async function touchWebhook(db: Database, workspaceId: string, ids: string[], at: Date): Promise<void> {
  await touch.run(db, [workspaceId, ids, at]);
}

/** Marks up to `limit` numbers nobody has looked at since `before` as this process's to look at, over all workspaces. */
export function claimForUpkeep(db: Database, before: Date, now: Date, limit: number): Promise<{ workspace_id: string; id: string }[]> {
  return claim.run(db, [before.toISOString(), now.toISOString(), limit]);
}

/** Whether any provider has a verify token of this hash. */
export async function hasVerifyToken(db: Database, hash: string): Promise<boolean> {
  return (await byVerifyToken.run(db, [hash])).length > 0;
}

export interface Affected {
  deployments: { id: string; name: string }[];
  templates: number;
  queued: number;
  claimed: number;
}

/** What hangs on a provider. */
export async function affectedBy(db: Database, workspaceId: string, id: string): Promise<Affected> {
  const deployments = await deploymentsOf.run(db, [workspaceId, id]);
  const [counts] = await affectedCounts.run(db, [workspaceId, id]);
  return { deployments, templates: counts?.templates ?? 0, queued: counts?.queued ?? 0, claimed: counts?.claimed ?? 0 };
}

export async function setArchived(tx: Database, workspaceId: string, id: string, archived: boolean): Promise<void> {
  await tx.updateTable("providers").set({ archived_at: archived ? new Date() : null, updated_at: new Date() }).where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

/** Messages of a provider that are certain not to have been sent, `limit` of them. */
export async function waitingMessages(db: Database, workspaceId: string, id: string, limit: number): Promise<string[]> {
  return (await waiting.run(db, [workspaceId, id, limit])).map((row) => row.message_id);
}

/** The caller has made sure that no deployment refers to it; templates go with it. */
export async function deleteProvider(tx: Database, workspaceId: string, id: string): Promise<void> {
  await tx.deleteFrom("lanes").where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
  await tx.deleteFrom("providers").where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

const list = statement<ProviderRow>(
  "providers_list",
  `select * from providers
   where workspace_id = $1 and ($2::text is null or kind = $2)
     and ($3::text is null or nickname ilike $3 or number like $3)
     and ($4::text is null or (nickname, id) > ($4, $5::uuid))
   order by nickname, id limit $6`,
);

const save = statement(
  "providers_save",
  `insert into providers (workspace_id, id, kind, nickname, number, waba_id, phone_number_id, settings, secrets, max_concurrency, is_default, health)
   values ($1, $2, $12, $3, $4, $5, $6, $7, $8, $9,
     $10 or not exists (select from providers p where p.workspace_id = $1 and p.is_default and p.id <> $2), $11)
   on conflict (workspace_id, id) do update
   set nickname = excluded.nickname, number = excluded.number, waba_id = excluded.waba_id, phone_number_id = excluded.phone_number_id,
     settings = excluded.settings, secrets = excluded.secrets, max_concurrency = excluded.max_concurrency,
     is_default = excluded.is_default, health = providers.health || excluded.health, updated_at = now()`,
);

const healthMerge = statement("providers_merge_health", `update providers set health = health || $3::jsonb where workspace_id = $1 and id = $2`);

const touch = statement(
  "providers_touch_webhook",
  `update providers set last_webhook_at = greatest(last_webhook_at, $3) where workspace_id = $1 and id = any ($2::uuid[])`,
);

/* The two statements below span workspaces: upkeep is the whole installation's, and Meta's check of an address names no workspace. */

const claim = statement<{ workspace_id: string; id: string }>(
  "providers_claim_upkeep",
  `update providers p set health = p.health || jsonb_build_object('claimedAt', $2::text)
   from (
     select workspace_id, id from providers
     where kind = 'cloud-api' and coalesce(health ->> 'claimedAt', '') < $1::text
     order by workspace_id, id limit $3
     for update skip locked) due
   where p.workspace_id = due.workspace_id and p.id = due.id
   returning p.workspace_id, p.id`,
);

const byVerifyToken = statement<{ found: boolean }>(
  "providers_by_verify_token",
  `select true as found from providers where kind = 'cloud-api' and settings ->> 'verifyTokenHash' = $1 limit 1`,
);

const deploymentsOf = statement<{ id: string; name: string }>(
  "providers_deployments",
  `select id, name from deployments where workspace_id = $1 and provider_id = $2 order by name`,
);

const affectedCounts = statement<{ queued: number; claimed: number; templates: number }>(
  "providers_affected",
  `select count(*) as queued, count(*) filter (where state = 'claimed') as claimed,
     (select count(*) from templates where workspace_id = $1 and provider_id = $2 and status <> 'DELETED') as templates
   from outbox where workspace_id = $1 and lane_id = $2`,
);

const waiting = statement<{ message_id: string }>(
  "providers_waiting",
  `select message_id from outbox where workspace_id = $1 and lane_id = $2 and state = 'ready' order by message_id limit $3`,
);
