/** What of a list can be downloaded, read page by page. */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

const PAGE_ROWS = 1_000;

/** Contact ids of everybody on a list. */
export async function* memberPages(db: Database, workspaceId: string, listId: string): AsyncGenerator<string[]> {
  let after = "00000000-0000-0000-0000-000000000000";
  for (;;) {
    const ids = (await nextMembers.run(db, [workspaceId, listId, after, PAGE_ROWS])).map((row) => row.contact_id);
    if (ids.length > 0) yield ids;
    if (ids.length < PAGE_ROWS) return;
    after = ids.at(-1)!;
  }
}

export const problemsHeader = ["Row", "Value", "Problem"];

/** The rows of an upload that named nobody, in the order of the file. */
export async function* problemLines(db: Database, workspaceId: string, listId: string, uploadId: string): AsyncGenerator<string[]> {
  let after = 0;
  for (;;) {
    const rows = await nextProblems.run(db, [workspaceId, listId, uploadId, after, PAGE_ROWS]);
    for (const row of rows) yield [String(row.row_number), row.value, row.reason];
    if (rows.length < PAGE_ROWS) return;
    after = rows.at(-1)!.row_number;
  }
}

const nextMembers = statement<{ contact_id: string }>(
  "lists_next_members",
  `select contact_id from list_members where workspace_id = $1 and list_id = $2 and contact_id > $3 order by contact_id limit $4`,
);

const nextProblems = statement<{ row_number: number; value: string; reason: string }>(
  "lists_next_problems",
  `select row_number, value, reason from list_upload_problems where workspace_id = $1 and list_id = $2 and upload_id = $3 and row_number > $4 order by row_number limit $5`,
);
