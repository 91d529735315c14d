import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { tellStatus, type StatusListener } from "./listeners.ts";
import type { Category, OriginKind, StatusChange, WireError } from "./types.ts";

/** What the ledger knew of some people, so that others can forget it too. */
export interface ForgottenTraffic {
  /** All but those that were cancelled: of these the listeners may just have stored something. */
  messageIds: string[];
  /** Messages that still waited and were failed. */
  cancelledIds: string[];
  inboundIds: string[];
  media: { providerId: string; wireMediaId: string }[];
}

/** In place of a recipient who asked to be forgotten. */
const NOBODY = "forgotten";
const refusal: WireError = { source: "tincan", code: 1009, title: "The person was deleted before the message was sent." };

/** A number or a user id of WhatsApp's; any other identity of a person means nothing to Meta and might be a common word. */
const WIRE_NAME = /^(\+\d{7,15}|[A-Z]{2}\.\w{6,})$/;

/**
 * Forgets the people behind these numbers or user ids. Their inbound messages, windows and opt-outs are deleted. Messages sent to them stay as
 * bare counts: no recipient, no content, no ids of the wire; what still waits is failed and told to the listeners. What is on its way
 * at this moment still arrives.
 */
export async function forgetPeople(tx: Database, workspaceId: string, people: string[], listeners: readonly StatusListener[], now = new Date()): Promise<ForgottenTraffic> {
  if (people.length === 0) return { messageIds: [], cancelledIds: [], inboundIds: [], media: [] };
  // Anonymised before they are told, so that no callback names the person again; the row as it was says what the listeners need.
  const messages = await forgetMessages.run(tx, [workspaceId, people, NOBODY, JSON.stringify(refusal), now]);
  const cancelled = messages.filter((row) => row.cancelled);
  await tellStatus(
    listeners, tx, workspaceId,
    cancelled.map((row): StatusChange => ({
      messageId: row.id, providerId: row.provider_id, originKind: row.origin_kind, originId: row.origin_id, externalId: row.external_id, recipient: NOBODY, category: row.category, status: "failed", at: now, error: refusal,
    })),
  );
  const inbound = await forgetInbound.run(tx, [workspaceId, people]);
  await forgetRaw.run(tx, [workspaceId, people.filter((person) => WIRE_NAME.test(person)).map((person) => person.replace(/^\+/, ""))]);
  return {
    messageIds: messages.map((row) => row.id).filter((id) => !cancelled.some((row) => row.id === id)),
    cancelledIds: cancelled.map((row) => row.id),
    inboundIds: inbound.map((row) => row.id),
    media: inbound.flatMap((row) => (row.wire_media_id === null ? [] : [{ providerId: row.provider_id, wireMediaId: row.wire_media_id }])),
  };
}

/** Messages are locked in the order in which settling and receipts meet them. One that is being sent may yet settle; it is `unknown` until then. */
const forgetMessages = statement<{ id: string; provider_id: string; origin_kind: OriginKind; origin_id: string; external_id: string | null; category: Category; cancelled: boolean }>(
  "ledger_forget_people_messages",
  `with doomed as materialized (
     select id from messages where workspace_id = $1 and recipient = any ($2::text[]) order by id for update
   ), ids as materialized (
     select coalesce(array_agg(id), '{}') as all_ids from doomed
   ), queued as (
     delete from outbox where workspace_id = $1 and message_id = any ((select all_ids from ids)::uuid[]) returning message_id, state
   ), contents as (
     delete from message_contents where workspace_id = $1 and message_id = any ((select all_ids from ids)::uuid[])
   ), attempts as (
     delete from send_attempts where workspace_id = $1 and message_id = any ((select all_ids from ids)::uuid[])
   ), wires as (
     delete from wire_ids where workspace_id = $1 and message_id = any ((select all_ids from ids)::uuid[])
   )
   update messages m set recipient = $3, pricing = null,
     state = case when q.state in ('ready', 'held') then 'failed' when q.state is not null and m.state in ('queued', 'sending') then 'unknown' else m.state end,
     failed_at = case when q.state in ('ready', 'held') then $5::timestamptz else m.failed_at end,
     error = case
       when q.state in ('ready', 'held') then $4::json
       when m.error is not null then json_build_object('source', m.error -> 'source', 'code', m.error -> 'code', 'title', m.error -> 'title') end
   from doomed d left join queued q on q.message_id = d.id
   where m.workspace_id = $1 and m.id = d.id
   returning m.id, m.provider_id, m.origin_kind, m.origin_id, m.external_id, m.category, coalesce(q.state in ('ready', 'held'), false) as cancelled`,
);

/** Webhooks kept raw name people in ways nobody has read: whichever has the number or id in its text goes. */
const forgetRaw = statement(
  "ledger_forget_people_raw_webhooks",
  `delete from raw_webhooks w where workspace_id = $1 and exists (select from unnest($2::text[]) as p (person) where strpos(w.body::text, person) > 0)`,
);

const forgetInbound = statement<{ id: string; provider_id: string; wire_media_id: string | null }>(
  "ledger_forget_people_inbound",
  `with windows as (
     delete from conversation_windows where workspace_id = $1 and phone = any ($2::text[])
   ), opt_outs as (
     delete from marketing_opt_outs where workspace_id = $1 and phone = any ($2::text[])
   )
   delete from inbound_messages where workspace_id = $1 and sender = any ($2::text[])
   returning id, provider_id, content -> 'media' ->> 'wireMediaId' as wire_media_id`,
);
