import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { storable } from "../database/storable.ts";
import { tellStatus, type StatusListener } from "./listeners.ts";
import { storableError } from "./storable.ts";
import type { Category, ClickedLink, OriginKind, Receipt, StatusChange, WireError } from "./types.ts";

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
  const byId = new Map(steps.map((s) => [s.id, s]));
  await learnWireIds(tx, workspaceId, rows, byId);
  const changes = rows.flatMap((row) => newSteps(row, byId.get(row.id)));
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

/**
 * A message whose answer never came, or is not stored yet, learns the provider's id from its receipt: people's answers name that one.
 * Comes after the messages are locked, as in settling.
 */
async function learnWireIds(tx: Database, workspaceId: string, rows: readonly UpdatedRow[], byId: ReadonlyMap<string, Steps>): Promise<void> {
  const unanswered = rows.flatMap(({ id, provider_id, unanswered }) => {
    const wireId = unanswered ? byId.get(id)?.wireId : undefined;
    return wireId === undefined ? [] : [{ id, provider_id, wireId: storable(wireId) }];
  });
  if (unanswered.length === 0) return;
  unanswered.sort((a, b) => (a.id < b.id ? -1 : 1));
  await insertWireIds.run(tx, [workspaceId, unanswered.map((each) => each.id), unanswered.map((each) => each.provider_id), unanswered.map((each) => each.wireId)]);
}

interface Steps {
  id: string;
  wireId?: string | undefined;
  sent?: Date;
  delivered?: Date;
  read?: Date;
  clicked?: Date;
  failed?: Date;
  error?: WireError | undefined;
  pricing?: unknown;
  /** Of the earliest click. */
  click?: ClickedLink | undefined;
}

/** One row per message, in id order (two batches then lock rows in one order and never deadlock); the earliest time of a step wins. */
function mergeByMessage(receipts: (Receipt & { messageId: string })[]): Steps[] {
  const byId = new Map<string, Steps>();
  for (const receipt of receipts) {
    let steps = byId.get(receipt.messageId);
    if (!steps) byId.set(receipt.messageId, (steps = { id: receipt.messageId }));
    const before = steps[receipt.status];
    if (!before || receipt.at < before) {
      steps[receipt.status] = receipt.at;
      if (receipt.status === "clicked") steps.click = receipt.click;
    }
    steps.wireId ??= receipt.wireId;
    if (receipt.error) steps.error = storableError(receipt.error);
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
  category: Category;
  sent_at: Date | null;
  delivered_at: Date | null;
  read_at: Date | null;
  clicked_at: Date | null;
  failed_at: Date | null;
  error: WireError | null;
  fresh: number;
  /** The answer to its request is not stored. */
  unanswered: boolean;
}

/** Bits of `fresh`: the steps that the update which set it took for the first time. */
const bits = { sent: 1, delivered: 2, read: 4, clicked: 8, failed: 16 } as const;

/** The steps this update took for the first time, in order. */
function newSteps(row: UpdatedRow, { click, pricing }: Partial<Steps> = {}): StatusChange[] {
  const change = (status: StatusChange["status"], at: Date): StatusChange => ({
    messageId: row.id,
    providerId: row.provider_id,
    originKind: row.origin_kind,
    originId: row.origin_id,
    externalId: row.external_id,
    recipient: row.recipient,
    category: row.category,
    status,
    at,
    pricing,
  });
  const changes: StatusChange[] = [];
  if (row.sent_at && row.fresh & bits.sent) changes.push(change("sent", row.sent_at));
  if (row.delivered_at && row.fresh & bits.delivered) changes.push(change("delivered", row.delivered_at));
  if (row.read_at && row.fresh & bits.read) changes.push(change("read", row.read_at));
  if (row.clicked_at && row.fresh & bits.clicked) changes.push({ ...change("clicked", row.clicked_at), ...(click && { click }) });
  if (row.failed_at && row.fresh & bits.failed) changes.push({ ...change("failed", row.failed_at), error: row.error ?? undefined });
  return changes;
}

const findWireIds = statement<{ wire_id: string; message_id: string }>(
  "ledger_find_wire_ids",
  `select wire_id, message_id from wire_ids
   where workspace_id = $1 and hashtextextended(wire_id, 0) = any (array(select hashtextextended(w, 0) from unnest($3::text[]) w))
     and wire_id = any ($3::text[]) and provider_id = $2`,
);

const insertWireIds = statement(
  "ledger_learn_wire_ids",
  `insert into wire_ids (workspace_id, message_id, provider_id, wire_id)
   select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[])
   on conflict do nothing`,
);

/*
 * One update, no look beforehand: `fresh` is computed from the row as it is when the update gets its lock, so of two receipts
 * that meet, one alone takes the step. `failed` is final, and only follows what was not delivered; a higher step fills in those
 * below it with its own time. A receipt proves that the provider has the message: if it waits to be tried again, it no longer does.
 */
const updateMessages = statement<UpdatedRow>(
  "ledger_apply_receipts",
  `with input as (
     select i.id, coalesce(i.sent, i.delivered, i.read) as sent, coalesce(i.delivered, i.read) as delivered, i.read, i.clicked, i.failed,
       i.error, i.pricing
     from unnest($2::uuid[], $3::timestamptz[], $4::timestamptz[], $5::timestamptz[], $6::timestamptz[], $7::timestamptz[],
       $8::json[], $9::json[]) as i (id, sent, delivered, read, clicked, failed, error, pricing)
   ), answered as (
     delete from outbox where workspace_id = $1 and message_id = any ($2::uuid[]) and state <> 'claimed'
   )
   update messages m
   set sent_at = case when m.failed_at is null then least(m.sent_at, i.sent) else m.sent_at end,
     delivered_at = case when m.failed_at is null then least(m.delivered_at, i.delivered) else m.delivered_at end,
     read_at = case when m.failed_at is null then least(m.read_at, i.read) else m.read_at end,
     clicked_at = least(m.clicked_at, i.clicked),
     failed_at = case when m.delivered_at is null and i.delivered is null then coalesce(m.failed_at, i.failed) else m.failed_at end,
     error = case
       when m.failed_at is not null then m.error
       when m.delivered_at is null and i.delivered is null and i.failed is not null then i.error end,
     pricing = coalesce(i.pricing, m.pricing),
     state = case
       when m.failed_at is not null or (m.delivered_at is null and i.delivered is null and i.failed is not null) then 'failed'
       when m.read_at is not null or i.read is not null then 'read'
       when m.delivered_at is not null or i.delivered is not null then 'delivered'
       when m.sent_at is not null or i.sent is not null then 'sent'
       when i.clicked is not null and m.state in ('queued', 'sending', 'unknown') then 'submitted'
       else m.state end,
     fresh = case when m.sent_at is null and i.sent is not null and m.failed_at is null then 1 else 0 end
       + case when m.delivered_at is null and i.delivered is not null and m.failed_at is null then 2 else 0 end
       + case when m.read_at is null and i.read is not null and m.failed_at is null then 4 else 0 end
       + case when m.clicked_at is null and i.clicked is not null then 8 else 0 end
       + case when m.failed_at is null and m.delivered_at is null and i.delivered is null and i.failed is not null then 16 else 0 end
   from input i
   where m.workspace_id = $1 and m.id = any ($2::uuid[]) and i.id = m.id
   returning m.id, m.provider_id, m.origin_kind, m.origin_id, m.external_id, m.recipient, m.category,
     m.sent_at, m.delivered_at, m.read_at, m.clicked_at, m.failed_at, m.error, m.fresh,
     m.submitted_at is null as unanswered`,
);
