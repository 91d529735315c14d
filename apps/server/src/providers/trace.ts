import type { MessageContent, TraceStep } from "@tincan/api";
import { statement } from "../database/statement.ts";
import type { OutboundMessage } from "../ledger/claim.ts";
import type { TraceContributor } from "../ledger/trace.ts";
import type { Category } from "../ledger/types.ts";
import type { TemplateRegistry } from "../templates/registry.ts";
import { renderMessage as renderForMeta } from "./cloud-api/render.ts";
import { renderMessage as renderForContract } from "./generic/render.ts";
import type { StoredGenericSettings } from "./tables.ts";

/**
 * The request to the provider as it left. Rendering is a pure function of what is stored, so it is rendered again here instead
 * of being kept a second time for every message. A template changed since then shows its new text.
 */
export function wireRequestSteps(registry: TemplateRegistry): TraceContributor {
  return async (db, workspaceId, messageId) => {
    const [row] = await find.run(db, [workspaceId, messageId]);
    if (!row) return [];
    const archived: TraceStep[] = row.waits_since
      ? [{ kind: "note", at: row.waits_since.toISOString(), title: `Its provider ${row.nickname} is archived`, status: "waiting", detail: "Take the provider out of the archive to send the message." }]
      : [];
    const body = await rendered(registry, workspaceId, messageId, row);
    if (!body) return archived;
    const where = row.kind === "generic" ? `Sent to ${row.nickname}` : `Sent to Meta through ${row.nickname}`;
    return [...archived, ...row.sent_at.map((at): TraceStep => ({ kind: "request", at, title: where, status: "ok", body }))];
  };
}

async function rendered(registry: TemplateRegistry, workspaceId: string, messageId: string, row: Row): Promise<object | null> {
  const { recipient, category, content, replied_to: repliedTo } = row;
  const message: OutboundMessage = { messageId, recipient, category, content, attempts: 1, replyToWireId: repliedTo ?? undefined };
  if (row.kind !== "generic") return renderForMeta(message);
  await registry.load(workspaceId, row.provider_id);
  const request = renderForContract(message, row.settings, (name, language) => registry.find(workspaceId, row.provider_id, name, language)?.components);
  return "refusal" in request ? null : request.body;
}

interface Row {
  recipient: string;
  category: Category;
  content: MessageContent;
  provider_id: string;
  kind: "cloud-api" | "generic";
  nickname: string;
  /** Read for the generic kind alone. */
  settings: StoredGenericSettings;
  sent_at: string[];
  replied_to: string | null;
  /** Since when the message waits for an archived provider. */
  waits_since: Date | null;
}

const find = statement<Row & Record<string, unknown>>(
  "provider_trace_request",
  `select m.recipient, m.category, c.content, p.id as provider_id, p.kind, p.nickname, p.settings,
     case when exists (select from outbox o where o.workspace_id = $1 and o.message_id = $2 and o.state in ('ready', 'held')) and p.archived_at is not null
       then greatest(p.archived_at, m.accepted_at) end as waits_since,
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
