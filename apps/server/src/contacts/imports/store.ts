/** Imports as rows: made, listed, mapped, started, cancelled. What a run writes while it works is in progress.ts. */
import type { ImportQuery, ImportSettings, ImportState } from "@tincan/api";
import { sql } from "kysely";
import type { Selectable } from "kysely";
import type { Database } from "../../database/connection.ts";
import { escapeLike } from "../../database/like.ts";
import type { ImportProblemsTable, ImportsTable } from "./tables.ts";

export type ImportRow = Selectable<ImportsTable>;
export type ProblemRow = Selectable<ImportProblemsTable>;

const NO_COUNTS = JSON.stringify({ rows: 0, created: 0, updated: 0, merged: 0, rejected: 0 });
/** Problems that an import's answer holds; all of them are in problems.csv. */
const PROBLEMS_SHOWN = 50;

export async function findImport(db: Database, workspaceId: string, id: string): Promise<ImportRow | undefined> {
  return db.selectFrom("imports").selectAll().where("workspace_id", "=", workspaceId).where(sql`id::text`, "=", id).executeTakeFirst();
}

/** Newest first, one more than asked for. Walks the primary key (workspace_id, id) backwards. */
export async function listImports(db: Database, workspaceId: string, query: ImportQuery & { limit: number; afterId: string | undefined }): Promise<ImportRow[]> {
  let rows = db.selectFrom("imports").selectAll().where("workspace_id", "=", workspaceId).orderBy("id", "desc").limit(query.limit + 1);
  if (query.afterId !== undefined) rows = rows.where("id", "<", query.afterId);
  if (query.state !== undefined) rows = rows.where("state", "=", query.state);
  if (query.q) rows = rows.where("file_name", "ilike", `%${escapeLike(query.q)}%`);
  return rows.execute();
}

export async function firstProblems(db: Database, workspaceId: string, id: string): Promise<ProblemRow[]> {
  return db
    .selectFrom("import_problems")
    .selectAll()
    .where("workspace_id", "=", workspaceId)
    .where("import_id", "=", id)
    .orderBy("row_number")
    .orderBy("place")
    .limit(PROBLEMS_SHOWN)
    .execute();
}

/** Sets what the columns mean, and forgets a dry run. Answers undefined when the import is past that. */
export async function saveSettings(tx: Database, workspaceId: string, id: string, settings: ImportSettings): Promise<ImportRow | undefined> {
  await forgetProblems(tx, workspaceId, id);
  return tx
    .updateTable("imports")
    .set((set) => ({ settings: JSON.stringify(settings), state: "draft", counts: NO_COUNTS, dry_run: null, problem_count: 0, last_row: 1, next_byte: set.ref("header_end"), started_at: null, finished_at: null, failure: null }))
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("state", "in", editable)
    .returningAll()
    .executeTakeFirst();
}

/** States in which nothing of the file has been stored and its mapping may still change. */
export const editable: ImportState[] = ["draft", "checked"];

/** Puts the import to work from its first row. Answers undefined when it is past that. */
export async function putToWork(tx: Database, workspaceId: string, id: string, state: "checking" | "running"): Promise<ImportRow | undefined> {
  await forgetProblems(tx, workspaceId, id);
  return tx
    .updateTable("imports")
    .set((set) => ({
      state, counts: NO_COUNTS, problem_count: 0, last_row: 1, next_byte: set.ref("header_end"), started_at: sql<Date>`now()`, finished_at: null,
      failure: null, rows_per_second: null, runner: null, attempts: 0, lease_until: sql<Date>`'-infinity'`,
    }))
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("state", "in", editable)
    .returningAll()
    .executeTakeFirst();
}

/** Ends it; the batch under way is undone, since its checkpoint finds another state. A cancelled dry run becomes a draft again. */
export async function cancel(tx: Database, workspaceId: string, id: string): Promise<ImportRow | undefined> {
  return tx
    .updateTable("imports")
    .set({
      state: sql<ImportState>`case when state = 'checking' then 'draft' else 'cancelled' end`,
      finished_at: sql<Date>`case when state = 'checking' then null else now() end`,
      runner: null, rows_per_second: null,
    })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("state", "in", [...editable, "checking", "running"])
    .returningAll()
    .executeTakeFirst();
}

async function forgetProblems(tx: Database, workspaceId: string, id: string): Promise<void> {
  await tx.deleteFrom("import_problems").where("workspace_id", "=", workspaceId).where("import_id", "=", id).execute();
}
