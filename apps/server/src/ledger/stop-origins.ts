import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { tellStatus, type StatusListener } from "./listeners.ts";
import type { OriginKind, StatusChange, WireError } from "./types.ts";

/** Why a message that waited in the outbox failed. */
const stopped: WireError = { source: "tincan", code: 0, title: "The campaign was stopped" };

/**
 * Fails up to `limit` messages of these origins that wait in a lane's outbox, and tells the listeners; answers how many left the outbox. What
 * is on its way is left alone, and what may have left before (its sender died) becomes `unknown`.
 */
export async function stopOrigins(tx: Database, workspaceId: string, laneId: string, originIds: readonly string[], limit: number, listeners: readonly StatusListener[], now = new Date()): Promise<number> {
  const rows = await stop.run(tx, [workspaceId, laneId, originIds, limit, JSON.stringify(stopped), now]);
  const changes = rows.filter((row) => row.failed).map(
    (row): StatusChange => ({
      messageId: row.id, providerId: row.provider_id, originKind: row.origin_kind, originId: row.origin_id, externalId: row.external_id, recipient: row.recipient,
      category: row.category, status: "failed", at: now, error: stopped,
    }),
  );
  await tellStatus(listeners, tx, workspaceId, changes);
  return rows.length;
}

/** How many messages of these origins are ready to leave, counted up to `limit`. By outbox_ready. */
export async function countReady(db: Database, workspaceId: string, laneId: string, originIds: readonly string[], limit: number): Promise<number> {
  const [row] = await ready.run(db, [workspaceId, laneId, originIds, limit]);
  return row?.messages ?? 0;
}

/**
 * How many messages of these origins are still to leave: `leaving` are ready or on their way, `later` wait for another try. Those that only
 * wait for a receipt are not among them. Reads the workspace's outbox, so not to be asked for all the time.
 */
export async function countOutbox(db: Database, workspaceId: string, originIds: readonly string[]): Promise<{ leaving: number; later: number }> {
  const [row] = await inOutbox.run(db, [workspaceId, originIds]);
  return { leaving: row?.leaving ?? 0, later: row?.later ?? 0 };
}

/*
 * Rows are looked for by outbox_ready and outbox_waiting, without locks; then messages are locked in the order in which receipts and
 * settling meet them, and a row that a lane has claimed meanwhile is let go.
 */
const stop = statement<{ id: string; provider_id: string; origin_kind: OriginKind; origin_id: string; external_id: string | null; recipient: string; category: StatusChange["category"]; failed: boolean }>(
  "ledger_stop_origins",
  `with found as materialized (
     (select message_id from outbox where workspace_id = $1 and lane_id = $2 and state = 'ready' and priority in (0, 1, 2) and origin_id = any ($3::uuid[]) limit $4)
     union all
     (select message_id from outbox where workspace_id = $1 and lane_id = $2 and state = 'held' and origin_id = any ($3::uuid[]) limit $4)
     limit $4
   ), locked as materialized (
     select id, state from messages where workspace_id = $1 and id = any (array(select message_id from found)) order by id for no key update
   ), gone as (
     delete from outbox where workspace_id = $1 and message_id = any (array(select id from locked)) and state in ('ready', 'held') returning message_id
   )
   update messages m
   set state = case when l.state = 'queued' then 'failed' when l.state = 'sending' then 'unknown' else m.state end,
     failed_at = case when l.state = 'queued' then $6::timestamptz else m.failed_at end,
     error = case when l.state = 'queued' then $5::json else m.error end
   from gone g join locked l on l.id = g.message_id
   where m.workspace_id = $1 and m.id = g.message_id
   returning m.id, m.provider_id, m.origin_kind, m.origin_id, m.external_id, m.recipient, m.category, l.state = 'queued' as failed`,
);

const ready = statement<{ messages: number }>(
  "ledger_count_ready",
  `select count(*)::int as messages from (
     select from outbox where workspace_id = $1 and lane_id = $2 and state = 'ready' and priority in (0, 1, 2) and origin_id = any ($3::uuid[]) limit $4) r`,
);

const inOutbox = statement<{ leaving: number; later: number }>(
  "ledger_count_outbox",
  `select count(*) filter (where state in ('ready', 'claimed'))::int as leaving, count(*) filter (where state = 'held')::int as later
   from outbox where workspace_id = $1 and origin_id = any ($2::uuid[])`,
);
