/** A file for a list is read in the background: how far it was read, and who works on it. Files that never came to an end are forgotten. */
export const listUploads = /* sql */ `
delete from list_uploads where not finished;
alter table list_uploads drop column finished;
alter table list_uploads
  add column state text not null default 'done' check (state in ('running', 'done', 'failed', 'cancelled')),
  add column failure text,
  -- How the file is read, and who is behind it.
  add column settings jsonb not null default '{}',
  add column actor jsonb not null default '{}',
  -- Bytes of the file as it is kept: all, where its rows begin, and the first that was not read.
  add column stored_size bigint not null default 0,
  add column header_end bigint not null default 0,
  add column next_byte bigint not null default 0,
  -- The last row that was read, as a spreadsheet counts.
  add column last_row integer not null default 1,
  add column runner uuid,
  -- Since the last batch was stored.
  add column attempts integer not null default 0,
  add column lease_until timestamptz not null default '-infinity';
alter table list_uploads alter column state set default 'running';
create index list_uploads_at_work on list_uploads (lease_until) where state = 'running';
`;
