import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { ForgottenTraffic } from "../ledger/forget-people.ts";

/** Deletes what platforms were told, or were to be told, about people who are forgotten: each callback names their number. */
export async function forgetCallbacks(tx: Database, workspaceId: string, { messageIds, inboundIds }: ForgottenTraffic): Promise<void> {
  const ids = [...messageIds, ...inboundIds];
  if (ids.length > 0) await forget.run(tx, [workspaceId, ids]);
}

const forget = statement(
  "callbacks_forget",
  `with gone as (delete from callbacks where workspace_id = $1 and message_id = any ($2::uuid[]) returning id)
   delete from callback_attempts where workspace_id = $1 and callback_id = any (array (select id from gone))`,
);
