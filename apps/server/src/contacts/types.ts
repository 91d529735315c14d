import type { ConsentCategory, ConsentSource, ConsentState, ConsentVerdict, ContactSource, EventValue, PropertyInput } from "@tincan/api";

/*
 * The words in which other features tell this one about people.
 *
 *   upsertContacts(tx, workspaceId, drafts, { source })      contacts/upsert.ts
 *   recordEvents(tx, workspaceId, events, { source })        contacts/events.ts
 *   setConsent(tx, workspaceId, changes)                     contacts/consent.ts
 *   mayReceive(db, workspaceId, phones, category)            contacts/may-receive.ts
 *
 * All are set-based: thousands per call, a handful of statements. In one transaction call upsertContacts first, then setConsent, then
 * recordEvents: all wait for the people lock (contacts/lock.ts), and in this order nobody waits for somebody who waits for them.
 */

/**
 * What is told about a person. Absent fields stay as they are, null (or an empty text) empties them. Somebody is found by `id`, else by
 * `identity`, else by `phone`; the merge rule is told in merge.ts.
 */
export interface ContactDraft {
  /** Of a contact that is there already. */
  id?: string;
  identity?: string | null;
  /** In any common writing. */
  phone?: string | null;
  /** ISO 3166 country of a phone number written without one; the call's default country otherwise. */
  country?: string;
  name?: string | null;
  email?: string | null;
  language?: string | null;
  timeZone?: string | null;
  properties?: Record<string, PropertyInput | Date>;
  /** MSG-whatsapp, and the consent of single categories. */
  consent?: { all?: ConsentState; marketing?: ConsentState; utility?: ConsentState; authentication?: ConsentState; at?: Date; proof?: string };
  /** MSG-dndWhatsApp of the phone number. */
  doNotDisturb?: boolean;
}

export interface UpsertOptions {
  source: ContactSource;
  /** Whose word a draft's consent is; follows from `source` when left out. */
  consentSource?: ConsentSource;
  /** ISO 3166; null or absent: numbers need their country code. */
  defaultCountry?: string | null;
  /** Who does it, for the timeline; absent for imports and the server itself. */
  by?: string;
  /** A draft with a value that cannot be kept is refused, instead of being stored without it. */
  whole?: boolean;
  /** Reads, matches and reports, but writes nothing. */
  dryRun?: boolean;
}

export type ContactProblemCode =
  | "no_identifier" | "contact_not_found" | "bad_identity" | "bad_phone" | "bad_email" | "bad_language" | "bad_time_zone" | "too_long"
  | "bad_property_key" | "wrong_type" | "too_many_properties" | "phone_taken" | "identity_taken" | "kept_out";

/** Something about one draft. `refused`: nothing of the draft was stored; otherwise all but this field was. */
export interface ContactProblem {
  /** Place of the draft in the call, from 0. */
  index: number;
  code: ContactProblemCode;
  /** Such as "phone" or "properties.Tier"; empty for the draft as a whole. */
  field: string;
  /** A sentence for people. */
  message: string;
  refused: boolean;
}

export interface UpsertResult {
  /** The contact of each draft, in the order of the call; null for those refused. */
  ids: (string | null)[];
  /** Contacts that were new, that were there and changed, and that stayed as they were. */
  created: number;
  updated: number;
  unchanged: number;
  /** Drafts about somebody whom an earlier draft of the call was about; they are counted there. */
  repeated: number;
  problems: ContactProblem[];
}

/** Something a person did. One of the first three says who; somebody not known becomes a contact. */
export interface NewEvent {
  contactId?: string;
  identity?: string;
  /** In any common writing. */
  phone?: string;
  name: string;
  /** Now when absent. */
  at?: Date;
  /** The sender's own id: an event whose id came before is ignored. */
  externalId?: string;
  properties?: Record<string, EventValue | Date>;
}

export type EventProblemCode = "no_person" | "contact_not_found" | "bad_phone" | "bad_name" | "bad_time" | "too_many_names" | "too_many_properties" | "bad_property_key" | "too_long" | "wrong_type";

export interface EventProblem {
  index: number;
  code: EventProblemCode;
  field: string;
  message: string;
  /** Always true: an event is stored whole or not at all. */
  refused: true;
}

export interface RecordResult {
  stored: number;
  duplicates: number;
  problems: EventProblem[];
}

export type ConsentChangeScope = ConsentCategory | "all" | "doNotDisturb";

/** A word about one person's consent, or (doNotDisturb, `state` "out" meaning on) about their number. */
export interface ConsentChange {
  contactId: string;
  scope: ConsentChangeScope;
  state: ConsentState;
  source: ConsentSource;
  at: Date;
  proof?: string | null;
  /** Who did it, when a person or a key did. */
  by?: string | null;
}

/** applied: stored, `id` names it in the history · unchanged: it was so · outdated: newer words are known · keptOut: a bulk source may not lift a person's own stop. */
export interface ConsentOutcome {
  outcome: "applied" | "unchanged" | "outdated" | "keptOut";
  id: string | null;
}

/** Whether a number may get messages of a category, and the person behind it. */
export interface Permit {
  phone: string;
  contactId: string | null;
  verdict: ConsentVerdict;
}
