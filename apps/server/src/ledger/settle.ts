import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { storable } from "../database/storable.ts";
import { tellStatus, type StatusListener, type SubmittedListener } from "./listeners.ts";
import { storableError } from "./storable.ts";
import type { Category, OriginKind, StatusChange, WireError } from "./types.ts";

/** What became of one claimed message. */
export type Settlement = {
  messageId: string;
  /** When the request left, and when its outcome was known. */
  startedAt: Date;
  endedAt: Date;
  httpStatus?: number | undefined;
  answer?: string | undefined;
} & (
  | { kind: "submitted"; wireId?: string | undefined }
  | { kind: "failed"; error: WireError }
  /** Certainly not taken: it goes out again at `dueAt`. `counted` is false when the failure was not the message's own. */
  | { kind: "again"; dueAt: Date; counted: boolean; error: WireError }
  /** Waits until `until` for a receipt, then becomes `unknown`. */
  | { kind: "ambiguous"; until: Date; error: WireError }
);

/** Stores a batch of outcomes of one provider's lane in the caller's transaction, and tells the listeners of refusals and of what was submitted. */
export async function settleMessages(
  tx: Database,
  workspaceId: string,
  providerId: string,
  settlements: Settlement[],
  listeners: readonly StatusListener[],
  submittedListeners: readonly SubmittedListener[] = [],
): Promise<void> {
  const byId = settlements.toSorted((a, b) => (a.messageId < b.messageId ? -1 : 1));
  const submitted = byId.filter((s) => s.kind === "submitted");
  const failed = byId.filter((s) => s.kind === "failed");
  const again = byId.filter((s) => s.kind === "again");
  const ambiguous = byId.filter((s) => s.kind === "ambiguous");

  if (submitted.length > 0) {
    const counted = await settleSubmitted.run(tx, [
      workspaceId,
      providerId,
      submitted.map((s) => s.messageId),
      submitted.map((s) => (s.wireId === undefined ? null : storable(s.wireId))),
      submitted.map((s) => s.startedAt),
      submitted.map((s) => s.endedAt),
    ]);
    const byOrigin = new Map(counted.map((row) => [row.origin_id, row.messages]));
    if (byOrigin.size > 0) for (const listener of submittedListeners) await listener(tx, workspaceId, byOrigin);
  }
  if (again.length > 0) {
    await settleAgain.run(tx, [workspaceId, again.map((s) => s.messageId), again.map((s) => s.dueAt), again.map((s) => (s.counted ? 0 : 1))]);
  }
  if (ambiguous.length > 0) {
    await settleAmbiguous.run(tx, [
      workspaceId,
      ambiguous.map((s) => s.messageId),
      ambiguous.map((s) => s.startedAt),
      ambiguous.map((s) => s.until),
      ambiguous.map((s) => JSON.stringify(storableError(s.error))),
    ]);
  }
  if (failed.length > 0) await settleFailures(tx, workspaceId, failed, listeners);

  const kept = byId.filter(isKept);
  if (kept.length > 0) {
    await recordAttempts.run(tx, [
      workspaceId,
      kept.map((s) => s.messageId),
      kept.map((s) => s.startedAt),
      kept.map((s) => s.kind),
      kept.map((s) => s.httpStatus ?? null),
      kept.map((s) => {
        const said = s.answer ?? (s.kind === "submitted" ? null : s.error.title);
        return said === null ? null : storable(said);
      }),
      kept.map((s) => s.endedAt.getTime() - s.startedAt.getTime()),
    ]);
  }
}

/** Whether the attempt is worth a row of its own: every one that did not succeed, and tests, whose answer comes along. */
export function isKept(settlement: Settlement): boolean {
  return settlement.kind !== "submitted" || settlement.answer !== undefined;
}

async function settleFailures(
  tx: Database,
  workspaceId: string,
  failed: (Settlement & { kind: "failed" })[],
  listeners: readonly StatusListener[],
): Promise<void> {
  const rows = await settleFailed.run(tx, [
    workspaceId,
    failed.map((s) => s.messageId),
    failed.map((s) => s.startedAt),
    failed.map((s) => s.endedAt),
    failed.map((s) => JSON.stringify(storableError(s.error))),
  ]);
  const changes = rows.map(
    (row): StatusChange => ({
      messageId: row.id,
      providerId: row.provider_id,
      originKind: row.origin_kind,
      originId: row.origin_id,
      externalId: row.external_id,
      recipient: row.recipient,
      category: row.category,
      status: "failed",
      at: row.failed_at,
      error: row.error,
    }),
  );
  await tellStatus(listeners, tx, workspaceId, changes);
}

/** Puts claimed messages back as they were: their requests never left. */
export async function releaseMessages(db: Database, workspaceId: string, messageIds: string[]): Promise<void> {
  await release.run(db, [workspaceId, messageIds]);
}

/**
 * Puts back what a claim marked whose answer was lost: claimed rows that are not among `mine` never left this process.
 * Does nothing when another than `owner` has taken the lane over, for then they are another's; a lease that ended unnoticed, while the
 * database was away, is still nobody else's.
 */
