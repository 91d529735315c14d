import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { firstUuidAt } from "../database/uuid.ts";

/** Deletes up to `limit` raw webhooks that came before `before`, oldest first. @returns how many */
export async function forgetRawWebhooks(db: Database, workspaceId: string, before: Date, limit: number): Promise<number> {
  return (await forgetRaw.run(db, [workspaceId, firstUuidAt(before.getTime()), limit])).length;
}

/**
 * Deletes everything the ledger knows of these providers: messages and what hangs on them, inbound messages, windows, opt-outs, raw
 * webhooks. It cannot be undone. Reads whole tables of the workspace; for taking a demo away, not for every day.
 */
export async function forgetProviders(tx: Database, workspaceId: string, providerIds: string[]): Promise<void> {
  for (const each of [forgetMessages, forgetInbound]) await each.run(tx, [workspaceId, providerIds]);
}

/** Messages are locked in the order in which settling and receipts meet them, so that nobody deadlocks. */
const forgetMessages = statement(
  "ledger_forget_messages",
  `with doomed as materialized (
     select id from messages where workspace_id = $1 and provider_id = any ($2::uuid[]) order by id for update
   ), contents as (
     delete from message_contents where workspace_id = $1 and message_id in (select id from doomed)
   ), attempts as (
     delete from send_attempts where workspace_id = $1 and message_id in (select id from doomed)
   ), wires as (
     delete from wire_ids where workspace_id = $1 and provider_id = any ($2::uuid[])
   ), queued as (
     delete from outbox where workspace_id = $1 and lane_id = any ($2::uuid[])
   )
   delete from messages where workspace_id = $1 and id in (select id from doomed)`,
);

const forgetInbound = statement(
  "ledger_forget_inbound",
  `with windows as (
     delete from conversation_windows where workspace_id = $1 and provider_id = any ($2::uuid[])
   ), opt_outs as (
     delete from marketing_opt_outs where workspace_id = $1 and provider_id = any ($2::uuid[])
   ), raw as (
     delete from raw_webhooks where workspace_id = $1 and provider_id = any ($2::uuid[])
   )
   delete from inbound_messages where workspace_id = $1 and provider_id = any ($2::uuid[])`,
);

/** By the primary key, whose ids are in the order of time. */
const forgetRaw = statement<{ id: string }>(
  "ledger_forget_raw_webhooks",
  `delete from raw_webhooks
   where workspace_id = $1 and id = any (array(select id from raw_webhooks where workspace_id = $1 and id < $2::uuid order by id limit $3))
   returning id`,
);
