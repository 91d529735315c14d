import { randomBytes } from "node:crypto";
import type { DeploymentSettings } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { type Secrets, sha256 } from "../database/secrets.ts";
import { statement } from "../database/statement.ts";
import type { NamedOrigin } from "../ledger/present.ts";
import type { StoredSettings } from "./tables.ts";

/** Where the platform wants to hear back; a URL alone takes both kinds. */
export interface Webhooks {
  status: string | null;
  inbound: string | null;
}

/** A deployment as stored, with its secrets opened, and the number it speaks for. */
export interface StoredDeployment {
  workspaceId: string;
  id: string;
  /** The id in its URLs: the same, unless provisioning chose a word (deployment-id.ts). */
  urlId: string;
  platform: "clevertap";
  name: string;
  provider: { id: string; nickname: string; number: string };
  token: string;
  webhooks: Webhooks;
  settings: DeploymentSettings;
  createdAt: Date;
  updatedAt: Date;
}

export const defaultSettings: DeploymentSettings = { trialPolicy: "check", callbackBatchSize: 100, othersAsText: false };

/** 32 bytes, easy to copy as one word. */
export function newToken(): string {
  return randomBytes(32).toString("base64url");
}

/** What a request's token is compared with. */
function hashToken(token: string): string {
  return sha256(token).toString("hex");
}

/** Nothing at all when there is nothing to seal: the listeners can then see without a key that nobody wants to hear. */
function sealWebhooks(secrets: Secrets, webhooks: Webhooks): Buffer {
  return webhooks.status || webhooks.inbound ? secrets.seal(JSON.stringify(webhooks)) : Buffer.alloc(0);
}

function openWebhooks(secrets: Secrets, sealed: Buffer): Webhooks {
  // Only sealWebhooks writes this column.
  return sealed.length === 0 ? { status: null, inbound: null } : (JSON.parse(secrets.open(sealed)) as Webhooks);
}

interface Row {
  workspace_id: string;
  id: string;
  name: string;
  provider_id: string;
  nickname: string;
  number: string;
  token_sealed: Buffer;
  webhooks_sealed: Buffer;
  settings: StoredSettings;
  created_at: Date;
  updated_at: Date;
}

function toDeployment(secrets: Secrets, row: Row): StoredDeployment {
  return {
    workspaceId: row.workspace_id,
    id: row.id,
    urlId: row.settings.urlId ?? row.id,
    platform: "clevertap",
    name: row.name,
    provider: { id: row.provider_id, nickname: row.nickname, number: row.number },
    token: secrets.open(row.token_sealed),
    webhooks: openWebhooks(secrets, row.webhooks_sealed),
    settings: {
      trialPolicy: row.settings.trialPolicy ?? defaultSettings.trialPolicy,
      callbackBatchSize: row.settings.callbackBatchSize ?? defaultSettings.callbackBatchSize,
      othersAsText: row.settings.othersAsText ?? defaultSettings.othersAsText,
    },
    createdAt: row.created_at,
    updatedAt: row.updated_at,
  };
}

const columns = `d.workspace_id, d.id, d.name, d.provider_id, p.nickname, p.number, d.token_sealed, d.webhooks_sealed, d.settings, d.created_at, d.updated_at`;
const source = `deployments d join providers p on p.workspace_id = d.workspace_id and p.id = d.provider_id`;

const one = statement<Row>("deployments_one", `select ${columns} from ${source} where d.workspace_id = $1 and d.id = $2`);
const byName = statement<Row>("deployments_by_name", `select ${columns} from ${source} where d.workspace_id = $1 and d.name = $2`);
const page = statement<Row>(
  "deployments_page",
  `select ${columns} from ${source}
   where d.workspace_id = $1 and ($2::uuid is null or d.id < $2) and ($3::text is null or p.id::text = $3 or p.nickname = $3)
     and ($4::text is null or position(lower($4) in lower(concat_ws(' ', d.name, p.nickname, p.number, d.id::text))) > 0)
   order by d.id desc limit $5`,
);

export async function findDeployment(db: Database, secrets: Secrets, workspaceId: string, id: string): Promise<StoredDeployment | null> {
  const [row] = await one.run(db, [workspaceId, id]);
  return row ? toDeployment(secrets, row) : null;
}

export async function findDeploymentByName(db: Database, secrets: Secrets, workspaceId: string, name: string): Promise<StoredDeployment | null> {
  const [row] = await byName.run(db, [workspaceId, name]);
  return row ? toDeployment(secrets, row) : null;
}

