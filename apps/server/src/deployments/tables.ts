import type { Generated, JSONColumnType } from "kysely";

/** `settings` of a deployment; what is missing has its default. */
export interface StoredSettings {
  trialPolicy?: "check" | "send";
  callbackBatchSize?: number;
  othersAsText?: boolean;
  /** The word provisioning chose as its id. */
  urlId?: string;
}

interface DeploymentsTable {
  workspace_id: string;
  id: string;
  platform: "clevertap";
  name: string;
  provider_id: string;
  /** SHA-256 in hexadecimal digits: what a request's token is compared with. */
  token_hash: string;
  /** The token itself, sealed, to be shown to admins. */
  token_sealed: Buffer;
  /** `{"status": url|null, "inbound": url|null}`, sealed, since the platform's URLs are its only secret. Empty when neither is set. */
  webhooks_sealed: Buffer;
  settings: JSONColumnType<StoredSettings, string, string>;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

/*
 * The life of a callback
 *
 *                ┌────────── due again ◄───────────┐
 *                ▼                                 │
 *   ready ──► claimed ──► delivered              held          the platform answered 2xx
 *     ▲          │                                 ▲
 *     │          ├── refused, or no answer came ───┤
 *     │          │                                 │
 *     │          └──► parked ◄── 72 hours of that ─┘
 *     └── replayed by hand ──┘
 *
 * The lane's owner claims callbacks before their request leaves. A crash leaves them claimed; the next owner makes them ready
 * again, since a request whose answer never came is repeated. A status waits while an earlier one of the same message is claimed
 * or held, so that a platform hears sent, delivered and read in that order.
 */
export type StoredCallbackState = "ready" | "claimed" | "held" | "delivered" | "parked";

/** Why the last attempt failed. `since` is when the failing began; parking counts from it. Times are ISO 8601. */
export interface CallbackFailure {
  at: string;
  since: string;
  httpStatus: number | null;
  message: string;
}

interface CallbacksTable {
  workspace_id: string;
  id: string;
  deployment_id: string;
  kind: "status" | "inbound";
  /** Our message, or the inbound message. */
  message_id: string;
  /** One element of `statuses`, or a whole inbound body. */
  body: JSONColumnType<Record<string, unknown>>;
  state: StoredCallbackState;
  due_at: Date;
  attempts: Generated<number>;
  created_at: Date;
  delivered_at: Date | null;
  last_failure: JSONColumnType<CallbackFailure> | null;
}

/** Attempts that failed; the one that was taken is told by `delivered_at`. */
interface CallbackAttemptsTable {
  workspace_id: string;
  callback_id: string;
  at: Date;
  http_status: number | null;
  answer: string | null;
  duration_ms: number;
}

declare module "../database/schema.ts" {
  interface Schema {
    deployments: DeploymentsTable;
    callbacks: CallbacksTable;
    callback_attempts: CallbackAttemptsTable;
  }
}
