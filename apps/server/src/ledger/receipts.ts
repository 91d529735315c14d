import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { tellStatus, type StatusListener } from "./listeners.ts";
import type { OriginKind, Receipt, StatusChange, WireError } from "./types.ts";

/**
 * Applies a batch of receipts of one workspace, in the caller's transaction, and tells the listeners every step that is new.
 * Duplicates, late and out-of-order receipts change nothing twice; receipts of messages that are not ours are counted.
 * @returns how many receipts named no message of ours
 */
export async function applyReceipts(
  tx: Database,
  workspaceId: string,
  providerId: string,
  receipts: Receipt[],
  listeners: readonly StatusListener[],
): Promise<{ changes: StatusChange[]; unmatched: number }> {
  const { known, unmatched } = await resolve(tx, workspaceId, providerId, receipts);
  const steps = mergeByMessage(known);
  if (steps.length === 0) return { changes: [], unmatched };

  const rows = await updateMessages.run(tx, [
    workspaceId,
    steps.map((s) => s.id),
    steps.map((s) => s.sent ?? null),
    steps.map((s) => s.delivered ?? null),
    steps.map((s) => s.read ?? null),
    steps.map((s) => s.clicked ?? null),
    steps.map((s) => s.failed ?? null),
    steps.map((s) => (s.error ? JSON.stringify(s.error) : null)),
    steps.map((s) => (s.pricing ? JSON.stringify(s.pricing) : null)),
  ]);
  const changes = rows.flatMap(newSteps);
  await tellStatus(listeners, tx, workspaceId, changes);
  return { changes, unmatched: unmatched + steps.length - rows.length };
}

/** Finds our id for receipts that carry only the provider's. */
async function resolve(tx: Database, workspaceId: string, providerId: string, receipts: Receipt[]) {
  const missing = receipts.filter((r) => !r.messageId && r.wireId);
  const found = new Map<string, string>();
  if (missing.length > 0) {
    const rows = await findWireIds.run(tx, [workspaceId, providerId, missing.map((r) => r.wireId)]);
    for (const row of rows) found.set(row.wire_id, row.message_id);
  }
  const known: (Receipt & { messageId: string })[] = [];
  let unmatched = 0;
  for (const receipt of receipts) {
    const messageId = receipt.messageId ?? found.get(receipt.wireId ?? "");
    if (messageId) known.push({ ...receipt, messageId });
    else unmatched++;
  }
  return { known, unmatched };
}

interface Steps {
  id: string;
  sent?: Date;
  delivered?: Date;
  read?: Date;
  clicked?: Date;
  failed?: Date;
  error?: WireError | undefined;
  pricing?: unknown;
}

/** One row per message, in id order (two batches then lock rows in one order and never deadlock); the earliest time of a step wins. */
function mergeByMessage(receipts: (Receipt & { messageId: string })[]): Steps[] {
  const byId = new Map<string, Steps>();
  for (const receipt of receipts) {
    let steps = byId.get(receipt.messageId);
    if (!steps) byId.set(receipt.messageId, (steps = { id: receipt.messageId }));
    const before = steps[receipt.status];
    if (!before || receipt.at < before) steps[receipt.status] = receipt.at;
    if (receipt.error) steps.error = receipt.error;
    if (receipt.pricing) steps.pricing = receipt.pricing;
  }
  return [...byId.values()].sort((a, b) => (a.id < b.id ? -1 : 1));
}

interface UpdatedRow {
  id: string;
  provider_id: string;
  origin_kind: OriginKind;
  origin_id: string;
  external_id: string | null;
  recipient: string;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  clicked_at: Date | null;
  failed_at: Date | null;
  error: WireError | null;
  was_sent: boolean;
  was_delivered: boolean;
  was_read: boolean;
  was_clicked: boolean;
  was_failed: boolean;
}

/** The steps this update took for the first time, in order. */
function newSteps(row: UpdatedRow): StatusChange[] {
  const change = (status: StatusChange["status"], at: Date): StatusChange => ({
    messageId: row.id,
    providerId: row.provider_id,
    originKind: row.origin_kind,
    originId: row.origin_id,
    externalId: row.external_id,
    recipient: row.recipient,
    status,
    at,
  });
  const changes: StatusChange[] = [];
  if (row.sent_at && !row.was_sent) changes.push(change("sent", row.sent_at));
  if (row.delivered_at && !row.was_delivered) changes.push(change("delivered", row.delivered_at));
  if (row.read_at && !row.was_read) changes.push(change("read", row.read_at));
  if (row.clicked_at && !row.was_clicked) changes.push(change("clicked", row.clicked_at));
  if (row.failed_at && !row.was_failed) changes.push({ ...change("failed", row.failed_at), error: row.error ?? undefined });
  return changes;
}

const findWireIds = statement<{ wire_id: string; message_id: string }>(
  "ledger_find_wire_ids",
  `select wire_id, message_id from wire_ids where workspace_id = $1 and provider_id = $2 and wire_id = any ($3::text[])`,
);

/*
 * The old row is locked and read first, so the answer can tell which steps are new. `failed` is final, and only follows
 * queued, sending, submitted, sent or unknown; a higher step fills in those below it with its own time.
 */
const updateMessages = statement<UpdatedRow>(
  "ledger_apply_receipts",
  `with input as (
     select * from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
       $8::json[], $9::json[]) as i (id, sent, delivered, read, clicked, failed, error, pricing)
   ), old as (
     select m.id, m.sent_at, m.delivered_at, m.read_at, m.clicked_at, m.failed_at
     from messages m
     where m.workspace_id = $1 and m.id = any ($2::uuid[])
     order by m.id
     for no key update
   ), step as (
     select o.id, i.clicked, i.error, i.pricing,
       o.sent_at as old_sent, o.delivered_at as old_delivered, o.read_at as old_read, o.clicked_at as old_clicked, o.failed_at as old_failed,
       least(o.sent_at, coalesce(i.sent, i.delivered, i.read)) as sent,
       least(o.delivered_at, coalesce(i.delivered, i.read)) as delivered,
       least(o.read_at, i.read) as read,
       case when o.delivered_at is null and i.delivered is null and i.read is null then i.failed end as failed
     from old o join input i on i.id = o.id
   ), answered as (
     delete from outbox q using step s
     where q.workspace_id = $1 and q.message_id = s.id and q.state <> 'claimed'
   )
   update messages m
   set sent_at = case when s.old_failed is null then s.sent else m.sent_at end,
     delivered_at = case when s.old_failed is null then s.delivered else m.delivered_at end,
     read_at = case when s.old_failed is null then s.read else m.read_at end,
     clicked_at = least(s.old_clicked, s.clicked),
     failed_at = coalesce(s.old_failed, s.failed),
     error = case when s.old_failed is not null then m.error when s.failed is not null then s.error end,
     pricing = coalesce(s.pricing, m.pricing),
     state = case
       when s.old_failed is not null or s.failed is not null then 'failed'
       when s.read is not null then 'read'
       when s.delivered is not null then 'delivered'
       when s.sent is not null then 'sent'
       else m.state end
   from step s
   where m.workspace_id = $1 and m.id = s.id
   returning m.id, m.provider_id, m.origin_kind, m.origin_id, m.external_id, m.recipient,
     m.sent_at, m.delivered_at, m.read_at, m.clicked_at, m.failed_at, m.error,
     s.old_sent is not null as was_sent, s.old_delivered is not null as was_delivered, s.old_read is not null as was_read,
     s.old_clicked is not null as was_clicked, s.old_failed is not null as was_failed`,
);
