import type { ProviderCheck } from "@tincan/api";
import type { ColumnType, Generated, JSONColumnType } from "kysely";

/** What is not secret of a Cloud API number's settings. */
export interface StoredSettings {
  /** Of Meta's Graph API, without a slash at the end. */
  baseUrl: string;
  /** Such as `v26.0`. */
  version: string;
  /** Messages that may leave in a second, where that is less than the number's level allows; null where its owner said nothing. */
  maxPerSecond?: number | null | undefined;
  /** The Facebook app behind the access token, once it is known. */
  appId?: string | undefined;
  /** Finds the provider whose verify token a verification request carries. */
  verifyTokenHash: string;
}

/** What is not secret of a generic provider's settings. */
export interface StoredGenericSettings {
  /** The business number as its owner typed it, which is how requests name it. */
  wabaNumber: string;
  customKeys: { key: string; value: string }[];
  autoReply: { enabled: boolean; text: string };
  /** The provider ignores a repeated msgId. */
  repeatIsHarmless: boolean;
}

/** Where a generic provider is. An address may hold its key, so these are sealed. */
export interface GenericAddresses {
  endpoint: string;
  templateImport: { url: string; limit: number } | null;
}

/** A generic provider's settings as its owner entered them. */
export interface GenericSettings extends StoredGenericSettings, GenericAddresses {}

/** What it knows us by; sealed together with its addresses as one text. */
export interface GenericSecrets {
  headers: { key: string; value: string }[];
  auth: { username: string; password: string } | null;
}

/** A Cloud API number's, sealed together as one text. */
export interface StoredSecrets {
  accessToken: string;
  appSecret: string;
  verifyToken: string;
  /** Two-step PIN, when we registered the number and so chose it. */
  pin?: string | undefined;
}

/** What was last seen of a number. Times are ISO 8601. */
export interface StoredHealth {
  /** When one process took it upon itself to look next. */
  claimedAt?: string;
  checkedAt?: string;
  /** Meta's own words about the number. */
  facts?: {
    verifiedName?: string | undefined;
    numberStatus?: string | undefined;
    quality?: string | undefined;
    tier?: string | undefined;
    throughput?: string | undefined;
    canSend?: string | undefined;
    /** Why it cannot, or can only in part. */
    canSendReason?: string | undefined;
  };
  checks?: ProviderCheck[];
  /** Why the last look failed; empty after one that succeeded. */
  failure?: string | undefined;
  /** The last thing Meta announced about the account. */
  notice?: { at: string; text: string };
  /** The last error about the number itself that came by webhook. */
  webhookError?: { at: string; text: string };
  templatesSyncedAt?: string;
}

interface ProvidersTable {
  workspace_id: string;
  id: string;
  kind: "cloud-api" | "generic";
  nickname: string;
  /** E.164 with "+". */
  number: string;
  waba_id: string | null;
  phone_number_id: string | null;
  /** By kind. */
  settings: JSONColumnType<StoredSettings | StoredGenericSettings, string, string>;
  secrets: Buffer;
  max_concurrency: number;
  is_default: Generated<boolean>;
  health: ColumnType<StoredHealth, string | undefined, string>;
  last_webhook_at: Date | null;
  /** Since when it sends nothing. */
  archived_at: Date | null;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
}

declare module "../database/schema.ts" {
  interface Schema {
    providers: ProvidersTable;
  }
}
