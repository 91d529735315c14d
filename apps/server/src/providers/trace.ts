import type { MessageContent, TraceStep } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { Category } from "../ledger/types.ts";
import { renderMessage } from "./cloud-api/render.ts";

/**
 * The request to the provider as it left. Rendering is a pure function of what is stored, so it is rendered again here instead
 * of being kept a second time for every message.
 */
export async function wireRequestSteps(db: Database, workspaceId: string, messageId: string): Promise<TraceStep[]> {
  const [row] = await find.run(db, [workspaceId, messageId]);
  if (!row) return [];
  const body = renderMessage({ messageId, recipient: row.recipient, category: row.category, content: row.content, attempts: 1, replyToWireId: row.replied_to ?? undefined });
  if (!body) return [];
  return row.sent_at.map((at) => ({ kind: "request", at, title: `Sent to Meta through ${row.nickname}`, status: "ok", body }));
}

const find = statement<{ recipient: string; category: Category; content: MessageContent; nickname: string; sent_at: string[]; replied_to: string | null }>(
  "provider_trace_request",
  `select m.recipient, m.category, c.content, p.nickname,
     (select coalesce(json_agg(t.at order by t.at), '[]') from (
        select m.sending_at as at where m.sending_at is not null
        union select at from send_attempts a where a.workspace_id = $1 and a.message_id = $2 and a.outcome <> 'again') t) as sent_at,
     (select wire_id from (
        select i.wire_id from inbound_messages i where i.workspace_id = $1 and i.id::text = c.content->>'replyTo'
        union all select w.wire_id from wire_ids w where w.workspace_id = $1 and w.message_id::text = c.content->>'replyTo') r limit 1) as replied_to
   from messages m
   join message_contents c on c.workspace_id = $1 and c.message_id = m.id
   join providers p on p.workspace_id = $1 and p.id = m.provider_id
   where m.workspace_id = $1 and m.id = $2`,
);
