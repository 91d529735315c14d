/**
 * Saved segments, custom lists, and the index by which a segment asks what people did.
 *
 * No foreign keys from members, as in 005: contacts/remove.ts takes a person off every list, contacts/merge-store.ts hands memberships over.
 */
export const segments = /* sql */ `
create table segments (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null,
  description text not null default '',
  query jsonb not null,
  -- Other segments that the query names, so that none is deleted from under it.
  segment_ids uuid[] not null default '{}',
  list_ids uuid[] not null default '{}',
  count bigint,
  counted_at timestamptz,
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  archived_at timestamptz,
  primary key (workspace_id, id)
);
create unique index segments_name on segments (workspace_id, lower(name)) where archived_at is null;

create table contact_lists (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  name text not null,
  description text not null default '',
  created_by text not null,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create unique index contact_lists_name on contact_lists (workspace_id, lower(name));

-- Who is on which list.
create table list_members (
  workspace_id uuid not null,
  list_id uuid not null,
  contact_id uuid not null,
  -- When they were put on it, or last named by a file.
  added_at timestamptz not null default now(),
  primary key (workspace_id, list_id, contact_id)
);
create index list_members_contact on list_members (contact_id, workspace_id);

-- The newest file of each list, and those being read; the rows of it that named nobody are kept to be downloaded.
create table list_uploads (
  workspace_id uuid not null,
  list_id uuid not null,
  id uuid not null,
  file_name text not null,
  mode text not null check (mode in ('add', 'replace')),
  rows integer not null default 0,
  matched integer not null default 0,
  added integer not null default 0,
  removed integer not null default 0,
  created integer not null default 0,
  unmatched integer not null default 0,
  uploaded_by text not null,
  uploaded_at timestamptz not null default now(),
  finished boolean not null default false,
  primary key (workspace_id, list_id, id),
  foreign key (workspace_id, list_id) references contact_lists (workspace_id, id) on delete cascade
);

create table list_upload_problems (
  workspace_id uuid not null,
  list_id uuid not null,
  upload_id uuid not null,
  row_number integer not null,
  value text not null,
  reason text not null,
  primary key (workspace_id, list_id, upload_id, row_number),
  foreign key (workspace_id, list_id, upload_id) references list_uploads (workspace_id, list_id, id) on delete cascade
);

-- The few numbers that take nothing, among those of whom something was said.
create index phone_dnd_on on phone_dnd (workspace_id, phone) where dnd;

-- Who did something, and when, read from the index alone: everybody for a count, or the people between two ids for a page of an audience.
create index events_name on events (workspace_id, name, contact_id, occurred_at);
`;
