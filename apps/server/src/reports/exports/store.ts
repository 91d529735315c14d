/** Exports as rows: asked for, listed, cancelled, expired. What a run writes while it works is in progress.ts. */
import type { ListQuery, ReportExport } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { escapeLike } from "../../database/like.ts";
import { statement } from "../../database/statement.ts";
import { ApiError } from "../../http/errors.ts";
import { pageOf, readCursor } from "../../http/paging.ts";
import "../tables.ts";

export interface ExportRow {
  workspace_id: string;
  id: string;
  campaign_id: string;
  campaign_name: string;
  format: ReportExport["format"];
  state: ReportExport["state"];
  rows: number;
  expected: number | null;
  size: number | null;
  failure: string | null;
  created_by: string;
  created_at: Date;
  finished_at: Date | null;
  expires_at: Date | null;
  runner: string | null;
  attempts: number;
}

/** Throws ApiError `report_export_not_found`, also for one that has expired. */
export async function findExport(db: Database, workspaceId: string, id: string): Promise<ExportRow> {
  const [row] = await find.run(db, [workspaceId, id]);
  if (!row) throw new ApiError("report_export_not_found");
  return row;
}

/** Newest first. */
export async function listExports(db: Database, workspaceId: string, { limit = 50, after, q }: ListQuery): Promise<{ items: ExportRow[]; next: string | null }> {
  const [afterId = null] = readCursor(after, ["id"]) ?? [];
  const rows = await list.run(db, [workspaceId, q ? `%${escapeLike(q)}%` : null, afterId, limit + 1]);
  return pageOf(rows, limit, { item: (row) => row, key: (row) => [row.id] });
}

export async function insertExport(tx: Database, row: Pick<ExportRow, "workspace_id" | "id" | "campaign_id" | "campaign_name" | "format" | "expected" | "created_by">): Promise<void> {
  await insert.run(tx, [row.workspace_id, row.id, row.campaign_id, row.campaign_name, row.format, row.expected, row.created_by]);
}

/** Ends one that is not done; answers whether there was something to end. Whoever works on it finds out at the next page. */
export async function cancelExport(tx: Database, workspaceId: string, id: string): Promise<boolean> {
  return (await cancel.run(tx, [workspaceId, id, EXPORT_DAYS])).length > 0;
}

/** Files, and what is said about those that failed, are kept this long. */
export const EXPORT_DAYS = 7;

export function presentExport(row: ExportRow): ReportExport {
  const { id, campaign_id, campaign_name, format, state, rows, expected, size, failure, created_by: createdBy } = row;
  return {
    id, campaign: { id: campaign_id, name: campaign_name }, format, state, rows, expected, size, failure, createdBy,
    createdAt: row.created_at.toISOString(), finishedAt: row.finished_at?.toISOString() ?? null, expiresAt: row.expires_at?.toISOString() ?? null,
  };
}

const columns = "workspace_id, id, campaign_id, campaign_name, format, state, rows, expected, size::float8 as size, failure, created_by, created_at, finished_at, expires_at, runner, attempts";

const find = statement<ExportRow>(
  "report_exports_find",
  `select ${columns} from report_exports where workspace_id = $1 and id::text = $2 and (expires_at is null or expires_at > now())`,
);

const list = statement<ExportRow>(
  "report_exports_list",
  `select ${columns} from report_exports
   where workspace_id = $1 and (expires_at is null or expires_at > now()) and ($2::text is null or campaign_name ilike $2) and ($3::uuid is null or id < $3)
   order by id desc limit $4`,
);

const insert = statement(
  "report_exports_insert",
  `insert into report_exports (workspace_id, id, campaign_id, campaign_name, format, expected, created_by) values ($1, $2, $3, $4, $5, $6, $7)`,
);

const cancel = statement<{ id: string }>(
  "report_exports_cancel",
  `update report_exports set state = 'cancelled', runner = null, finished_at = now(), expires_at = now() + make_interval(days => $3)
   where workspace_id = $1 and id = $2 and state in ('waiting', 'running') returning id`,
);
