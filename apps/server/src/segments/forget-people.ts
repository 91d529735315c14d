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
