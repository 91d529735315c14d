/** Templates written here, and lists fetched from a provider that wait to be applied. */
export const templates = `
alter table templates
  -- Values that previews and tests begin with; what Tincan keeps about buttons. A sync touches neither.
  add column samples jsonb not null default '{}',
  add column button_settings jsonb not null default '[]',
  add column ttl_seconds integer,
  -- Came from a provider's list by import, so an import that lists it no more marks it DELETED.
  add column imported boolean not null default false,
  -- When it was edited while approved: Meta allows one edit a day and ten in 30 days.
  add column edits timestamptz[] not null default '{}',
  -- Meta does not take the name of a deleted approved template again before this.
  add column name_locked_until timestamptz,
  add column archived_at timestamptz;

create table template_imports (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  provider_id uuid not null,
  -- The templates as fetched, and what the preview showed would change.
  fetched jsonb not null,
  digest text not null,
  created_at timestamptz not null,
  primary key (workspace_id, id),
  foreign key (workspace_id, provider_id) references providers (workspace_id, id) on delete cascade
);
`;
