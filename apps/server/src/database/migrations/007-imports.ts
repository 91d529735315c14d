/**
 * Imports of people from CSV files. `next_byte` and `last_row` say how far the file has been worked through; they move in the transaction that
 * stores the rows, so a restart goes on exactly there.
 */
export const imports = `
create table imports (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  file_name text not null,
  size bigint not null,
  state text not null default 'draft' check (state in ('draft', 'checking', 'checked', 'running', 'done', 'cancelled', 'failed')),
  encoding text not null,
  delimiter text not null,
  columns jsonb not null,
  sample_rows jsonb not null,
  settings jsonb not null,
  created_by text not null,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  finished_at timestamptz,
  -- Of the file as it is kept, in UTF-8.
  stored_size bigint not null,
  header_end bigint not null,
  next_byte bigint not null,
  last_row integer not null default 1,
  counts jsonb not null default '{"rows": 0, "created": 0, "updated": 0, "merged": 0, "rejected": 0}',
  dry_run jsonb,
  rows_per_second real,
  problem_count integer not null default 0,
  failure text,
  -- Who works on it, and until when nobody else does.
  runner uuid,
  lease_until timestamptz not null default '-infinity',
  -- How often it was taken up since it last came further.
  attempts integer not null default 0,
  primary key (workspace_id, id)
);
-- What a scheduler may take up, whichever workspace it is of.
create index imports_at_work on imports (lease_until) where state in ('checking', 'running');

create table import_problems (
  workspace_id uuid not null,
  import_id uuid not null,
  row_number integer not null,
  place smallint not null,
  column_name text,
  value text,
  reason text not null,
  -- The row as it was, for the file of problems; with the row's first problem only.
  fields text[],
  primary key (workspace_id, import_id, row_number, place),
  foreign key (workspace_id, import_id) references imports (workspace_id, id) on delete cascade
);
`;
