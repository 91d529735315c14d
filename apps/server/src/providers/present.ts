import type { CloudApiProvider, GenericProvider, Provider, ProviderCallbackHealth } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import { presentHealth } from "./cloud-api/health.ts";
import { callbackHealthOf } from "./generic/callback-meter.ts";
import { callbackSecretsOf, callbackUrls, type CallbackSecrets } from "./generic/callback-urls.ts";
import { presentGenericHealth } from "./generic/health.ts";
import { openGeneric } from "./generic/stored.ts";
import { openNumber, type ProviderRow } from "./store.ts";

export const WEBHOOK_PATH = "/wire/meta/webhook";

export interface PresentOptions {
  db: Database;
  secrets: Secrets;
  publicUrl: string;
  /** For those who may change providers: verify token, callback URLs and a generic provider's addresses in readable form. */
  showSecrets: boolean;
}

/** Providers of one workspace as the management API shows them, in the order given. */
export async function presentProviders(workspaceId: string, rows: ProviderRow[], options: PresentOptions): Promise<Provider[]> {
  const generic = rows.filter((row) => row.kind === "generic").map((row) => row.id);
  const [secrets, callbacks] = await Promise.all([
    options.showSecrets ? callbackSecretsOf(options.db, options.secrets, workspaceId, generic) : new Map<string, CallbackSecrets>(),
    callbackHealthOf(options.db, workspaceId, generic),
  ]);
  return rows.flatMap((row) => presentNumber(row, options) ?? presentGeneric(row, options, secrets.get(row.id), callbacks.get(row.id)) ?? []);
}

function presentNumber(row: ProviderRow, { secrets, publicUrl, showSecrets }: PresentOptions): CloudApiProvider | null {
  const number = openNumber(row, secrets);
  if (!number) return null;
  const { accessToken, appSecret, verifyToken } = number.secrets;
  return {
    ...common(row),
    kind: "cloud-api",
    wabaId: number.wabaId,
    phoneNumberId: number.phoneNumberId,
    accessToken: mask(accessToken),
    appSecret: mask(appSecret),
    verifyToken: showSecrets ? verifyToken : mask(verifyToken),
    baseUrl: number.settings.baseUrl,
    maxPerSecond: number.settings.maxPerSecond ?? null,
    webhookUrl: publicUrl + WEBHOOK_PATH,
    health: presentHealth(row.health, row.last_webhook_at),
  };
}

function presentGeneric(row: ProviderRow, { secrets, publicUrl, showSecrets }: PresentOptions, known: CallbackSecrets | undefined, callbacks: ProviderCallbackHealth | undefined): GenericProvider | null {
  const provider = openGeneric(row, secrets);
  if (!provider) return null;
  const { endpoint, customKeys, autoReply, templateImport, repeatIsHarmless } = provider.settings;
  const { headers, auth } = provider.secrets;
  return {
    ...common(row),
    kind: "generic",
    endpoint: showSecrets ? endpoint : hostOnly(endpoint),
    headers: headers.map(({ key, value }) => ({ key, value: mask(value) })),
    auth: auth && { kind: "basic", username: auth.username, password: mask(auth.password) },
    customKeys,
    autoReply,
    templateImport: templateImport && !showSecrets ? { ...templateImport, url: hostOnly(templateImport.url) } : templateImport,
    repeatIsHarmless,
    callbackUrls: known ? callbackUrls(publicUrl, known.current) : null,
    previousCallbackUrls: known?.previous ? { ...callbackUrls(publicUrl, known.previous.secret), until: known.previous.until.toISOString() } : null,
    health: presentGenericHealth(row.health, row.last_webhook_at, callbacks ?? null),
  };
}

function common(row: ProviderRow) {
  return {
    id: row.id,
    nickname: row.nickname,
    number: row.number,
    maxConcurrency: row.max_concurrency,
    default: row.is_default,
    laneId: row.id,
    archivedAt: row.archived_at?.toISOString() ?? null,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** Some providers want their key in the address, in its query or its path. */
function hostOnly(url: string): string {
  return `${new URL(url).origin}/••••`;
}

/** The last four characters let people tell two secrets apart; a short one would be given away by them. */
function mask(secret: string): string {
  return secret.length < 12 ? "••••" : `••••${secret.slice(-4)}`;
}
