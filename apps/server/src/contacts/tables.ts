import type { ConsentCategory, ConsentReply, ConsentSource, ConsentState, ConsentWord, ContactSource, PropertyType, PropertyValue } from "@tincan/api";
import type { Generated, JSONColumnType } from "kysely";
import type { ConsentChangeScope } from "./types.ts";

interface ContactsTable {
  workspace_id: string;
  id: string;
  identity: string | null;
  /** E.164 with "+". */
  phone: string | null;
  name: string | null;
  email: string | null;
  language: string | null;
  time_zone: string | null;
  properties: JSONColumnType<Record<string, PropertyValue>>;
  msg_whatsapp: Generated<boolean>;
  msg_whatsapp_at: Date | null;
  source: ContactSource;
  sort_name: string;
  words: string;
  created_at: Generated<Date>;
  updated_at: Generated<Date>;
  last_seen_at: Date | null;
}

interface ContactIdentitiesTable {
  workspace_id: string;
  contact_id: string;
  identity: string;
}

/** Contacts that became part of others; see contacts/merged.ts. */
interface MergedContactsTable {
  workspace_id: string;
  id: string;
  contact_id: string;
  phone: string | null;
}

interface ContactPropertiesTable {
  workspace_id: string;
  key: string;
  type: PropertyType;
  contacts: Generated<number>;
  created_at: Generated<Date>;
}

interface ConsentsTable {
  workspace_id: string;
  contact_id: string;
  category: ConsentCategory;
  state: ConsentState;
  source: ConsentSource;
  at: Date;
  proof: string | null;
}

interface PhoneDndTable {
  workspace_id: string;
  phone: string;
  dnd: boolean;
  source: ConsentSource;
  at: Date;
  proof: string | null;
}

interface ConsentChangesTable {
  workspace_id: string;
  contact_id: string;
  id: string;
  scope: ConsentChangeScope;
  state: ConsentState;
  source: ConsentSource;
  at: Date;
  proof: string | null;
  by_name: string | null;
}

interface ContactChangesTable {
  workspace_id: string;
  contact_id: string;
  id: string;
  at: Date;
  source: ContactSource;
  by_name: string | null;
  changes: JSONColumnType<Record<string, unknown>>;
}

interface ConsentSettingsTable {
  workspace_id: string;
  default_country: string | null;
  words: JSONColumnType<ConsentWord[]> | null;
  reply: Generated<boolean>;
  replies: JSONColumnType<ConsentReply[]> | null;
}

interface EventsTable {
  workspace_id: string;
  id: string;
  contact_id: string;
  name: string;
  occurred_at: Date;
  received_at: Generated<Date>;
  properties: JSONColumnType<Record<string, unknown>>;
}

interface EventNamesTable {
  workspace_id: string;
  key: string;
  name: string;
  first_seen_at: Generated<Date>;
}

interface EventIdsTable {
  workspace_id: string;
  external_id: string;
  contact_id: string;
}

/** Who is on which custom list; the lists themselves are segments' (segments/tables.ts). */
interface ListMembersTable {
  workspace_id: string;
  list_id: string;
  contact_id: string;
  added_at: Generated<Date>;
}

declare module "../database/schema.ts" {
  interface Schema {
    contacts: ContactsTable;
    contact_identities: ContactIdentitiesTable;
    merged_contacts: MergedContactsTable;
    contact_properties: ContactPropertiesTable;
    consents: ConsentsTable;
    phone_dnd: PhoneDndTable;
    consent_changes: ConsentChangesTable;
    contact_changes: ContactChangesTable;
    consent_settings: ConsentSettingsTable;
    events: EventsTable;
    event_names: EventNamesTable;
    event_ids: EventIdsTable;
    list_members: ListMembersTable;
  }
}
