import type { CloudApiProvider } from "@tincan/api";
import type { Secrets } from "../database/secrets.ts";
import { presentHealth } from "./cloud-api/health.ts";
import { openNumber, type ProviderRow } from "./store.ts";

export const WEBHOOK_PATH = "/wire/meta/webhook";

/** A provider as the management API shows it; null for a kind this release does not connect. */
export function presentProvider(row: ProviderRow, options: { secrets: Secrets; publicUrl: string; showVerifyToken: boolean }): CloudApiProvider | null {
  const number = openNumber(row, options.secrets);
  if (!number) return null;
  const { accessToken, appSecret, verifyToken } = number.secrets;
  return {
    id: row.id,
    kind: "cloud-api",
    nickname: row.nickname,
    number: row.number,
    wabaId: number.wabaId,
    phoneNumberId: number.phoneNumberId,
    accessToken: mask(accessToken),
    appSecret: mask(appSecret),
    verifyToken: options.showVerifyToken ? verifyToken : mask(verifyToken),
    baseUrl: number.settings.baseUrl,
    webhookUrl: options.publicUrl + WEBHOOK_PATH,
    maxConcurrency: row.max_concurrency,
    default: row.is_default,
    laneId: row.id,
    health: presentHealth(row.health, row.last_webhook_at),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
  };
}

/** The last four characters let people tell two secrets apart; a short one would be given away by them. */
function mask(secret: string): string {
  return secret.length < 12 ? "••••" : `••••${secret.slice(-4)}`;
}
