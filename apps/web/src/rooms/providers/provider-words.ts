import type { ProviderHealth } from "@tincan/api";
import type { Tone } from "../../pieces/Dot.tsx";

const statuses: Record<ProviderHealth["status"], { tone: Tone; word: string }> = {
  ok: { tone: "read", word: "Ready to send" },
  degraded: { tone: "unknown", word: "Limited" },
  down: { tone: "failed", word: "Cannot send" },
  unknown: { tone: "queued", word: "Not checked yet" },
};

export const healthWord = (status: ProviderHealth["status"]) => statuses[status];

/** TIER_2K → "2,000 people a day": how many people one may write to first within 24 hours. */
export function tierWords(tier: string): string {
  const size = /^TIER_(\d+)(K?)$/.exec(tier);
  if (size) return `${(Number(size[1]) * (size[2] ? 1000 : 1)).toLocaleString()} people in 24 hours`;
  return tier === "TIER_UNLIMITED" ? "No limit" : tier;
}
