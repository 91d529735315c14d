import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { tellStatus, type StatusListener } from "./listeners.ts";
import type { Category, OriginKind, StatusChange, WireError } from "./types.ts";

/** Why a message that waited in the outbox failed. */
const stopped: WireError = { source: "tincan", code: 0, title: "The campaign was stopped" };

/**
 * Fails up to `limit` messages of these origins that wait in a lane's outbox, and tells the listeners; answers how many left the outbox. What
 * is on its way is left alone, and what may have left before (its sender died) becomes `unknown`.
 */
export async function stopOrigins(tx: Database, workspaceId: string, laneId: string, originIds: readonly string[], limit: number, listeners: readonly StatusListener[]): Promise<number> {
  const waiting = await find.run(tx, [workspaceId, laneId, originIds, limit]);
  return waiting.length === 0 ? 0 : failWaiting(tx, workspaceId, waiting.map((row) => row.message_id), stopped, listeners);
}

/** Fails those of these messages that wait in the outbox, as stopOrigins does. */
export async function failWaiting(tx: Database, workspaceId: string, messageIds: readonly string[], error: WireError, listeners: readonly StatusListener[], now = new Date()): Promise<number> {
  const rows = await fail.run(tx, [workspaceId, messageIds, JSON.stringify(error), now]);
  const changes = rows.filter((row) => row.failed).map(
    (row): StatusChange => ({
      messageId: row.id, providerId: row.provider_id, originKind: row.origin_kind, originId: row.origin_id, externalId: row.external_id, recipient: row.recipient,
      category: row.category, status: "failed", at: now, error,
    }),
  );
  await tellStatus(listeners, tx, workspaceId, changes);
  return rows.length;
}

/** Those of these messages that are ready leave from a time of their own on, now or later, and until another. */
export async function retimeReady(tx: Database, workspaceId: string, messages: readonly { id: string; at: Date; leaveBy: Date | null }[], now: Date): Promise<void> {
  await retime.run(tx, [workspaceId, messages.map(({ id }) => id), messages.map(({ at }) => at), messages.map(({ leaveBy }) => leaveBy), now]);
}

export interface WaitingMessage {
  id: string;
  externalId: string | null;
  recipient: string;
  category: Category;
  leaveBy: Date | null;
}

/** Messages of an origin that are ready to leave, in the order of ids from `after` on. */
export async function readyMessages(db: Database, workspaceId: string, laneId: string, originId: string, after: string | null, limit: number): Promise<WaitingMessage[]> {
  const rows = await readyAfter.run(db, [workspaceId, laneId, originId, after ?? FIRST_ID, limit]);
  return rows.map(waitingMessage);
}

/** Messages of these origins that were ready to leave until it was too late for it: no lane takes them. */
export async function lateMessages(db: Database, workspaceId: string, laneId: string, originIds: readonly string[], now: Date, limit: number): Promise<WaitingMessage[]> {
  return (await late.run(db, [workspaceId, laneId, originIds, now, limit])).map(waitingMessage);
}

interface WaitingRow extends Omit<WaitingMessage, "externalId" | "leaveBy"> {
  external_id: string | null;
  leave_by: Date | null;
}

function waitingMessage({ external_id: externalId, leave_by: leaveBy, ...row }: WaitingRow): WaitingMessage {
  return { ...row, externalId, leaveBy };
}

const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/** How many messages of these origins are ready to leave, counted up to `limit`. By outbox_ready. */
export async function countReady(db: Database, workspaceId: string, laneId: string, originIds: readonly string[], limit: number): Promise<number> {
  const [row] = await ready.run(db, [workspaceId, laneId, originIds, limit]);
  return row?.messages ?? 0;
}

/** Whether a message of these origins that may leave only until some time waits, ready or for another try. By outbox_ready and outbox_waiting. */
export async function waitsToLeave(db: Database, workspaceId: string, laneId: string, originIds: readonly string[]): Promise<boolean> {
  return (await waits.run(db, [workspaceId, laneId, originIds])).length > 0;
}

/**
 * How many messages of these origins are still to leave: `leaving` are ready or on their way, `later` wait for another try. Those that only
 * wait for a receipt are not among them. Reads the workspace's outbox, so not to be asked for all the time.
 */
export async function countOutbox(db: Database, workspaceId: string, originIds: readonly string[]): Promise<{ leaving: number; later: number }> {
  const [row] = await inOutbox.run(db, [workspaceId, originIds]);
  return { leaving: row?.leaving ?? 0, later: row?.later ?? 0 };
}

