/**
 * The addresses at which a provider reports: `/wire/callbacks/{secret}/status` and `…/inbound`. The secret is all that proves who is
 * calling (CleverTap: Generic WhatsApp, callback URLs), so it is long, found by its hash, and can be exchanged: the old one works on until
 * its time is over, while the new one is being told to the provider.
 */
import { randomBytes } from "node:crypto";
import type { Database } from "../../database/connection.ts";
import { sha256, type Secrets } from "../../database/secrets.ts";
import { statement } from "../../database/statement.ts";
import "./tables.ts";

const HOUR_MS = 3_600_000;

/** 32 bytes, one word in a URL. */
export function newCallbackSecret(): string {
  return randomBytes(32).toString("base64url");
}

export const callbackSecretPattern = "^[A-Za-z0-9_-]{24,200}$";
const secretShape = new RegExp(callbackSecretPattern);

export function callbackUrls(publicUrl: string, secret: string): { status: string; inbound: string } {
  const base = `${publicUrl}/wire/callbacks/${secret}`;
  return { status: `${base}/status`, inbound: `${base}/inbound` };
}

export interface CallbackSecrets {
  current: string;
  previous: { secret: string; until: Date } | null;
}

/** The secrets of several providers. Of those given out before, the one that works longest. */
export async function callbackSecretsOf(db: Database, secrets: Secrets, workspaceId: string, providerIds: string[]): Promise<Map<string, CallbackSecrets>> {
  const found = new Map<string, CallbackSecrets>();
  if (providerIds.length === 0) return found;
  for (const { provider_id: id, secret_sealed: sealed, expires_at: until } of await ofProviders.run(db, [workspaceId, providerIds])) {
    const secret = secrets.open(sealed);
    const before = found.get(id);
    if (!before) found.set(id, { current: secret, previous: null });
    else if (before.previous === null && until) before.previous = { secret, until };
  }
  return found;
}

/** Gives a provider its secret; the caller has made sure that it has none in use. */
export async function addCallbackSecret(tx: Database, secrets: Secrets, workspaceId: string, providerId: string, secret: string): Promise<void> {
  await add.run(tx, [workspaceId, providerId, hashOf(secret), secrets.seal(secret)]);
}

/** Puts a new secret in the place of the one in use, which goes on working for `overlapHours`. */
export async function exchangeCallbackSecret(
  tx: Database,
  secrets: Secrets,
  workspaceId: string,
  providerId: string,
  options: { secret: string; overlapHours: number; now?: Date },
): Promise<void> {
  const { secret, overlapHours, now = new Date() } = options;
  await expire.run(tx, [workspaceId, providerId, new Date(now.getTime() + overlapHours * HOUR_MS)]);
  await forgetExpired.run(tx, [workspaceId, providerId, now]);
  await addCallbackSecret(tx, secrets, workspaceId, providerId, secret);
}

/** Whose callback it is. */
export interface CallbackTarget {
  workspaceId: string;
  providerId: string;
}

/** Bounds how long a rotation, or the end of an overlap, goes unnoticed by other processes. */
const TTL_MS = 5_000;
const MOST_ENTRIES = 5_000;

/** Secrets in memory: a callback costs no look-up while its secret is fresh. */
export class CallbackDirectory {
  readonly #db: Database;
  readonly #known = new Map<string, { target: CallbackTarget | null; readAt: number }>();

  constructor(db: Database) {
    this.#db = db;
  }

  /** Null for what is, or has become, nobody's secret. */
  find(secret: string): CallbackTarget | null | Promise<CallbackTarget | null> {
    const known = this.#known.get(secret);
    return known && Date.now() - known.readAt < TTL_MS ? known.target : this.#read(secret);
  }

  /** Secrets changed in this process. */
  forget(): void {
    this.#known.clear();
  }

  async #read(secret: string): Promise<CallbackTarget | null> {
    // Anybody can post here: what cannot be a secret costs no query.
    if (!secretShape.test(secret)) return null;
    const [row] = await bySecret.run(this.#db, [hashOf(secret), new Date()]);
    const target = row ? { workspaceId: row.workspace_id, providerId: row.provider_id } : null;
    if (this.#known.size >= MOST_ENTRIES) this.#known.clear();
    this.#known.set(secret, { target, readAt: Date.now() });
    return target;
  }
}

function hashOf(secret: string): string {
  return sha256(secret).toString("hex");
}

/** The one in use first. */
const ofProviders = statement<{ provider_id: string; secret_sealed: Buffer; expires_at: Date | null }>(
  "provider_callback_urls_of",
  `select provider_id, secret_sealed, expires_at from provider_callback_urls
   where workspace_id = $1 and provider_id = any ($2::uuid[]) and (expires_at is null or expires_at > now())
   order by provider_id, expires_at desc nulls first`,
);

const add = statement(
  "provider_callback_urls_add",
  `insert into provider_callback_urls (workspace_id, provider_id, secret_hash, secret_sealed) values ($1, $2, $3, $4)
   on conflict (workspace_id, provider_id, secret_hash) do update set expires_at = null, secret_sealed = excluded.secret_sealed`,
);

const expire = statement(
  "provider_callback_urls_expire",
  `update provider_callback_urls set expires_at = least(expires_at, $3::timestamptz) where workspace_id = $1 and provider_id = $2`,
);

const forgetExpired = statement(
  "provider_callback_urls_forget",
  `delete from provider_callback_urls where workspace_id = $1 and provider_id = $2 and expires_at <= $3::timestamptz`,
);

/** Names no workspace: the secret alone says whose it is. Reads provider_callback_urls_by_secret. */
const bySecret = statement<{ workspace_id: string; provider_id: string }>(
  "provider_callback_urls_by_secret",
  `select workspace_id, provider_id from provider_callback_urls where secret_hash = $1 and (expires_at is null or expires_at > $2::timestamptz)`,
);
