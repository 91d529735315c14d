/**
 * What is known about a number, summed up in one word and one sentence.
 *
 * Source: Meta, WhatsApp Business Management API, "Phone numbers", "Health status", "Throughput".
 */
import type { ProviderCheck, ProviderHealth } from "@tincan/api";
import type { HealthEntity, PhoneNumber } from "@tincan/whatsapp";
import type { StoredHealth, StoredSettings } from "../tables.ts";

/** Messages per second by throughput level; a number not yet registered gets the slower one. No level tells a number that is shared with the WhatsApp Business app. */
const perSecondByLevel: Record<string, number> = { STANDARD: 80, HIGH: 1000 };
const SLOWEST = 80;

/** What Meta allows, as far as the number's level says. */
function levelPerSecond(health: StoredHealth): number {
  return perSecondByLevel[health.facts?.throughput ?? ""] ?? SLOWEST;
}

/** How fast the number may send: its level, or less where its owner said so. */
export function ratePerSecond(health: StoredHealth, { maxPerSecond }: Pick<StoredSettings, "maxPerSecond">): number {
  return Math.min(levelPerSecond(health), maxPerSecond ?? Number.POSITIVE_INFINITY);
}

/** What Meta says of the number, in the form in which it is kept. */
export function factsOf(number: PhoneNumber): NonNullable<StoredHealth["facts"]> {
  const blocked = number.health_status?.entities?.find((each) => each.can_send_message !== "AVAILABLE");
  return {
    verifiedName: number.verified_name,
    numberStatus: number.status,
    quality: number.quality_rating === "NA" ? "UNKNOWN" : number.quality_rating,
    tier: number.whatsapp_business_manager_messaging_limit,
    throughput: number.throughput?.level,
    canSend: number.health_status?.can_send_message,
    canSendReason: blocked && reasonOf(blocked),
  };
}

function reasonOf(entity: HealthEntity): string {
  const said = [...(entity.errors ?? []).map((e) => e.error_description ?? `error ${e.error_code}`), ...(entity.additional_info ?? [])];
  return `${entity.entity_type} ${entity.id}: ${said.join(" ") || entity.can_send_message}`;
}

const deadStates = new Set(["BANNED", "DELETED", "DISCONNECTED", "MIGRATED", "UNVERIFIED"]);
const NOTICE_MS = 24 * 60 * 60 * 1000;
const WEBHOOK_ERROR_MS = 60 * 60 * 1000;

export function presentHealth(stored: StoredHealth, lastWebhookAt: Date | null, now = new Date()): ProviderHealth {
  const { facts = {}, checks = [], checkedAt = null } = stored;
  const summary = sumUp(stored, now);
  return {
    ...summary,
    checkedAt,
    verifiedName: facts.verifiedName ?? null,
    numberStatus: facts.numberStatus ?? null,
    quality: facts.quality ?? null,
    tier: facts.tier ?? null,
    throughput: facts.throughput === undefined ? null : { level: facts.throughput, perSecond: levelPerSecond(stored) },
    canSend: facts.canSend ?? null,
    lastWebhookAt: lastWebhookAt?.toISOString() ?? null,
    templatesSyncedAt: stored.templatesSyncedAt ?? null,
    checks,
    callbacks: null,
  };
}

function sumUp({ facts = {}, checks = [], checkedAt, failure, notice, webhookError }: StoredHealth, now: Date): Pick<ProviderHealth, "status" | "reason"> {
  const failed = (name: ProviderCheck["name"]) => checks.find((check) => check.name === name && !check.ok)?.message;
  const since = (at: string | undefined) => (at === undefined ? Number.POSITIVE_INFINITY : now.getTime() - Date.parse(at));

  const down =
    failed("endpoint") ??
    failed("token") ??
    failed("number") ??
    (deadStates.has(facts.numberStatus ?? "") ? `Meta says the number is ${facts.numberStatus}.` : undefined) ??
    (facts.canSend === "BLOCKED" ? `Meta blocks sending. ${facts.canSendReason ?? ""}`.trim() : undefined);
  if (down !== undefined) return { status: "down", reason: down };

  const degraded =
    failed("webhooks") ??
    (failure || undefined) ??
    (facts.canSend === "LIMITED" ? `Meta limits sending. ${facts.canSendReason ?? ""}`.trim() : undefined) ??
    (facts.numberStatus !== undefined && facts.numberStatus !== "CONNECTED" ? `Meta says the number is ${facts.numberStatus}.` : undefined) ??
    (facts.quality === "RED" ? "People block or report this number's messages; its quality is low." : undefined) ??
    (since(notice?.at) < NOTICE_MS ? notice?.text : undefined) ??
    (since(webhookError?.at) < WEBHOOK_ERROR_MS ? webhookError?.text : undefined);
  if (degraded !== undefined) return { status: "degraded", reason: degraded };
  return checkedAt === undefined ? { status: "unknown", reason: null } : { status: "ok", reason: null };
}
