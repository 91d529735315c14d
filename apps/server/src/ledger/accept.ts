import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { tellStatus, type StatusListener } from "./listeners.ts";
import { storableError } from "./storable.ts";
import type { Category, NewMessage, StatusChange } from "./types.ts";

/**
 * Writes a batch of messages and their outbox rows, all in the caller's transaction.
 * A row whose (origin, external id) exists already is left alone and reported as a duplicate.
 * @returns ids that were written; what is missing from it was there before
 */
export async function accept(
  tx: Database,
  workspaceId: string,
  messages: NewMessage[],
  listeners: readonly StatusListener[],
  now = new Date(),
): Promise<Set<string>> {
  // Rows go in by external id, so that two batches meet the unique index in one order and never deadlock.
  const rows = messages.toSorted((a, b) => ((a.externalId ?? a.id) < (b.externalId ?? b.id) ? -1 : 1));
  const written = await insertMessages.run(tx, [
    workspaceId,
    rows.map((m) => m.id),
    rows.map((m) => m.providerId),
    rows.map((m) => m.originKind),
    rows.map((m) => m.originId),
    rows.map((m) => m.externalId ?? null),
    rows.map((m) => m.recipient),
    rows.map((m) => m.content.type),
    rows.map((m) => m.category),
    rows.map((m) => (m.content.type === "template" ? m.content.name : null)),
    rows.map((m) => (m.refusal ? JSON.stringify(storableError(m.refusal)) : null)),
    rows.map((m) => JSON.stringify(m.content)),
    rows.map((m) => m.request ?? null),
    rows.map((m) => PRIORITY[m.category]),
    rows.map((m) => m.dueAt ?? null),
    now,
    rows.map((m) => m.leaveBy ?? null),
  ]);
  const ids = new Set(written.map((row) => row.id));

  const refused: StatusChange[] = [];
  for (const m of rows) {
    if (m.refusal && ids.has(m.id)) {
      refused.push({
        messageId: m.id,
        providerId: m.providerId,
        originKind: m.originKind,
        originId: m.originId,
        externalId: m.externalId ?? null,
        recipient: m.recipient,
        category: m.category,
        status: "failed",
        at: now,
        error: m.refusal,
      });
    }
  }
  await tellStatus(listeners, tx, workspaceId, refused);
  return ids;
}

/** Lower leaves first: an answer in a chat and a one-time password do not queue behind a campaign. */
export const PRIORITY: Record<Category, number> = { service: 0, authentication: 0, utility: 1, marketing: 2 };

/*
 * "is true" keeps the planner from turning the look-ups into joins: planned once, for a batch of unknown size, those compare every
 * row with every other, while a look-up hashes what was written whatever its number.
 */
const insertMessages = statement<{ id: string }>(
  "ledger_accept",
  `with input as (
     select * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::text[],
       $10::text[], $11::json[], $12::json[], $13::text[], $14::smallint[], $15::timestamptz[], $17::timestamptz[])
       as i (id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template, refusal, content, request, priority, due_at, leave_by)
   ), written as (
     insert into messages (workspace_id, id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template,
       state, accepted_at, failed_at, error)
     select $1, id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template,
       case when refusal is null then 'queued' else 'failed' end, $16::timestamptz,
       case when refusal is null then null else $16::timestamptz end, refusal
     from input
     on conflict (workspace_id, origin_id, external_id) where external_id is not null and external_id <> '0|0|0|0' do nothing
     returning id
   ), contents as (
     insert into message_contents (workspace_id, message_id, content, request)
     select $1, id, content, request from input where (id in (select id from written)) is true
   ), queued as (
     insert into outbox (workspace_id, message_id, lane_id, origin_id, priority, state, due_at, leave_by)
     select $1, id, provider_id, origin_id, priority,
       case when due_at > $16::timestamptz then 'held' else 'ready' end, coalesce(due_at, $16::timestamptz), leave_by
     from input
     where refusal is null and (id in (select id from written)) is true
   )
   select id from written`,
);
