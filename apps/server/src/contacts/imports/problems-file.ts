/** The rows that were not taken, as a CSV file: why first, then the row as it was, so that it can be put right and imported again. */
import { sql } from "kysely";
import type { Database } from "../../database/connection.ts";
import type { ImportRow } from "./store.ts";

const PAGE_ROWS = 1_000;

/** What comes before the columns of the row itself; skipped when the file is imported again. */
export const problemColumns = ["Row", "Problem"] as const;

export function problemsHeader(row: ImportRow): string[] {
  return [...problemColumns, ...row.columns.map(({ name }) => name)];
}

/** One line per row of the file. Reads the primary key (workspace_id, import_id, row_number, place) in order. */
export async function* problemLines(db: Database, { workspace_id: workspaceId, id }: ImportRow): AsyncGenerator<string[]> {
  let after = 0;
  for (;;) {
    const rows = await db
      .selectFrom("import_problems")
      .select(["row_number", sql<string[][]>`jsonb_agg(jsonb_build_array(column_name, value, reason) order by place)`.as("problems"), sql<string[] | null>`min(fields)`.as("fields")])
      .where("workspace_id", "=", workspaceId)
      .where("import_id", "=", id)
      .where("row_number", ">", after)
      .groupBy("row_number")
      .orderBy("row_number")
      .limit(PAGE_ROWS)
      .execute();
    for (const { row_number: number, problems, fields } of rows) {
      yield [String(number), problems.map(([column, , reason]) => (column === null ? reason : `${column}: ${reason}`)).join(" "), ...(fields ?? [])];
      after = number;
    }
    if (rows.length < PAGE_ROWS) return;
  }
}
