/**
 * People: contacts, their consent, what they do.
 *
 * Whoever changes contacts of a workspace holds its people lock (contacts/lock.ts), so batches never wait for each other's rows. No foreign
 * keys, as in 002: contacts/remove.ts deletes all there is of a person.
 */
export const people = /* sql */ `
create table contacts (
  workspace_id uuid not null,
  id uuid not null,
  identity text collate "C",
  phone text collate "C",
  name text,
  email text,
  language text,
  time_zone text,
  properties jsonb not null default '{}',
  -- CleverTap's MSG-whatsapp, and since when it is what it is.
  msg_whatsapp boolean not null default false,
  msg_whatsapp_at timestamptz,
  source text not null,
  -- What lists are sorted by: the name, or what stands in for it, in lower case without accents.
  sort_name text collate "C" not null,
  -- The beginnings a search finds a person by; see contacts/search-words.ts.
  words tsvector not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  last_seen_at timestamptz,
  primary key (workspace_id, id)
) with (fillfactor = 90);
-- These begin with what is looked for, as in 003.
create unique index contacts_phone on contacts (phone, workspace_id);
create unique index contacts_identity on contacts (identity, workspace_id);
create index contacts_name on contacts (workspace_id, sort_name, id);
create index contacts_words on contacts using gin (words);

-- Identities beyond the first, of people who were merged.
create table contact_identities (
  workspace_id uuid not null,
  contact_id uuid not null,
  identity text collate "C" not null,
  primary key (workspace_id, contact_id, identity)
);
create unique index contact_identities_identity on contact_identities (identity, workspace_id);

create table contact_properties (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  key text collate "C" not null,
  type text not null check (type in ('text', 'number', 'boolean', 'date', 'list')),
  contacts bigint not null default 0,
  created_at timestamptz not null default now(),
  primary key (workspace_id, key)
);

create table consents (
  workspace_id uuid not null,
  contact_id uuid not null,
  category text not null check (category in ('marketing', 'utility', 'authentication')),
  state text not null check (state in ('in', 'out')),
  source text not null,
  at timestamptz not null,
  proof text,
  primary key (workspace_id, contact_id, category)
);

-- CleverTap's MSG-dndWhatsApp, which belongs to the number and not to a person.
create table phone_dnd (
  workspace_id uuid not null,
  phone text collate "C" not null,
  dnd boolean not null,
  source text not null,
  at timestamptz not null,
  proof text,
  primary key (workspace_id, phone)
);

create table consent_changes (
  workspace_id uuid not null,
  contact_id uuid not null,
  id uuid not null,
  scope text not null check (scope in ('all', 'marketing', 'utility', 'authentication', 'doNotDisturb')),
  state text not null check (state in ('in', 'out')),
  source text not null,
  at timestamptz not null,
  proof text,
  -- Who did it, when a person or a key did.
  by_name text,
  primary key (workspace_id, contact_id, id)
);

-- What changed about a person after they were added, and who changed it.
create table contact_changes (
  workspace_id uuid not null,
  contact_id uuid not null,
  id uuid not null,
  at timestamptz not null,
  source text not null,
  by_name text,
  changes jsonb not null,
  primary key (workspace_id, contact_id, id)
);

-- One row per workspace that changed a default; null means the built-in.
create table consent_settings (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  default_country text,
  words jsonb,
  reply boolean not null default true,
  replies jsonb
);

-- One partition per month, made when its first event comes or ahead of it; see contacts/event-months.ts.
create table events (
  workspace_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  name text not null,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  properties jsonb not null default '{}',
  primary key (workspace_id, id, occurred_at)
) partition by range (occurred_at);
create index events_contact on events (contact_id, workspace_id, occurred_at);
create table events_before_2016 partition of events for values from (minvalue) to ('2016-01-01 00:00:00+00');

-- The names of events: which spelling came first, and how many there are. Case and spaces do not tell names apart.
create table event_names (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  key text collate "C" not null,
  name text not null,
  first_seen_at timestamptz not null default now(),
  primary key (workspace_id, key)
);

-- Ids that senders gave to events; one that is here was stored.
create table event_ids (
  workspace_id uuid not null,
  external_id text collate "C" not null,
  contact_id uuid not null,
  primary key (workspace_id, external_id)
);
create index event_ids_contact on event_ids (contact_id, workspace_id);
`;
