/*
 * The queue of callbacks in SQL; its states are described in tables.ts. Rows are found through callbacks_ready (ready and
 * claimed, by id), callbacks_waiting (held and parked, by due time) and callbacks_by_message.
 */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { firstUuidAt } from "../database/uuid.ts";
import type { CallbackFailure } from "./tables.ts";

/** A callback that is being sent. */
export interface ClaimedCallback {
  id: string;
  kind: "status" | "inbound";
  messageId: string;
  /** JSON text, as it goes over the wire. */
  body: string;
  /** Failed attempts before this one. */
  attempts: number;
  lastFailure: CallbackFailure | null;
}

/** Rows looked at beyond those wanted, since some of them must wait for an earlier one of their message. */
const LOOK_AHEAD = 500;
/** Rows moved by one sweep, so that it stays short beside the sending it serves. */
const SWEEP_LIMIT = 5000;

/**
 * Marks ready callbacks as being sent, in id order, and returns them; nothing when `owner` does not hold the lane's lease. A status
 * with an earlier one of its message under way stays; one whose earlier one is held waits as long as that does.
 *
 * @param requests how many requests there is room for
 * @param batchSize statuses per request; a batch that failed n times goes out again in parts of a 4^n-th, so that one status the
 *   platform chokes on does not keep the others from it
 */
export async function claimCallbacks(db: Database, workspaceId: string, deploymentId: string, owner: string, requests: number, batchSize: number): Promise<ClaimedCallback[]> {
  const rows = await claim.run(db, [workspaceId, deploymentId, owner, requests * batchSize + LOOK_AHEAD, requests * batchSize, batchSize]);
  return rows.map(({ message_id, last_failure, ...row }) => ({ ...row, messageId: message_id, lastFailure: last_failure }));
}

export async function settleDelivered(tx: Database, workspaceId: string, delivered: { id: string; at: Date }[]): Promise<void> {
  const rows = delivered.toSorted(byId);
  await deliver.run(tx, [workspaceId, rows.map((r) => r.id), rows.map((r) => r.at)]);
}

export interface FailedAttempt {
  id: string;
  startedAt: Date;
  durationMs: number;
  answer: string | null;
  failure: CallbackFailure;
  /** Null parks it. */
  dueAt: Date | null;
}

export async function settleFailed(tx: Database, workspaceId: string, failed: FailedAttempt[]): Promise<void> {
  const rows = failed.toSorted(byId);
  await hold.run(tx, [
    workspaceId,
    rows.map((r) => r.id),
    rows.map((r) => (r.dueAt ? "held" : "parked")),
    rows.map((r) => r.dueAt ?? r.startedAt),
    rows.map((r) => JSON.stringify(r.failure)),
    rows.map((r) => r.startedAt),
    rows.map((r) => r.failure.httpStatus),
    rows.map((r) => r.answer),
    rows.map((r) => r.durationMs),
  ]);
}

/** Puts claimed callbacks back as they were. */
export async function releaseCallbacks(db: Database, workspaceId: string, ids: string[]): Promise<void> {
  if (ids.length > 0) await release.run(db, [workspaceId, ids.toSorted()]);
}

/** Puts back every claimed callback but `mine`, as long as nobody has taken the lane over from `owner`. */
export async function restoreCallbacks(db: Database, workspaceId: string, deploymentId: string, owner: string, mine: string[]): Promise<void> {
  await restore.run(db, [workspaceId, deploymentId, owner, mine]);
}

/** After an earlier owner: requests whose answer never came are made again. */
export async function recoverCallbacks(db: Database, workspaceId: string, deploymentId: string): Promise<void> {
  await recover.run(db, [workspaceId, deploymentId]);
}

/** Makes held callbacks ready whose time has come. @returns how many */
export async function releaseDue(db: Database, workspaceId: string, deploymentId: string, now: Date): Promise<number> {
  return (await due.run(db, [workspaceId, deploymentId, now, SWEEP_LIMIT])).length;
}