/** Newest first. `provider` is an id or a nickname; `q` looks in the name, the number and the ids. */
export async function listDeployments(
  db: Database,
  secrets: Secrets,
  workspaceId: string,
  query: { after: string | null; provider: string | null; q: string | null; limit: number },
): Promise<StoredDeployment[]> {
  const rows = await page.run(db, [workspaceId, query.after, query.provider, query.q, query.limit]);
  return rows.map((row) => toDeployment(secrets, row));
}

const insert = statement(
  "deployments_insert",
  `insert into deployments (workspace_id, id, platform, name, provider_id, token_hash, token_sealed, webhooks_sealed, settings)
   values ($1, $2, 'clevertap', $3, $4, $5, $6, $7, $8)`,
);
const update = statement(
  "deployments_update",
  `update deployments set name = $3, provider_id = $4, token_hash = $5, token_sealed = $6, webhooks_sealed = $7, settings = $8, updated_at = now()
   where workspace_id = $1 and id = $2`,
);

type Written = Pick<StoredDeployment, "workspaceId" | "id" | "urlId" | "name" | "token" | "webhooks" | "settings"> & { provider: { id: string } };

function values(secrets: Secrets, d: Written): unknown[] {
  const token = [hashToken(d.token), secrets.seal(d.token)];
  const settings: StoredSettings = { ...d.settings, ...(d.urlId !== d.id && { urlId: d.urlId }) };
  return [d.workspaceId, d.id, d.name, d.provider.id, ...token, sealWebhooks(secrets, d.webhooks), JSON.stringify(settings)];
}

/** Fails with SQLSTATE 23505 when the name is taken. */
export async function insertDeployment(tx: Database, secrets: Secrets, deployment: Written): Promise<void> {
  await insert.run(tx, values(secrets, deployment));
}

/** Writes every column anew. Fails with SQLSTATE 23505 when the name is taken. */
export async function updateDeployment(tx: Database, secrets: Secrets, deployment: Written): Promise<void> {
  await update.run(tx, values(secrets, deployment));
}

/** Takes away all deployments of these providers, whatever they were told or are still to be told included. @returns their ids */
export async function forgetDeploymentsOf(tx: Database, workspaceId: string, providerIds: string[]): Promise<string[]> {
  return (await forget.run(tx, [workspaceId, providerIds])).map((row) => row.id);
}

const forget = statement<{ id: string }>(
  "deployments_forget",
  `with doomed as materialized (
     select id from deployments where workspace_id = $1 and provider_id = any ($2::uuid[])
   ), callbacks as (
     delete from callbacks where workspace_id = $1 and deployment_id in (select id from doomed) returning id
   ), attempts as (
     delete from callback_attempts where workspace_id = $1 and callback_id in (select id from callbacks)
   ), lanes as (
     delete from lanes where workspace_id = $1 and id in (select id from doomed)
   )
   delete from deployments where workspace_id = $1 and id in (select id from doomed) returning id`,
);

const drop = statement("deployments_delete", `delete from deployments where workspace_id = $1 and id = $2`);
const dropLane = statement("deployments_delete_lane", `delete from lanes where workspace_id = $1 and id = $2`);
const dropWaiting = statement(
  "deployments_delete_callbacks",
  `with gone as (
     delete from callbacks where workspace_id = $1 and deployment_id = $2 and state in ('ready', 'claimed', 'held', 'parked') returning id
   )
   delete from callback_attempts where workspace_id = $1 and callback_id in (select id from gone)`,
);

/** Takes the deployment, its lane and what was still to be told away; its messages stay. */
export async function deleteDeployment(tx: Database, workspaceId: string, id: string): Promise<void> {
  for (const each of [dropWaiting, dropLane, drop]) await each.run(tx, [workspaceId, id]);
}

const findProvider = statement<{ id: string; nickname: string; number: string }>(
  "deployments_find_provider",
  `select id, nickname, number from providers where workspace_id = $1 and (id::text = $2 or nickname = $2) order by id::text = $2 desc limit 1`,
);

/** A provider by its id or nickname. */
export async function resolveProvider(db: Database, workspaceId: string, idOrNickname: string): Promise<StoredDeployment["provider"] | null> {
  return (await findProvider.run(db, [workspaceId, idOrNickname]))[0] ?? null;
}

const names = statement<{ id: string; name: string }>("deployments_names", `select id, name from deployments where workspace_id = $1 and id = any ($2::uuid[])`);

/** Names of origins that are deployments, for lists of messages. */
export async function deploymentNames(db: Database, workspaceId: string, ids: string[]): Promise<Map<string, NamedOrigin>> {
  return new Map((await names.run(db, [workspaceId, ids])).map((row) => [row.id, row]));
}
