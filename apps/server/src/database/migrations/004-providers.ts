/** Generic providers: their callback addresses, how those are used, archived providers, and whom an auto-reply has answered. */
export const providers = `
alter table providers add column archived_at timestamptz;

-- The secret of a provider's callback URLs: found by its hash, shown again from its sealed form. Of several, those with an end are
-- what was given out before a rotation.
create table provider_callback_urls (
  workspace_id uuid not null,
  provider_id uuid not null,
  secret_hash text not null,
  secret_sealed bytea not null,
  expires_at timestamptz,
  created_at timestamptz not null default now(),
  primary key (workspace_id, provider_id, secret_hash),
  foreign key (workspace_id, provider_id) references providers (workspace_id, id) on delete cascade
);
-- A callback names no workspace.
create unique index provider_callback_urls_by_secret on provider_callback_urls (secret_hash, workspace_id);

create table provider_callback_hours (
  workspace_id uuid not null,
  provider_id uuid not null,
  hour timestamptz not null,
  received integer not null,
  refused integer not null,
  last_status_at timestamptz,
  last_inbound_at timestamptz,
  last_refusal text,
  primary key (workspace_id, provider_id, hour),
  foreign key (workspace_id, provider_id) references providers (workspace_id, id) on delete cascade
);

create table auto_replies (
  workspace_id uuid not null,
  provider_id uuid not null,
  phone text collate "C" not null,
  replied_at timestamptz not null,
  primary key (workspace_id, provider_id, phone),
  foreign key (workspace_id, provider_id) references providers (workspace_id, id) on delete cascade
);
`;
