/**
 * Campaigns: definitions, runs, the people who wait or were left out, and what became of those who got a message.
 *
 * Messages themselves are the ledger's: a message of a campaign has the cell's id as its origin and the contact's id as its external id, so
 * the ledger's own unique index keeps a person from getting one twice. Counters are added to in the transactions that change messages; `slot`
 * spreads a busy cell over some rows, so that two such transactions seldom wait for each other. No foreign keys, as in 002.
 */
export const campaigns = /* sql */ `
create table campaigns (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  labels text[] not null default '{}',
  state text not null,
  reason text,
  provider_id uuid,
  live boolean not null default false,
  definition jsonb not null,
  -- The last change of the definition; an approval holds for one version only.
  version integer not null default 1,
  created_by uuid,
  created_by_name text not null,
  approved_by_name text,
  approved_at timestamptz,
  next_run_at timestamptz,
  -- Runs are numbered from 1, and dates of the schedule are taken in order.
  runs integer not null default 0,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  launched_at timestamptz,
  ended_at timestamptz,
  archived_at timestamptz,
  primary key (workspace_id, id)
);
create index campaigns_due on campaigns (next_run_at) where next_run_at is not null;

create table campaign_runs (
  workspace_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  number integer not null,
  state text not null check (state in ('waiting', 'running', 'paused', 'completed', 'stopped', 'failed')),
  reason text,
  -- The definition and its templates as they were when the run was made.
  definition jsonb not null,
  due_at timestamptz not null,
  -- Who works on it; see campaigns/engine/leases.ts.
  owner uuid,
  lease_until timestamptz not null default '-infinity',
  live boolean not null default false,
  -- The engine does not look at it before resume_at; before idle_until only when somebody's time has come.
  resume_at timestamptz,
  idle_until timestamptz,
  -- The last contact of the audience that was looked at; whether all were.
  after_contact uuid,
  looked_at_all boolean not null default false,
  expected integer,
  people integer not null default 0,
  handed_over integer not null default 0,
  waiting integer not null default 0,
  -- What was handed over in the minute that began then, for the throttle.
  minute timestamptz,
  in_minute integer not null default 0,
  -- People a second, as last measured.
  per_second real,
  winner text,
  decides_at timestamptz,
  created_at timestamptz not null default now(),
  started_at timestamptz,
  ended_at timestamptz,
  primary key (workspace_id, id),
  unique (workspace_id, campaign_id, number)
);
-- A run that was stopped or failed ends when nothing of it waits to be sent any more.
create index campaign_runs_open on campaign_runs (due_at) where ended_at is null;

-- The people of one run who get one variant; the control group is a cell of its own.
create table campaign_cells (
  workspace_id uuid not null,
  id uuid not null,
  campaign_id uuid not null,
  run_id uuid not null,
  variant text not null,
  primary key (workspace_id, id),
  unique (workspace_id, run_id, variant)
);
create index campaign_cells_campaign on campaign_cells (workspace_id, campaign_id);

-- People of a run without a message: waiting for their time, held for the winner, or left out, and why.
create table campaign_people (
  workspace_id uuid not null,
  run_id uuid not null,
  id uuid not null,
  contact_id uuid not null,
  cell_id uuid,
  state text not null check (state in ('waiting', 'held', 'lost')),
  reason text,
  detail text,
  due_at timestamptz,
  -- Which try this is; above 1 for those who met Meta's limit of marketing messages.
  attempt smallint not null default 1,
  -- What a live campaign's event said.
  event jsonb,
  at timestamptz not null default now(),
  primary key (workspace_id, run_id, id)
) with (fillfactor = 80);
create index campaign_people_open on campaign_people (workspace_id, run_id, state, due_at, id) where state <> 'lost';
create index campaign_people_behind on campaign_people (workspace_id, run_id, reason, id);
create index campaign_people_contact on campaign_people (workspace_id, contact_id);

create table campaign_counts (
  workspace_id uuid not null,
  cell_id uuid not null,
  hour timestamptz not null,
  slot smallint not null,
  queued integer not null default 0,
  submitted integer not null default 0,
  sent integer not null default 0,
  delivered integer not null default 0,
  read integer not null default 0,
  clicked integer not null default 0,
  failed integer not null default 0,
  replied integer not null default 0,
  converted integer not null default 0,
  opted_out integer not null default 0,
  revenue numeric not null default 0,
  primary key (workspace_id, cell_id, hour, slot)
) with (fillfactor = 50);

-- People lost before a message was made, per run and reason.
create table campaign_losses (
  workspace_id uuid not null,
  run_id uuid not null,
  reason text not null,
  people integer not null default 0,
  primary key (workspace_id, run_id, reason)
) with (fillfactor = 50);

-- Failed messages by "source:code", as the ledger's error says.
create table campaign_failures (
  workspace_id uuid not null,
  cell_id uuid not null,
  failure text not null,
  slot smallint not null,
  title text not null,
  messages integer not null default 0,
  primary key (workspace_id, cell_id, failure, slot)
) with (fillfactor = 50);

-- Delivered messages as Meta prices them: by day (UTC), market (ISO 3166 or Meta's region), category and billing.
create table campaign_costs (
  workspace_id uuid not null,
  cell_id uuid not null,
  day date not null,
  market text not null,
  category text not null,
  billable boolean not null,
  slot smallint not null,
  delivered integer not null default 0,
  primary key (workspace_id, cell_id, day, market, category, billable, slot)
) with (fillfactor = 50);

-- What people did after a message (or, in the control group, without one): the first time of each kind.
create table campaign_responses (
  workspace_id uuid not null,
  cell_id uuid not null,
  contact_id uuid not null,
  kind text not null check (kind in ('replied', 'converted', 'optedOut')),
  at timestamptz not null,
  revenue numeric,
  primary key (workspace_id, cell_id, kind, contact_id)
);
create index campaign_responses_contact on campaign_responses (workspace_id, contact_id);

-- Events that running campaigns wait for: what starts a live one, what keeps it from sending, and goals.
create table campaign_triggers (
  workspace_id uuid not null,
  event_key text collate "C" not null,
  role text not null check (role in ('start', 'unless', 'goal')),
  campaign_id uuid not null,
  run_id uuid not null,
  -- Events before do not count; goals are watched a while after the run has ended.
  since timestamptz not null,
  until timestamptz,
  primary key (workspace_id, event_key, role, run_id)
);
create index campaign_triggers_run on campaign_triggers (workspace_id, run_id);

-- When somebody last began a live campaign: once only, or not again before a while has passed.
create table campaign_entries (
  workspace_id uuid not null,
  run_id uuid not null,
  contact_id uuid not null,
  at timestamptz not null,
  primary key (workspace_id, run_id, contact_id)
);
create index campaign_entries_contact on campaign_entries (workspace_id, contact_id);

create table campaign_settings (
  workspace_id uuid primary key references workspaces (id) on delete cascade,
  frequency_cap jsonb,
  dwell_minutes integer,
  quiet_hours jsonb,
  approval boolean not null default false
);

create table coupon_pools (
  workspace_id uuid not null,
  id uuid not null,
  name text not null,
  created_by_name text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, name)
);

create table coupon_codes (
  workspace_id uuid not null,
  pool_id uuid not null,
  code text collate "C" not null,
  contact_id uuid,
  message_id uuid,
  given_at timestamptz,
  primary key (workspace_id, pool_id, code)
);
create index coupon_codes_free on coupon_codes (workspace_id, pool_id, code) where given_at is null;
create index coupon_codes_given on coupon_codes (contact_id, workspace_id, pool_id) where contact_id is not null;

-- Origins whose messages stay in the outbox: a paused campaign's cells.
create table paused_origins (
  workspace_id uuid not null,
  origin_id uuid not null,
  at timestamptz not null default now(),
  primary key (workspace_id, origin_id)
);
`;
