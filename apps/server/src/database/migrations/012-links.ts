/** Short links and their clicks. A link belongs to one message; no foreign keys, as in 002. */
export const links = /* sql */ `
-- A target that many links share; its id is a part of its SHA-256.
create table link_targets (
  workspace_id uuid not null,
  id uuid not null,
  url text not null,
  primary key (workspace_id, id)
);

-- The first click of each updates the row; the spare room keeps it on its page, so that no index is touched.
create table links (
  workspace_id uuid not null,
  message_id uuid not null,
  code text collate "C" not null,
  -- The person it was made for.
  contact_id uuid,
  target_id uuid,
  target text,
  -- Where in the message it stands.
  place text not null,
  created_at timestamptz not null,
  clicks integer not null default 0,
  first_clicked_at timestamptz,
  last_clicked_at timestamptz,
  primary key (workspace_id, message_id, code),
  check ((target_id is null) <> (target is null))
) with (fillfactor = 85);
-- An address names a code, never a workspace.
create unique index links_code on links (code);

create table link_clicks (
  workspace_id uuid not null,
  id uuid not null,
  code text collate "C" not null,
  at timestamptz not null,
  -- Family of browser and system, in words of ours.
  agent text not null,
  primary key (workspace_id, id)
);
create index link_clicks_code on link_clicks (code, workspace_id, id);

-- One row per workspace that changed a default.
create table link_settings (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  -- An origin such as https://go.example.com.
  domain text,
  -- Null: links never expire.
  expire_days integer,
  utm_append boolean not null,
  utm_source text not null,
  utm_medium text not null
);
`;
