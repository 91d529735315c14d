import type { MessageContent } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { Category, OriginKind } from "./types.ts";

/** A message on its way out. */
export interface OutboundMessage {
  messageId: string;
  /** E.164 with "+". */
  recipient: string;
  category: Category;
  /** Who wrote it; undefined in a trace, which shows what is no longer in the outbox. */
  originKind?: OriginKind | undefined;
  content: MessageContent;
  /** Requests made for it, this one included. */
  attempts: number;
  /** A test, whose answer is kept for the trace even when the provider took the message. */
  keepAnswer?: boolean | undefined;
  /** Of an origin that counts what was submitted; see SubmittedListener. */
  counted?: boolean | undefined;
  /** The provider's id of the message this one answers, when the content names one and we know it. */
  replyToWireId?: string | undefined;
}

/**
 * Marks up to `limit` ready messages of a lane as being sent, and returns them; nothing when `owner` does not hold the lease.
 * Urgent categories come first; within one, the origins take turns, so that a large campaign does not hold up a small one.
 * Origins that are paused keep theirs, and so do those whose time to leave has passed.
 */
export async function claimMessages(db: Database, workspaceId: string, laneId: string, owner: string, limit: number): Promise<OutboundMessage[]> {
  const rows = await claim.run(db, [workspaceId, laneId, owner, limit]);
  const messages = rows.map(
    (row): OutboundMessage => ({
      messageId: row.message_id,
      recipient: row.recipient,
      category: row.category,
      originKind: row.origin_kind,
      content: row.content,
      attempts: row.attempts,
      keepAnswer: row.origin_kind === "test",
      counted: row.origin_kind === "campaign" || row.origin_kind === "journey",
    }),
  );
  await addRepliedTo(db, workspaceId, messages);
  return messages;
}

async function addRepliedTo(db: Database, workspaceId: string, messages: OutboundMessage[]): Promise<void> {
  const answering = messages.filter((m) => "replyTo" in m.content && m.content.replyTo);
  if (answering.length === 0) return;
  const ids = answering.map((m) => ("replyTo" in m.content ? m.content.replyTo : undefined));
  const found = new Map((await findReplied.run(db, [workspaceId, ids])).map((row) => [row.id, row.wire_id]));
  for (const [i, m] of answering.entries()) m.replyToWireId = found.get(ids[i] ?? "");
}

/*
 * outbox_ready is read as a list of (priority, origin) groups by skipping from one to the next, then each group's first rows.
 * The rows claimed leave that index, so the next claim starts where this one ended. Arrays hold the planner to index look-ups: with
 * plain joins it reads whole tables once a queue is long.
 */
const claim = statement<{ message_id: string; attempts: number; recipient: string; category: Category; origin_kind: OriginKind; content: MessageContent }>(
  "outbox_claim",
  `with recursive groups (priority, origin_id) as (
     (select priority, origin_id from outbox
      where workspace_id = $1 and lane_id = $2 and state = 'ready'
      order by priority, origin_id limit 1)
     union all
     select n.priority, n.origin_id from groups g cross join lateral (
       select o.priority, o.origin_id from outbox o
       where o.workspace_id = $1 and o.lane_id = $2 and o.state = 'ready' and (o.priority, o.origin_id) > (g.priority, g.origin_id)
       order by o.priority, o.origin_id limit 1) n
   ), candidates as (
     select c.message_id, g.priority, c.turn
     from groups g cross join lateral (
       select o.message_id, row_number() over (order by o.message_id) as turn from outbox o
       where o.workspace_id = $1 and o.lane_id = $2 and o.state = 'ready' and o.priority = g.priority and o.origin_id = g.origin_id
         and (o.leave_by is null or o.leave_by > now())
       order by o.message_id limit $4) c
     where (select p.at from paused_origins p where p.workspace_id = $1 and p.origin_id = g.origin_id) is null
   ), chosen as (
     select message_id from candidates order by priority, turn, message_id limit $4
   ), claimed as (
     update outbox o set state = 'claimed', claimed_at = now(), attempts = o.attempts + 1
     where o.workspace_id = $1 and o.message_id = any (array(select message_id from chosen)) and o.state = 'ready'
       and exists (select from lanes l where l.workspace_id = $1 and l.id = $2 and l.owner = $3 and l.lease_until > clock_timestamp())
     returning o.message_id, o.attempts
   )
   select q.message_id, q.attempts, m.recipient, m.category, m.origin_kind, c.content
   from claimed q, messages m, message_contents c
   where m.workspace_id = $1 and m.id = any (array(select message_id from chosen)) and m.id = q.message_id
     and c.workspace_id = $1 and c.message_id = any (array(select message_id from chosen)) and c.message_id = q.message_id
   order by q.message_id`,
);

const findReplied = statement<{ id: string; wire_id: string }>(
  "outbox_find_replied",
  `select id, wire_id from inbound_messages where workspace_id = $1 and id = any ($2::uuid[])
   union all
   select message_id, wire_id from wire_ids where workspace_id = $1 and message_id = any ($2::uuid[])`,
);
