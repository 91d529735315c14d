import type { Provider, ProviderCallbackHealth, ProviderHealth, ProviderRemoval, ProviderUses } from "@tincan/api";
import type { Tone } from "../../pieces/Dot.tsx";

const statuses: Record<ProviderHealth["status"], { tone: Tone; word: string }> = {
  ok: { tone: "read", word: "Ready to send" },
  degraded: { tone: "unknown", word: "Limited" },
  down: { tone: "failed", word: "Cannot send" },
  unknown: { tone: "queued", word: "Not checked yet" },
};

/** How a provider stands, in one word: archived before anything else. */
export const providerWord = ({ archivedAt, health }: Pick<Provider, "archivedAt" | "health">): { tone: Tone; word: string } =>
  archivedAt ? { tone: "queued", word: "Archived" } : statuses[health.status];

export const kindWords: Record<Provider["kind"], string> = { "cloud-api": "Cloud API", generic: "Other (Generic)" };

/** TIER_2K → "2,000 people a day": how many people one may write to first within 24 hours. */
export function tierWords(tier: string): string {
  const size = /^TIER_(\d+)(K?)$/.exec(tier);
  if (size) return `${(Number(size[1]) * (size[2] ? 1000 : 1)).toLocaleString()} people in 24 hours`;
  return tier === "TIER_UNLIMITED" ? "No limit" : tier;
}

/** The callback requests of the last 24 hours: how many came, and which share was refused. */
export function callbackErrors({ received, refused, errorRate }: Pick<ProviderCallbackHealth, "received" | "refused" | "errorRate">): string {
  if (received === 0) return "No callback came";
  const came = `${count(received, "callback")} came`;
  if (refused === 0) return `${came}, none refused`;
  return `${came}, ${refused.toLocaleString()} refused (${(errorRate * 100).toLocaleString(undefined, { maximumFractionDigits: 1 })}%)`;
}

const count = (number: number, what: string) => `${number.toLocaleString()} ${what}${number === 1 ? "" : "s"}`;

/** What stops while a provider is archived. */
export function archiveEffects(uses: ProviderUses | undefined): string[] {
  if (!uses) return [];
  return [
    ...uses.deployments.map(({ name }) => `The deployment “${name}” cannot send meanwhile.`),
    ...uses.campaigns.map(({ name }) => `The campaign “${name}” fails.`),
    ...(uses.waiting > 0 ? [`${count(uses.waiting, "message")} in its queue wait until then.`] : []),
    ...(uses.underWay > 0 ? [`${count(uses.underWay, "message")} on the way right now still arrive.`] : []),
    "Its templates and its history stay.",
  ];
}

/** What goes when a provider is deleted. */
export function removalEffects(uses: ProviderUses | undefined): string[] {
  if (!uses) return [];
  return [
    ...uses.deployments.map(({ name }) => `The deployment “${name}” is deleted with it; its platform can no longer send.`),
    ...uses.campaigns.map(({ name }) => `The campaign “${name}” fails.`),
    ...(uses.waiting > 0 ? [`${count(uses.waiting, "message")} in its queue fail.`] : []),
    ...(uses.underWay > 0 ? [`${count(uses.underWay, "message")} on the way right now are not followed any more.`] : []),
    uses.templates > 0 ? `Its ${count(uses.templates, "template")} ${uses.templates === 1 ? "is" : "are"} removed from Tincan.` : "It has no templates.",
    "Messages already sent and their traces stay.",
  ];
}

/** What the server is told when somebody has read `removalEffects` and goes on. */
export function confirmedRemoval(uses: ProviderUses | undefined): ProviderRemoval {
  return uses && uses.deployments.length + uses.campaigns.length > 0 ? { confirm: "cascade" } : {};
}

/** A link of the server (`/templates?provider=…#top`) as the router's parts. */
export function linkParts(link: string): { to: string; search?: Record<string, string>; hash?: string } {
  const { pathname, searchParams, hash } = new URL(link, "https://page.invalid");
  return { to: pathname, ...(searchParams.size > 0 ? { search: Object.fromEntries(searchParams) } : {}), ...(hash ? { hash: hash.slice(1) } : {}) };
}
