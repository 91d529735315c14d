import type { ProviderCallbackHealth, ProviderHealth } from "@tincan/api";
import type { StoredHealth } from "../tables.ts";

/** A generic provider tells nothing about its number: whether its endpoint confirmed and how it reports is all there is to know. */
export function presentGenericHealth({ checks = [], checkedAt, templatesSyncedAt }: StoredHealth, lastCallbackAt: Date | null, callbacks: ProviderCallbackHealth | null): ProviderHealth {
  const failed = checks.find((check) => !check.ok)?.message ?? null;
  const warning = callbacks?.warning ?? null;
  const status = failed !== null ? "down" : warning !== null ? "degraded" : checkedAt === undefined ? "unknown" : "ok";
  return {
    status,
    reason: failed ?? warning,
    checkedAt: checkedAt ?? null,
    verifiedName: null,
    numberStatus: null,
    quality: null,
    tier: null,
    throughput: null,
    canSend: null,
    lastWebhookAt: lastCallbackAt?.toISOString() ?? null,
    templatesSyncedAt: templatesSyncedAt ?? null,
    checks,
    callbacks,
  };
}
