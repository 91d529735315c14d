import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/*
 * Messages of a paused origin stay in the outbox: a claim passes them by. Whoever pauses also recalls what the lanes hold ready to send
 * (lanes/signals.ts).
 */

export async function pauseOrigins(tx: Database, workspaceId: string, originIds: readonly string[]): Promise<void> {
  await pause.run(tx, [workspaceId, originIds]);
}

export async function resumeOrigins(tx: Database, workspaceId: string, originIds: readonly string[]): Promise<void> {
  await resume.run(tx, [workspaceId, originIds]);
}

const pause = statement(
  "ledger_pause_origins",
  `insert into paused_origins (workspace_id, origin_id) select $1, o from unnest($2::uuid[]) o order by o on conflict do nothing`,
);

const resume = statement("ledger_resume_origins", `delete from paused_origins where workspace_id = $1 and origin_id = any ($2::uuid[])`);
