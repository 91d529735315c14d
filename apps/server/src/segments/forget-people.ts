import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Takes forgotten people's numbers and identities out of what is kept of files: rows that named nobody when they came may name them. */
export async function forgetUnmatchedRows(tx: Database, workspaceId: string, addresses: string[]): Promise<void> {
  await forget.run(tx, [workspaceId, addresses]);
}

/** Reads the reports of a workspace, one per list; a row is written as it stood in the file, so spaces and signs in numbers are looked past. */
const forget = statement(
  "lists_forget_unmatched_rows",
  `delete from list_upload_problems where workspace_id = $1
   and (value = any ($2::text[]) or '+' || regexp_replace(value, '\\D', '', 'g') = any ($2::text[]))`,
);

/** Forgets up to `limit` such rows of files that came before then, and answers how many. */
export async function forgetOldUnmatchedRows(db: Database, workspaceId: string, before: Date, limit: number): Promise<number> {
  return (await forgetOld.run(db, [workspaceId, before, limit])).length;
}

const forgetOld = statement<{ row_number: number }>(
  "lists_forget_old_unmatched_rows",
  `delete from list_upload_problems where (workspace_id, list_id, upload_id, row_number) in (
     select p.workspace_id, p.list_id, p.upload_id, p.row_number from list_uploads u
     join list_upload_problems p on p.workspace_id = u.workspace_id and p.list_id = u.list_id and p.upload_id = u.id
     where u.workspace_id = $1 and u.uploaded_at < $2 limit $3)
   returning row_number`,
);
