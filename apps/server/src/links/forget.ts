import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { firstUuidAt } from "../database/uuid.ts";
import type { ForgottenTraffic } from "../ledger/forget-people.ts";
import "./tables.ts";

/** Deletes the links in messages to people who are forgotten, and who clicked them when. Such a link then leads nowhere. */
export async function forgetLinks(tx: Database, workspaceId: string, { messageIds, cancelledIds }: ForgottenTraffic): Promise<void> {
  const ids = [...messageIds, ...cancelledIds];
  if (ids.length > 0) await forgetOfMessages.run(tx, [workspaceId, ids]);
}

/** Deletes the links in all messages of these providers. Reads whole tables of the workspace; for taking a demo away, before its messages go. */
export async function forgetLinksOfProviders(tx: Database, workspaceId: string, providerIds: string[]): Promise<void> {
  await forgetOfProviders.run(tx, [workspaceId, providerIds]);
  // Held first: whoever makes a link to one of them now waits, or is waited for and then seen.
  await holdTargets.run(tx, [workspaceId]);
  await forgetTargets.run(tx, [workspaceId]);
}

/** Deletes up to `limit` clicks that came before `before`, oldest first; the links keep their counts. @returns how many */
export async function forgetClicks(db: Database, workspaceId: string, before: Date, limit: number): Promise<number> {
  return (await forgetOld.run(db, [workspaceId, firstUuidAt(before.getTime()), limit])).length;
}

const forgetOfMessages = statement(
  "links_forget_messages",
  `with gone as (delete from links where workspace_id = $1 and message_id = any ($2::uuid[]) returning code)
   delete from link_clicks where workspace_id = $1 and code = any (array (select code from gone))`,
);

/** Messages are locked in the order in which clicks and receipts meet them, so that nobody deadlocks. */
const forgetOfProviders = statement(
  "links_forget_providers",
  `with doomed as materialized (
     select id from messages where workspace_id = $1 and provider_id = any ($2::uuid[]) order by id for update
   ), gone as (
     delete from links where workspace_id = $1 and message_id in (select id from doomed) returning code
   )
   delete from link_clicks where workspace_id = $1 and code in (select code from gone)`,
);

const holdTargets = statement("links_hold_all_targets", `select from link_targets where workspace_id = $1 order by id for update`);

const forgetTargets = statement(
  "links_forget_targets",
  `delete from link_targets t where t.workspace_id = $1 and not exists (select from links l where l.workspace_id = $1 and l.target_id = t.id)`,
);

/** By the primary key, whose ids are in the order of time. */
const forgetOld = statement<{ id: string }>(
  "links_forget_clicks",
  `delete from link_clicks
   where workspace_id = $1 and id = any (array (select id from link_clicks where workspace_id = $1 and id < $2::uuid order by id limit $3))
   returning id`,
);
