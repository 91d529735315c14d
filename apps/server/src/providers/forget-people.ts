import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Forgets that these numbers were answered automatically. */
export async function forgetAutoReplies(tx: Database, workspaceId: string, phones: string[]): Promise<void> {
  await forget.run(tx, [workspaceId, phones]);
}

const forget = statement("auto_reply_forget", `delete from auto_replies where workspace_id = $1 and phone = any ($2::text[])`);
