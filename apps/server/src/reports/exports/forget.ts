import type { Database } from "../../database/connection.ts";
import { tellOnCommit } from "../../database/live.ts";
import { statement } from "../../database/statement.ts";
import type { ForgottenTraffic } from "../../ledger/forget-people.ts";

/**
 * Lets the files of campaigns that people who are forgotten had messages of expire at once, for they hold their names and numbers; the sweep
 * takes them away within a minute. What is being made is begun again.
 */
export async function forgetExports(tx: Database, workspaceId: string, { messageIds, cancelledIds }: ForgottenTraffic): Promise<void> {
  const ids = [...messageIds, ...cancelledIds];
  if (ids.length === 0) return;
  const changed = await forget.run(tx, [workspaceId, ids]);
  if (changed.length > 0) await tellOnCommit(tx, workspaceId, "reports");
}

const forget = statement<{ id: string }>(
  "report_exports_forget",
  `update report_exports set
     expires_at = case when state = 'done' then now() else expires_at end,
     state = case when state = 'running' then 'waiting' else state end,
     runner = null, lease_until = '-infinity'
   where workspace_id = $1 and state in ('waiting', 'running', 'done') and campaign_id in (
     select c.campaign_id from messages m join campaign_cells c on c.workspace_id = $1 and c.id = m.origin_id where m.workspace_id = $1 and m.id = any ($2::uuid[]))
   returning id`,
);
