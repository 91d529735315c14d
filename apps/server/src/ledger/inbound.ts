import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { InboundMessage, NewInbound } from "./inbound-message.ts";
import type { InboundListener } from "./listeners.ts";

/**
 * Stores inbound messages of one workspace, opens each sender's 24-hour window, and tells the listeners those that are new.
 * Repeats of a known (provider, wire id) are ignored.
 */
export async function receiveInbound(
  tx: Database,
  workspaceId: string,
  inbound: NewInbound[],
  listeners: readonly InboundListener[],
): Promise<InboundMessage[]> {
  const unique = [...new Map(inbound.map((m) => [`${m.providerId} ${m.wireId}`, m])).values()];
  const rows = unique.map((m) => ({ ...m, id: uuidv7() })).sort((a, b) => (a.wireId < b.wireId ? -1 : 1));
  if (rows.length === 0) return [];

  const written = await insertInbound.run(tx, [
    workspaceId,
    rows.map((m) => m.id),
    rows.map((m) => m.providerId),
    rows.map((m) => m.wireId),
    rows.map((m) => m.sender),
    rows.map((m) => m.senderUserId ?? null),
    rows.map((m) => m.profileName ?? null),
    rows.map((m) => m.type),
    rows.map((m) => JSON.stringify(m.content)),
    rows.map((m) => JSON.stringify(m.raw)),
    rows.map((m) => m.replyToWireId ?? null),
    rows.map((m) => m.occurredAt),
    rows.map((m) => m.replyToMessageId ?? null),
  ]);
  const fresh = new Map(written.map((row) => [row.id, row]));
  const messages = rows.flatMap((m): InboundMessage[] => {
    const row = fresh.get(m.id);
    if (!row) return [];
    if (!row.reply_to || !row.origin_kind || !row.origin_id) return [m];
    return [{ ...m, replyTo: { messageId: row.reply_to, originKind: row.origin_kind, originId: row.origin_id, externalId: row.external_id, recipient: row.recipient ?? m.sender } }];
  });
  if (messages.length === 0) return [];

  // Who answers without showing a number, or under another way to write it, is reached all the same at the one the message went to.
  const windows = messages.flatMap((m) => [...new Set([m.sender, m.writtenAs ?? m.sender, m.replyTo?.recipient ?? m.sender])].map((phone) => ({ ...m, phone })));
  await openWindows.run(tx, [workspaceId, windows.map((w) => w.providerId), windows.map((w) => w.phone), windows.map((w) => w.occurredAt)]);
  for (const listener of listeners) await listener(tx, workspaceId, messages);
  return messages;
}

const insertInbound = statement<{ id: string; reply_to: string | null; origin_kind: string | null; origin_id: string | null; external_id: string | null; recipient: string | null }>(
  "ledger_receive_inbound",
  `with input as (
     select * from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::json[], $10::json[],
       $11::text[], $12::timestamptz[], $13::uuid[])
       as i (id, provider_id, wire_id, sender, sender_user_id, profile_name, type, content, raw, reply_to_wire_id, occurred_at, reply_to_id)
   ), resolved as (
     select i.*, coalesce(w.message_id, a.id) as reply_to from input i
     left join messages a on a.workspace_id = $1 and a.id = any ($13::uuid[]) and a.id = i.reply_to_id and a.provider_id = i.provider_id
     left join wire_ids w on w.workspace_id = $1 and hashtextextended(w.wire_id, 0) = hashtextextended(i.reply_to_wire_id, 0)
       and w.wire_id = i.reply_to_wire_id and w.provider_id = i.provider_id
   ), written as (
     insert into inbound_messages (workspace_id, id, provider_id, wire_id, sender, sender_user_id, profile_name, type, content, raw,
       reply_to, occurred_at)
     select $1, id, provider_id, wire_id, sender, sender_user_id, profile_name, type, content, raw, reply_to, occurred_at from resolved
     on conflict (workspace_id, provider_id, wire_id) do nothing
     returning id, reply_to
   )
   select w.id, w.reply_to, m.origin_kind, m.origin_id, m.external_id, m.recipient
   from written w left join messages m on m.workspace_id = $1 and m.id = w.reply_to`,
);

const openWindows = statement(
  "ledger_open_windows",
  `insert into conversation_windows (workspace_id, provider_id, phone, last_inbound_at)
   select $1, provider_id, phone, max(at)
   from unnest($2::uuid[], $3::text[], $4::timestamptz[]) as i (provider_id, phone, at)
   group by provider_id, phone
   order by provider_id, phone
   on conflict (workspace_id, provider_id, phone)
   do update set last_inbound_at = greatest(conversation_windows.last_inbound_at, excluded.last_inbound_at)`,
);