/** Makes those ready at once that were held because the endpoint was away. @returns how many */
export async function releaseUnanswered(db: Database, workspaceId: string, deploymentId: string): Promise<number> {
  return (await unanswered.run(db, [workspaceId, deploymentId, SWEEP_LIMIT])).length;
}

/** Parks callbacks that have been ready since before `before` without leaving. @returns how many */
export async function parkOverdue(db: Database, workspaceId: string, deploymentId: string, before: Date, failure: CallbackFailure): Promise<number> {
  return (await park.run(db, [workspaceId, deploymentId, before, JSON.stringify(failure), SWEEP_LIMIT])).length;
}

/** Gives parked callbacks another 72 hours, all of a deployment or those named. @returns how many */
export async function replayCallbacks(tx: Database, workspaceId: string, deploymentId: string, ids: string[] | null, now: Date): Promise<number> {
  return (await replay.run(tx, [workspaceId, deploymentId, ids, now])).length;
}

/** How far a removal of old callbacks has come: `last` is where to go on, null at the end. */
export interface RemovedCallbacks {
  removed: number;
  last: string | null;
}

/**
 * Removes what was delivered before `before`, with its attempts, among the next `limit` callbacks after `after`. What is parked stays
 * whatever its age: somebody may still replay it. Walks the primary key, whose ids are in the order of time.
 */
export async function removeDelivered(db: Database, workspaceId: string, before: Date, after: string | null, limit: number): Promise<RemovedCallbacks> {
  const [row] = await remove.run(db, [workspaceId, after, firstUuidAt(before.getTime()), before, limit]);
  return { removed: row?.removed ?? 0, last: row?.looked_at === limit ? row.last : null };
}

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1;
}

/*
 * `related` finds all rows of the messages in question in one go, by callbacks_by_message; a look-up per row leaves the planner the
 * choice of reading the queue once for each of its own rows, which it makes when it planned while the queue was short. "is true"
 * keeps the primary key out of it for the same reason.
 */
const claim = statement<{ id: string; kind: "status" | "inbound"; message_id: string; body: string; attempts: number; last_failure: CallbackFailure | null }>(
  "callbacks_claim",
  `with lease as (
     select from lanes where workspace_id = $1 and id = $2 and owner = $3 and lease_until > clock_timestamp()
   ), head as materialized (
     select id, message_id from callbacks
     where workspace_id = $1 and deployment_id = $2 and state = 'ready'
     order by id limit $4
   ), related as materialized (
     select id, kind, message_id, state, attempts, due_at from callbacks
     where workspace_id = $1 and message_id = any (array(select message_id from head)) and deployment_id = $2
       and state in ('ready', 'held', 'claimed') and (id <= (select id from head order by id desc limit 1)) is true
   ), judged as materialized (
     select id, kind, state, attempts,
       kind = 'status' and (bool_or(state <> 'ready') over earlier or min(attempts) filter (where state = 'ready') over earlier <> attempts
         or max(attempts) filter (where state = 'ready') over earlier <> attempts) as blocked,
       max(due_at) filter (where state = 'held' and kind = 'status') over earlier as wait_until
     from related
     window earlier as (partition by message_id order by id rows between unbounded preceding and 1 preceding)
   ), waiting as (
     update callbacks c set state = 'held', due_at = (select j.wait_until from judged j where j.id = c.id)
     where c.workspace_id = $1 and c.id = any (array(select id from judged where state = 'ready' and wait_until is not null))
       and c.state = 'ready' and exists (select from lease)
   ), weighed as (
     select id, sum(weight) over (order by id) - weight as before
     from (
       select id, case when kind = 'inbound' then $6 else least($6, power(4, least(attempts, 9))) end as weight
       from judged where state = 'ready' and blocked is not true
     ) free
   )
   update callbacks set state = 'claimed'
   where workspace_id = $1 and id = any (array(select id from weighed where before < $5)) and state = 'ready' and exists (select from lease)
   returning id, kind, message_id, body::text as body, attempts, last_failure`,
);

