import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Rows moved by one call, so that a sweep stays short beside the sending it serves. */
const SWEEP_LIMIT = 5000;

/**
 * What an owner that died, or lost its lease, has left claimed: nobody can tell whether the requests left. They wait until
 * `until` for a receipt; or, when the provider is known to ignore a repeated id, they are simply sent again.
 * @returns how many were found
 */
export async function recoverClaimed(db: Database, workspaceId: string, laneId: string, options: { until: Date; repeatIsHarmless: boolean }): Promise<number> {
  const rows = options.repeatIsHarmless
    ? await resend.run(db, [workspaceId, laneId])
    : await markAmbiguous.run(db, [workspaceId, laneId, options.until, JSON.stringify(interrupted)]);
  return rows.length;
}

const interrupted = {
  source: "tincan",
  code: 0,
  title: "The sender stopped while this message was being sent",
  details: "Whether the request left is not known, so it is not repeated; a delivery report settles it.",
};

/** Releases held messages whose time has come, and gives up on ambiguous ones nobody has reported on. */
export async function sweepOutbox(db: Database, workspaceId: string, laneId: string, now: Date): Promise<{ released: number; unknown: number }> {
  const released = await releaseDue.run(db, [workspaceId, laneId, now, SWEEP_LIMIT]);
  const unknown = await giveUp.run(db, [workspaceId, laneId, now, SWEEP_LIMIT]);
  return { released: released.length, unknown: unknown.length };
}

const resend = statement<{ message_id: string }>(
  "outbox_recover_resend",
  `update outbox set state = 'ready', claimed_at = null
   where workspace_id = $1 and lane_id = $2 and state in ('claimed', 'ambiguous')
   returning message_id`,
);

/** Rows whose message a receipt has moved already are settled, not ambiguous. */
const markAmbiguous = statement<{ message_id: string }>(
  "outbox_recover_ambiguous",
  `with orphaned as (
     select o.message_id, m.state from outbox o join messages m on m.workspace_id = $1 and m.id = o.message_id
     where o.workspace_id = $1 and o.lane_id = $2 and o.state = 'claimed'
     order by m.id
     for no key update of m
   ), settled as (
     delete from outbox o using orphaned r
     where o.workspace_id = $1 and o.message_id = r.message_id and r.state not in ('queued', 'sending')
   ), waiting as (
     update outbox o set state = 'ambiguous', due_at = $3
     from orphaned r
     where o.workspace_id = $1 and o.message_id = r.message_id and r.state in ('queued', 'sending')
     returning o.message_id, o.claimed_at
   ), marked as (
     update messages m set state = 'sending', sending_at = coalesce(m.sending_at, w.claimed_at), error = $4::json
     from waiting w
     where m.workspace_id = $1 and m.id = w.message_id
   )
   select message_id from waiting`,
);

/* Rows are gathered into an array first: a join could be planned, while the queue is short, as a read of all messages. */
const releaseDue = statement<{ message_id: string }>(
  "outbox_release_due",
  `update outbox set state = 'ready'
   where workspace_id = $1 and state = 'held' and message_id = any (array(
     select message_id from outbox
     where workspace_id = $1 and lane_id = $2 and state = 'held' and due_at <= $3
     order by due_at limit $4))
   returning message_id`,
);

const giveUp = statement<{ message_id: string }>(
  "outbox_give_up",
  `with due as (
     select message_id from outbox
     where workspace_id = $1 and lane_id = $2 and state = 'ambiguous' and due_at <= $3
     order by due_at limit $4
   ), overdue as (
     select id from messages where workspace_id = $1 and id = any (array(select message_id from due))
     order by id for no key update
   ), gone as (
     delete from outbox where workspace_id = $1 and message_id = any (array(select id from overdue))
   )
   update messages set state = 'unknown'
   where workspace_id = $1 and id = any (array(select id from overdue)) and state in ('queued', 'sending')
   returning id as message_id`,
);