/* By outbox_ready and outbox_waiting, without locks. */
const find = statement<{ message_id: string }>(
  "ledger_find_waiting",
  `(select message_id from outbox where workspace_id = $1 and lane_id = $2 and state = 'ready' and priority in (0, 1, 2) and origin_id = any ($3::uuid[]) limit $4)
   union all
   (select message_id from outbox where workspace_id = $1 and lane_id = $2 and state = 'held' and origin_id = any ($3::uuid[]) limit $4)
   limit $4`,
);

/* Messages are locked in the order in which receipts and settling meet them, and a row that a lane has claimed meanwhile is let go. */
const fail = statement<{ id: string; provider_id: string; origin_kind: OriginKind; origin_id: string; external_id: string | null; recipient: string; category: Category; failed: boolean }>(
  "ledger_fail_waiting",
  `with locked as materialized (
     select id, state from messages where workspace_id = $1 and id = any ($2::uuid[]) order by id for no key update
   ), gone as (
     delete from outbox where workspace_id = $1 and message_id = any (array(select id from locked)) and state in ('ready', 'held') returning message_id
   )
   update messages m
   set state = case when l.state = 'queued' then 'failed' when l.state = 'sending' then 'unknown' else m.state end,
     failed_at = case when l.state = 'queued' then $4::timestamptz else m.failed_at end,
     error = case when l.state = 'queued' then $3::json else m.error end
   from gone g join locked l on l.id = g.message_id
   where m.workspace_id = $1 and m.id = g.message_id
   returning m.id, m.provider_id, m.origin_kind, m.origin_id, m.external_id, m.recipient, m.category, l.state = 'queued' as failed`,
);

const retime = statement(
  "ledger_retime_ready",
  `with due as materialized (select * from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[]) as i (id, at, leave_by))
   update outbox o set state = case when d.at > $5::timestamptz then 'held' else 'ready' end, due_at = d.at, leave_by = d.leave_by from due d
   where o.workspace_id = $1 and o.message_id = any ($2::uuid[]) and o.message_id = d.id and o.state = 'ready'`,
);

const readyAfter = statement<WaitingRow>(
  "ledger_ready_messages",
  `with found as materialized (
     select message_id, leave_by from outbox
     where workspace_id = $1 and lane_id = $2 and state = 'ready' and priority in (0, 1, 2) and origin_id = $3 and message_id > $4
     order by message_id limit $5
   )
   select m.id, m.external_id, m.recipient, m.category, f.leave_by from messages m join found f on f.message_id = m.id
   where m.workspace_id = $1 and m.id = any (array(select message_id from found)) order by m.id`,
);

const late = statement<WaitingRow>(
  "ledger_late_messages",
  `with found as materialized (
     select message_id, leave_by from outbox
     where workspace_id = $1 and lane_id = $2 and state = 'ready' and priority in (0, 1, 2) and origin_id = any ($3::uuid[]) and leave_by <= $4 limit $5
   )
   select m.id, m.external_id, m.recipient, m.category, f.leave_by from messages m join found f on f.message_id = m.id
   where m.workspace_id = $1 and m.id = any (array(select message_id from found)) order by m.id`,
);

const ready = statement<{ messages: number }>(
  "ledger_count_ready",
  `select count(*)::int as messages from (
     select from outbox where workspace_id = $1 and lane_id = $2 and state = 'ready' and priority in (0, 1, 2) and origin_id = any ($3::uuid[]) limit $4) r`,
);

const waits = statement<object>(
  "ledger_waits_to_leave",
  `(select 1 from outbox
    where workspace_id = $1 and lane_id = $2 and state = 'ready' and priority in (0, 1, 2) and origin_id = any ($3::uuid[]) and leave_by is not null limit 1)
   union all
   (select 1 from outbox where workspace_id = $1 and lane_id = $2 and state = 'held' and origin_id = any ($3::uuid[]) and leave_by is not null limit 1)
   limit 1`,
);

const inOutbox = statement<{ leaving: number; later: number }>(
  "ledger_count_outbox",
  `select count(*) filter (where state in ('ready', 'claimed'))::int as leaving, count(*) filter (where state = 'held')::int as later
   from outbox where workspace_id = $1 and origin_id = any ($2::uuid[])`,
);
