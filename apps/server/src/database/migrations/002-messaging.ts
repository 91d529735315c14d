/**
 * Channels (providers, deployments, lanes), templates, the ledger and the callbacks to platforms.
 *
 * Every primary key starts with workspace_id, so the schema can be sharded by it. The busy tables carry no foreign keys:
 * each has one writer, which inserts parent and child in one statement, and a key check per row would cost a tenth of it.
 */
export const messaging = `
create table providers (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('cloud-api', 'generic')),
  nickname text not null,
  number text not null,
  waba_id text,
  phone_number_id text,
  settings jsonb not null default '{}',
  secrets bytea not null,
  max_concurrency integer not null check (max_concurrency between 30 and 1000),
  is_default boolean not null default false,
  health jsonb not null default '{}',
  last_webhook_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, nickname)
);
-- Meta's webhook names a number or an account, never a workspace.
create index providers_by_phone_number on providers (phone_number_id) where phone_number_id is not null;
create index providers_by_waba on providers (waba_id) where waba_id is not null;
create unique index providers_one_default on providers (workspace_id) where is_default;

create table deployments (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  platform text not null check (platform in ('clevertap')),
  name text not null,
  provider_id uuid not null,
  token_hash text not null,
  token_sealed bytea not null,
  webhooks_sealed bytea not null,
  settings jsonb not null default '{}',
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, name),
  foreign key (workspace_id, provider_id) references providers (workspace_id, id)
);
-- The Callback URL carries the deployment's id alone.
create unique index deployments_by_id on deployments (id, workspace_id);

create table lanes (
  workspace_id uuid not null references workspaces (id) on delete cascade,
  id uuid not null,
  kind text not null check (kind in ('provider', 'platform')),
  owner uuid,
  lease_until timestamptz not null default '-infinity',
  paused_at timestamptz,
  breaker_state text not null default 'closed' check (breaker_state in ('closed', 'open', 'probing')),
  breaker_reason text,
  breaker_since timestamptz,
  stats jsonb not null default '{}',
  primary key (workspace_id, id)
);

create table templates (
  workspace_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  remote_id text,
  name text not null,
  language text not null,
  category text not null,
  status text not null,
  quality text not null default 'UNKNOWN',
  parameter_format text not null default 'POSITIONAL',
  components jsonb not null,
  rejected_reason text,
  synced_at timestamptz,
  created_at timestamptz not null default now(),
  updated_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, provider_id, name, language),
  foreign key (workspace_id, provider_id) references providers (workspace_id, id) on delete cascade
);

-- Four updates follow each insert; the spare room keeps them on the row's own page (HOT), so no index is touched again.

create table messages (
  workspace_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  origin_kind text not null,
  origin_id uuid not null,
  external_id text collate "C",
  recipient text collate "C" not null,
  type text not null,
  category text not null check (category in ('marketing', 'utility', 'authentication', 'service')),
  template text,
  state text not null check (state in ('queued', 'sending', 'submitted', 'sent', 'delivered', 'read', 'failed', 'unknown')),
  accepted_at timestamptz not null,
  sending_at timestamptz,
  submitted_at timestamptz,
  sent_at timestamptz,
  delivered_at timestamptz,
  read_at timestamptz,
  clicked_at timestamptz,
  failed_at timestamptz,
  error json,
  pricing json,
  fresh smallint not null default 0,
  primary key (workspace_id, id)
) with (fillfactor = 50);
-- "0|0|0|0" is the id of every trial request, so it alone may repeat (CleverTap: Generic WhatsApp, validation requests).
create unique index messages_external_id on messages (workspace_id, origin_id, external_id)
where external_id is not null and external_id <> '0|0|0|0';
create index messages_recipient on messages (workspace_id, recipient, id);

create table message_contents (
  workspace_id uuid not null,
  message_id uuid not null,
  content json not null,
  request text,
  primary key (workspace_id, message_id)
);

create table outbox (
  workspace_id uuid not null,
  message_id uuid not null,
  lane_id uuid not null,
  origin_id uuid not null,
  priority smallint not null,
  state text not null check (state in ('ready', 'held', 'claimed', 'ambiguous')),
  due_at timestamptz not null,
  attempts smallint not null default 0,
  claimed_at timestamptz,
  primary key (workspace_id, message_id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);
create index outbox_ready on outbox (workspace_id, lane_id, priority, origin_id, message_id) where state = 'ready';
create index outbox_waiting on outbox (workspace_id, lane_id, due_at) where state in ('held', 'ambiguous');

create table wire_ids (
  workspace_id uuid not null,
  message_id uuid not null,
  provider_id uuid not null,
  wire_id text collate "C" not null,
  primary key (workspace_id, message_id)
);
-- The ids are long and random; an index of their hashes is a third of the size, and as exact once the id is compared too.
create index wire_ids_by_wire_id on wire_ids (workspace_id, hashtextextended(wire_id, 0));

-- Only attempts that did not simply succeed; a success is told by the message row itself.

create table send_attempts (
  workspace_id uuid not null,
  message_id uuid not null,
  at timestamptz not null,
  outcome text not null,
  http_status integer,
  answer text,
  duration_ms integer not null,
  primary key (workspace_id, message_id, at)
);

create table inbound_messages (
  workspace_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  wire_id text collate "C" not null,
  sender text collate "C" not null,
  sender_user_id text,
  profile_name text,
  type text not null,
  content json not null,
  raw json not null,
  reply_to uuid,
  occurred_at timestamptz not null,
  received_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, provider_id, wire_id)
);
create index inbound_messages_sender on inbound_messages (workspace_id, sender, id);

create table conversation_windows (
  workspace_id uuid not null,
  provider_id uuid not null,
  phone text collate "C" not null,
  last_inbound_at timestamptz not null,
  primary key (workspace_id, provider_id, phone)
) with (fillfactor = 80);

create table marketing_opt_outs (
  workspace_id uuid not null,
  provider_id uuid not null,
  phone text collate "C" not null,
  source text not null,
  at timestamptz not null,
  primary key (workspace_id, provider_id, phone)
);

create table callbacks (
  workspace_id uuid not null,
  id uuid not null,
  deployment_id uuid not null,
  kind text not null check (kind in ('status', 'inbound')),
  message_id uuid not null,
  body json not null,
  state text not null check (state in ('ready', 'held', 'claimed', 'delivered', 'parked')),
  due_at timestamptz not null,
  attempts smallint not null default 0,
  created_at timestamptz not null,
  delivered_at timestamptz,
  last_failure json,
  primary key (workspace_id, id)
) with (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.05, autovacuum_vacuum_threshold = 5000);
-- Claimed ones stay in it, so that a lane's next owner finds what a crash left behind.
create index callbacks_ready on callbacks (workspace_id, deployment_id, id) where state in ('ready', 'claimed');
create index callbacks_waiting on callbacks (workspace_id, deployment_id, due_at) where state in ('held', 'parked');
create index callbacks_by_message on callbacks (workspace_id, message_id, id);

create table callback_attempts (
  workspace_id uuid not null,
  callback_id uuid not null,
  at timestamptz not null,
  http_status integer,
  answer text,
  duration_ms integer not null,
  primary key (workspace_id, callback_id, at)
);

create table media_files (
  workspace_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  wire_media_id text not null,
  mime_type text not null,
  filename text,
  size bigint not null,
  sha256 text not null,
  path text not null,
  created_at timestamptz not null default now(),
  primary key (workspace_id, id),
  unique (workspace_id, provider_id, wire_media_id)
);

create table raw_webhooks (
  workspace_id uuid not null,
  id uuid not null,
  provider_id uuid not null,
  field text not null,
  body json not null,
  received_at timestamptz not null default now(),
  primary key (workspace_id, id)
);
`;