export async function restoreClaimed(db: Database, workspaceId: string, laneId: string, owner: string, mine: string[]): Promise<void> {
  await restore.run(db, [workspaceId, laneId, owner, mine]);
}

/*
 * A receipt may have come before the answer: the state then stays where the receipt put it. Settling, like receipts, meets
 * messages in the order of the primary key (`= any` reads an index in its order), so that the two do not deadlock. `fresh` tells the
 * first of two answers to one message.
 */
const settleSubmitted = statement<{ origin_id: string; messages: number }>(
  "outbox_settle_submitted",
  `with input as (
     select * from unnest($3::uuid[], $4::text[], $5::timestamptz[], $6::timestamptz[]) as i (id, wire_id, sending_at, submitted_at)
   ), gone as (
     delete from outbox where workspace_id = $1 and message_id = any ($3::uuid[])
   ), wired as (
     insert into wire_ids (workspace_id, message_id, provider_id, wire_id)
     select $1, id, $2, wire_id from input where wire_id is not null
     on conflict do nothing
   ), submitted as (
     update messages m
     set sending_at = i.sending_at, submitted_at = i.submitted_at,
       state = case when m.state in ('queued', 'sending', 'unknown') then 'submitted' else m.state end,
       error = case when m.state = 'failed' then m.error end,
       fresh = case when m.submitted_at is null and m.origin_kind in ('campaign', 'journey') then 32 else 0 end
     from input i
     where m.workspace_id = $1 and m.id = any ($3::uuid[]) and i.id = m.id
     returning m.origin_id, m.fresh
   )
   select origin_id, count(*) as messages from submitted where fresh = 32 group by origin_id`,
);

const settleAgain = statement(
  "outbox_settle_again",
  `update outbox o
   set state = case when i.due_at <= now() then 'ready' else 'held' end, due_at = i.due_at, claimed_at = null, attempts = o.attempts - i.uncounted
   from unnest($2::uuid[], $3::timestamptz[], $4::smallint[]) as i (id, due_at, uncounted)
   where o.workspace_id = $1 and o.message_id = i.id and o.state = 'claimed'`,
);

/** A message that a receipt has answered meanwhile is no longer ambiguous, and leaves the outbox at once. */
const settleAmbiguous = statement(
  "outbox_settle_ambiguous",
  `with input as (
     select * from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::json[]) as i (id, sending_at, due_at, error)
   ), locked as (
     select id, state from messages where workspace_id = $1 and id = any ($2::uuid[]) order by id for no key update
   ), waiting as (
     update outbox o set state = 'ambiguous', due_at = i.due_at
     from input i join locked l on l.id = i.id
     where o.workspace_id = $1 and o.message_id = i.id and l.state in ('queued', 'sending')
   ), gone as (
     delete from outbox o using locked l
     where o.workspace_id = $1 and o.message_id = l.id and l.state not in ('queued', 'sending')
   )
   update messages m
   set sending_at = i.sending_at,
     state = case when l.state = 'queued' then 'sending' else m.state end,
     error = case when l.state in ('queued', 'sending') then i.error else m.error end
   from locked l join input i on i.id = l.id
   where m.workspace_id = $1 and m.id = l.id`,
);

const settleFailed = statement<{
  id: string;
  provider_id: string;
  origin_kind: OriginKind;
  origin_id: string;
  external_id: string | null;
  recipient: string;
  category: Category;
  failed_at: Date;
  error: WireError;
}>(
  "outbox_settle_failed",
  `with input as (
     select * from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::json[]) as i (id, sending_at, failed_at, error)
   ), gone as (
     delete from outbox where workspace_id = $1 and message_id = any ($2::uuid[])
   )
   update messages m
   set state = 'failed', sending_at = i.sending_at, failed_at = i.failed_at, error = i.error
   from input i
   where m.workspace_id = $1 and m.id = any ($2::uuid[]) and i.id = m.id and m.state in ('queued', 'sending', 'unknown')
   returning m.id, m.provider_id, m.origin_kind, m.origin_id, m.external_id, m.recipient, m.category, m.failed_at, m.error`,
);

const recordAttempts = statement(
  "outbox_record_attempts",
  `insert into send_attempts (workspace_id, message_id, at, outcome, http_status, answer, duration_ms)
   select $1, * from unnest($2::uuid[], $3::timestamptz[], $4::text[], $5::integer[], $6::text[], $7::integer[])
   on conflict do nothing`,
);

const release = statement(
  "outbox_release",
  `update outbox set state = 'ready', claimed_at = null, attempts = attempts - 1
   where workspace_id = $1 and message_id = any ($2::uuid[]) and state = 'claimed'`,
);

const restore = statement(
  "outbox_restore",
  `update outbox o set state = 'ready', claimed_at = null, attempts = o.attempts - 1
   from lanes l
   where o.workspace_id = $1 and o.lane_id = $2 and o.state = 'claimed' and not o.message_id = any ($4::uuid[])
     and l.workspace_id = $1 and l.id = $2 and l.owner = $3`,
);
