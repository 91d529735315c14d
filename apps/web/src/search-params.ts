import type { AuditSort, CallbackState, CampaignSort, CampaignState, ConsentState, ContactSort, ContactSource, ImportState, MessageSort, MessageState, MessageStep, OriginKind, SegmentSort, TemplateSort } from "@tincan/api";
import { originKinds } from "./rooms/messages/origin-words.ts";

/*
 * Filters live in the address, so that a view can be sent to somebody, bookmarked, and found again with Back.
 * What does not make sense there is dropped without a word.
 */

type Raw = Record<string, unknown>;

const text = (value: unknown): string | undefined => {
  if (typeof value === "number") return String(value);
  return typeof value === "string" && value.trim() !== "" ? value.slice(0, 200) : undefined;
};

const oneOf = <T extends string>(value: unknown, allowed: readonly T[]): T | undefined => allowed.find((one) => one === value);

const time = (value: unknown): string | undefined => {
  const at = typeof value === "string" ? Date.parse(value) : Number.NaN;
  return Number.isNaN(at) ? undefined : new Date(at).toISOString();
};

const states = ["queued", "sending", "submitted", "sent", "delivered", "read", "failed", "unknown"] as const satisfies readonly MessageState[];
const steps = ["submitted", "sent", "delivered", "read", "clicked", "failed"] as const satisfies readonly MessageStep[];

const messageSorts = ["createdAt", "-createdAt"] as const satisfies readonly MessageSort[];
const templateSorts = ["name", "-name", "status", "-status", "category", "-category", "updatedAt", "-updatedAt"] as const satisfies readonly TemplateSort[];
const auditSorts = ["at", "-at"] as const satisfies readonly AuditSort[];

export interface MessageSearch {
  sort?: MessageSort | undefined;
  q?: string | undefined;
  state?: MessageState | undefined;
  /** A step taken at any time, whatever the state is now. */
  reached?: MessageStep | undefined;
  provider?: string | undefined;
  origin?: OriginKind | undefined;
  from?: string | undefined;
  to?: string | undefined;
}

export const messageSearch = (raw: Raw): MessageSearch => ({
  sort: oneOf(raw["sort"], messageSorts),
  q: text(raw["q"]),
  state: oneOf(raw["state"], states),
  reached: oneOf(raw["reached"], steps),
  provider: text(raw["provider"]),
  origin: oneOf(raw["origin"], originKinds),
  from: time(raw["from"]),
  to: time(raw["to"]),
});

const consents = ["in", "out"] as const satisfies readonly ConsentState[];
const contactSources = ["form", "api", "csv", "upload", "inbound", "demo"] as const satisfies readonly ContactSource[];
const contactSorts = ["newest", "oldest", "name", "lastSeenAt", "-lastSeenAt"] as const satisfies readonly ContactSort[];

export interface ContactSearch {
  sort?: ContactSort | undefined;
  q?: string | undefined;
  consent?: ConsentState | undefined;
  source?: ContactSource | undefined;
  property?: string | undefined;
  /** What the property holds; everybody who has it without one. */
  value?: string | undefined;
}

export const contactSearch = (raw: Raw): ContactSearch => ({
  sort: oneOf(raw["sort"], contactSorts),
  q: text(raw["q"]),
  consent: oneOf(raw["consent"], consents),
  source: oneOf(raw["source"], contactSources),
  ...propertySearch(text(raw["property"]), typeof raw["value"] === "boolean" ? String(raw["value"]) : text(raw["value"])),
});

/** A value without its property says nothing. */
function propertySearch(property: string | undefined, value: string | undefined): Pick<ContactSearch, "property" | "value"> {
  return { property, value: property === undefined ? undefined : value };
}

const segmentSorts = ["newest", "oldest", "name"] as const satisfies readonly SegmentSort[];

export interface SegmentSearch {
  sort?: SegmentSort | undefined;
  q?: string | undefined;
  archived?: true | undefined;
}

export const segmentSearch = (raw: Raw): SegmentSearch => ({ ...contactListSearch(raw), archived: raw["archived"] === true || raw["archived"] === "true" ? true : undefined });

export const contactListSearch = (raw: Raw): Omit<SegmentSearch, "archived"> => ({ sort: oneOf(raw["sort"], segmentSorts), q: text(raw["q"]) });

/** A search among the people of a segment or a list. */
export interface PeopleSearch {
  q?: string | undefined;
}

export const peopleSearch = (raw: Raw): PeopleSearch => ({ q: text(raw["q"]) });

/** What a new segment begins with: an example, or the filters of the contacts' list. */
export interface NewSegmentSearch extends Pick<ContactSearch, "consent" | "source" | "property" | "value"> {
  example?: string | undefined;
}

export const newSegmentSearch = (raw: Raw): NewSegmentSearch => {
  const { consent, source, property, value } = contactSearch(raw);
  return { example: text(raw["example"]), consent, source, property, value };
};