const deliver = statement(
  "callbacks_deliver",
  `update callbacks c set state = 'delivered', delivered_at = i.at
   from unnest($2::uuid[], $3::timestamptz[]) as i (id, at)
   where c.workspace_id = $1 and c.id = any ($2::uuid[]) and i.id = c.id and c.state = 'claimed'`,
);

const hold = statement(
  "callbacks_hold",
  `with input as (
     select * from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::json[], $6::timestamptz[], $7::integer[], $8::text[], $9::integer[])
       as i (id, state, due_at, failure, at, http_status, answer, duration_ms)
   ), attempted as (
     insert into callback_attempts (workspace_id, callback_id, at, http_status, answer, duration_ms)
     select $1, id, at, http_status, answer, duration_ms from input
     on conflict do nothing
   )
   update callbacks c set state = i.state, due_at = i.due_at, attempts = c.attempts + 1, last_failure = i.failure
   from input i
   where c.workspace_id = $1 and c.id = any ($2::uuid[]) and i.id = c.id and c.state = 'claimed'`,
);

const release = statement("callbacks_release", `update callbacks set state = 'ready' where workspace_id = $1 and id = any ($2::uuid[]) and state = 'claimed'`);

const restore = statement(
  "callbacks_restore",
  `update callbacks c set state = 'ready'
   where c.workspace_id = $1 and c.deployment_id = $2 and c.state = 'claimed' and c.id <> all ($4::uuid[])
     and exists (select from lanes l where l.workspace_id = $1 and l.id = $2 and l.owner = $3)`,
);

const recover = statement("callbacks_recover", `update callbacks set state = 'ready' where workspace_id = $1 and deployment_id = $2 and state = 'claimed'`);

const due = statement<{ id: string }>(
  "callbacks_release_due",
  `update callbacks set state = 'ready'
   where workspace_id = $1 and state = 'held' and id = any (array(
     select id from callbacks where workspace_id = $1 and deployment_id = $2 and state = 'held' and due_at <= $3 order by due_at limit $4))
   returning id`,
);

const unanswered = statement<{ id: string }>(
  "callbacks_release_unanswered",
  `update callbacks set state = 'ready'
   where workspace_id = $1 and state = 'held' and id = any (array(
     select id from callbacks
     where workspace_id = $1 and deployment_id = $2 and state = 'held' and last_failure ->> 'httpStatus' is null
     order by due_at limit $3))
   returning id`,
);

const park = statement<{ id: string }>(
  "callbacks_park_overdue",
  `update callbacks set state = 'parked', last_failure = coalesce(last_failure, $4::json)
   where workspace_id = $1 and state = 'ready' and id = any (array(
     select id from callbacks where workspace_id = $1 and deployment_id = $2 and state = 'ready' and due_at < $3 order by id limit $5))
   returning id`,
);

const replay = statement<{ id: string }>(
  "callbacks_replay",
  `update callbacks set state = 'ready', attempts = 0, due_at = $4, last_failure = null
   where workspace_id = $1 and deployment_id = $2 and state = 'parked' and ($3::uuid[] is null or id = any ($3::uuid[]))
   returning id`,
);

const remove = statement<{ looked_at: number; last: string | null; removed: number }>(
  "callbacks_remove_delivered",
  `with batch as materialized (
     select id, state, delivered_at from callbacks
     where workspace_id = $1 and ($2::uuid is null or id > $2) and id < $3::uuid
     order by id limit $5
   ), gone as (
     delete from callbacks
     where workspace_id = $1 and id = any (array(select id from batch where state = 'delivered' and delivered_at < $4)) and state = 'delivered'
     returning id
   ), attempts as (
     delete from callback_attempts where workspace_id = $1 and callback_id = any (array(select id from gone))
   )
   select (select count(*) from batch) as looked_at, (select id from batch order by id desc limit 1) as last, (select count(*) from gone) as removed`,
);
