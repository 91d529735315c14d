/**
 * Reports: prices, files of a campaign's messages that are made in the background, and reports that are sent by themselves. The numbers
 * themselves are the counters of 013; two indexes find what happened in a period. No foreign keys, as in 002.
 */
export const reports = /* sql */ `
-- By hour and by day, over all campaigns of a workspace. Neither column ever changes, so counting on stays on the row's own page.
create index campaign_counts_hour on campaign_counts (workspace_id, hour);
create index campaign_costs_day on campaign_costs (workspace_id, day);

create table rate_cards (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  currency text not null
);

-- What one delivered message costs from a day on, by calling code ("*" for all others) and Meta's category.
create table rate_prices (
  workspace_id uuid not null,
  category text collate "C" not null,
  market text collate "C" not null,
  valid_from date not null,
  price numeric not null check (price >= 0),
  primary key (workspace_id, category, market, valid_from)
);

create table report_exports (
  workspace_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  campaign_name text not null,
  format text not null check (format in ('csv', 'parquet')),
  state text not null default 'waiting' check (state in ('waiting', 'running', 'done', 'failed', 'cancelled')),
  rows integer not null default 0,
  expected integer,
  size bigint,
  failure text,
  created_by text not null,
  created_at timestamptz not null default now(),
  finished_at timestamptz,
  expires_at timestamptz,
  -- Who works on it, and until when nobody else does.
  runner uuid,
  lease_until timestamptz not null default '-infinity',
  -- How often it was begun.
  attempts integer not null default 0,
  primary key (workspace_id, id)
);
-- What a scheduler may take up, and what it takes away, whichever workspace it is of.
create index report_exports_at_work on report_exports (lease_until) where state in ('waiting', 'running');
create index report_exports_expiring on report_exports (expires_at) where expires_at is not null;

create table report_schedules (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  definition jsonb not null,
  -- What webhooks are signed with; sealed.
  secret bytea,
  -- The time it is meant for, and when it is tried next: later than due_at after a failure.
  due_at timestamptz not null,
  try_at timestamptz not null,
  attempts integer not null default 0,
  last_at timestamptz,
  last_failure text,
  runner uuid,
  lease_until timestamptz not null default '-infinity',
  created_by text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
create index report_schedules_due on report_schedules (try_at);
`;