/** A list that the browser puts in order: see pieces/short-list.ts. */
export interface ShortSearch {
  sort?: string | undefined;
  q?: string | undefined;
}

const shortSearch =
  (...fields: string[]) =>
  (raw: Raw): ShortSearch => ({ sort: oneOf(raw["sort"], fields.flatMap((field) => [field, `-${field}`])), q: text(raw["q"]) });

export const providerSearch = shortSearch("name", "number", "status", "kind", "heardAt");
export const deploymentSearch = shortSearch("name", "provider", "callbacks", "lastRequestAt", "createdAt");
export const memberSearch = shortSearch("name", "role", "twoFactor", "lastSeenAt", "email");
export const apiKeySearch = shortSearch("name", "role", "lastUsedAt", "createdBy", "createdAt");

const importStates = ["draft", "checking", "checked", "running", "done", "cancelled", "failed"] as const satisfies readonly ImportState[];

export interface ImportSearch extends ShortSearch {
  q?: string | undefined;
  state?: ImportState | undefined;
}

const importOrder = shortSearch("fileName", "state", "createdBy", "createdAt");

export const importSearch = (raw: Raw): ImportSearch => ({ ...importOrder(raw), state: oneOf(raw["state"], importStates) });

export interface TemplateSearch {
  sort?: TemplateSort | undefined;
  q?: string | undefined;
  status?: string | undefined;
  category?: string | undefined;
  provider?: string | undefined;
  /** Archived ones are a list of their own. */
  archived?: true | undefined;
}

export const templateSearch = (raw: Raw): TemplateSearch => ({
  sort: oneOf(raw["sort"], templateSorts),
  q: text(raw["q"]),
  status: text(raw["status"]),
  category: text(raw["category"]),
  provider: text(raw["provider"]),
  archived: raw["archived"] === true || raw["archived"] === "true" ? true : undefined,
});

const campaignStates = ["draft", "awaitingApproval", "rejected", "scheduled", "running", "paused", "completed", "stopped", "expired", "failed"] as const satisfies readonly CampaignState[];
const campaignSorts = ["-updatedAt", "updatedAt", "name", "-name", "-launchedAt", "launchedAt"] as const satisfies readonly CampaignSort[];

export interface CampaignSearch {
  sort?: CampaignSort | undefined;
  q?: string | undefined;
  state?: CampaignState | undefined;
  label?: string | undefined;
  provider?: string | undefined;
  archived?: true | undefined;
}

export const campaignSearch = (raw: Raw): CampaignSearch => ({
  sort: oneOf(raw["sort"], campaignSorts),
  q: text(raw["q"]),
  state: oneOf(raw["state"], campaignStates),
  label: text(raw["label"]),
  provider: text(raw["provider"]),
  archived: raw["archived"] === true || raw["archived"] === "true" ? true : undefined,
});

const wizardSteps = ["who", "what", "when", "goal", "review"] as const;
export type WizardStep = (typeof wizardSteps)[number];

/** The step of a campaign's wizard; the first when left out. */
export interface WizardSearch {
  step?: WizardStep | undefined;
}

export const wizardSearch = (raw: Raw): WizardSearch => ({ step: oneOf(raw["step"], wizardSteps) });

export interface AuditSearch {
  sort?: AuditSort | undefined;
  q?: string | undefined;
}

export const auditSearch = (raw: Raw): AuditSearch => ({ sort: oneOf(raw["sort"], auditSorts), q: text(raw["q"]) });

export interface NewTemplateSearch {
  provider?: string | undefined;
}

export const newTemplateSearch = (raw: Raw): NewTemplateSearch => ({ provider: text(raw["provider"]) });

export interface LibrarySearch {
  provider?: string | undefined;
  q?: string | undefined;
  topic?: string | undefined;
  industry?: string | undefined;
  language?: string | undefined;
}

export const librarySearch = (raw: Raw): LibrarySearch => ({
  provider: text(raw["provider"]),
  q: text(raw["q"]),
  topic: text(raw["topic"]),
  industry: text(raw["industry"]),
  language: text(raw["language"]),
});

export interface NewProviderSearch {
  kind?: "generic" | undefined;
}

export const newProviderSearch = (raw: Raw): NewProviderSearch => ({ kind: oneOf(raw["kind"], ["generic"] as const) });

const callbackStates = ["waiting", "retrying", "delivered", "parked"] as const satisfies readonly CallbackState[];

export interface CallbackSearch {
  q?: string | undefined;
  state?: CallbackState | undefined;
}

export const callbackSearch = (raw: Raw): CallbackSearch => ({ q: text(raw["q"]), state: oneOf(raw["state"], callbackStates) });

/** Where to go after signing in: only a path of this site, never another address. */
export function safePath(value: unknown): string | undefined {
  return typeof value === "string" && /^\/(?![/\\])/.test(value) ? value : undefined;
}
