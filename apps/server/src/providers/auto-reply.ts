/**
 * "Set auto-reply for users not tracked": a provider's default text for people nobody knows, once in 24 hours. Their own message has
 * opened the window in which it may be sent.
 */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import { accept } from "../ledger/accept.ts";
import type { InboundMessage } from "../ledger/inbound-message.ts";
import type { InboundListener, StatusListener } from "../ledger/listeners.ts";
import { SERVICE_WINDOW_MS } from "../ledger/permissions-to-send.ts";
import type { NewMessage } from "../ledger/types.ts";
import "./generic/tables.ts";

/** Which of these numbers (E.164 with "+") belong to people the business knows in another way than by their having written. */
export type IsTracked = (tx: Database, workspaceId: string, phones: string[]) => Promise<Set<string>>;

export interface AutoReplyDeps {
  isTracked: IsTracked;
  statusListeners: readonly StatusListener[];
  /** Called inside the transaction: the lane has something to send once it is committed. */
  wake(laneId: string): void;
}

/** Answers in the batch's own transaction, each person once, whatever repeats. */
export function autoReply(deps: AutoReplyDeps): InboundListener {
  return async (tx, workspaceId, inbound) => {
    const providers = new Map((await answering.run(tx, [workspaceId, [...new Set(inbound.map((m) => m.providerId))]])).map((row) => [row.id, row.text]));
    const now = new Date();
    // A message that was long on its way has opened no window that is still open.
    const open = inbound.filter((m) => now.getTime() - m.occurredAt.getTime() < SERVICE_WINDOW_MS);
    const asked = onePerPerson(open.filter((m) => providers.has(m.providerId) && m.sender.startsWith("+")));
    if (asked.length === 0) return;
    const tracked = await deps.isTracked(tx, workspaceId, [...new Set(asked.map((m) => m.sender))]);
    const strangers = asked.filter((m) => !tracked.has(m.sender));
    if (strangers.length === 0) return;
    const due = await claim.run(tx, [workspaceId, strangers.map((m) => m.providerId), strangers.map((m) => m.sender), now, new Date(now.getTime() - SERVICE_WINDOW_MS)]);
    const replies = due.map(({ provider_id: providerId, phone }): NewMessage => ({
      id: uuidv7(),
      providerId,
      originKind: "auto-reply",
      originId: providerId,
      recipient: phone,
      category: "service",
      content: { type: "text", text: providers.get(providerId)! },
    }));
    if (replies.length === 0) return;
    await accept(tx, workspaceId, replies, deps.statusListeners, now);
    for (const laneId of new Set(replies.map((reply) => reply.providerId))) deps.wake(laneId);
  };
}

/** In one order, so that two batches never wait for each other. */
function onePerPerson(inbound: InboundMessage[]): InboundMessage[] {
  const byPerson = new Map(inbound.map((m) => [`${m.providerId} ${m.sender}`, m]));
  return [...byPerson.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, m]) => m);
}

const answering = statement<{ id: string; text: string }>(
  "auto_reply_providers",
  `select id, settings -> 'autoReply' ->> 'text' as text from providers
   where workspace_id = $1 and id = any ($2::uuid[]) and archived_at is null and settings -> 'autoReply' ->> 'enabled' = 'true'`,
);

/** Those whose last automatic answer is older than a window, or who never had one; they are marked as answered. */
const claim = statement<{ provider_id: string; phone: string }>(
  "auto_reply_claim",
  `insert into auto_replies as r (workspace_id, provider_id, phone, replied_at)
   select $1, i.provider_id, i.phone, $4::timestamptz from unnest($2::uuid[], $3::text[]) as i (provider_id, phone)
   on conflict (workspace_id, provider_id, phone) do update set replied_at = excluded.replied_at where r.replied_at <= $5::timestamptz
   returning r.provider_id, r.phone`,
);
