/** What people who were deleted had stopped, found again by a keyed hash of their number and by nothing else; see contacts/stop-list.ts. And people by when they were last seen. */
export const stopList = /* sql */ `
create table stop_list (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  number_hash bytea not null,
  scope text not null check (scope in ('marketing', 'utility', 'authentication', 'doNotDisturb')),
  source text not null,
  at timestamptz not null,
  primary key (workspace_id, number_hash, scope)
);

-- Lists sorted by "last seen"; who was never seen comes before everybody else.
create index contacts_seen on contacts (workspace_id, (coalesce(last_seen_at, '-infinity')), id);
`;
