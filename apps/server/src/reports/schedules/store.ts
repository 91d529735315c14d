/** Scheduled reports as rows. */
import type { ListQuery, ReportSchedule, ReportScheduleInput } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { escapeLike } from "../../database/like.ts";
import { statement } from "../../database/statement.ts";
import { ApiError } from "../../http/errors.ts";
import { pageOf, readCursor } from "../../http/paging.ts";
import "../tables.ts";
import { maskedUrl, type Webhook } from "./webhook.ts";

export type ScheduleDefinition = Omit<ReportScheduleInput, "name">;

export interface ScheduleRow {
  workspace_id: string;
  id: string;
  name: string;
  /** A webhook's address stands here without its path. */
  definition: ScheduleDefinition;
  /** See webhook.ts. */
  secret: Buffer | null;
  due_at: Date;
  try_at: Date;
  attempts: number;
  last_at: Date | null;
  last_failure: string | null;
  created_by: string;
}

/** Throws ApiError `report_schedule_not_found`. */
export async function findSchedule(db: Database, workspaceId: string, id: string): Promise<ScheduleRow> {
  const [row] = await find.run(db, [workspaceId, id]);
  if (!row) throw new ApiError("report_schedule_not_found");
  return row;
}

/** Newest first. */
export async function listSchedules(db: Database, workspaceId: string, { limit = 50, after, q }: ListQuery): Promise<{ items: ScheduleRow[]; next: string | null }> {
  const [afterId = null] = readCursor(after, ["id"]) ?? [];
  const rows = await list.run(db, [workspaceId, q ? `%${escapeLike(q)}%` : null, afterId, limit + 1]);
  return pageOf(rows, limit, { item: (row) => row, key: (row) => [row.id] });
}

export async function insertSchedule(tx: Database, row: Pick<ScheduleRow, "workspace_id" | "id" | "name" | "definition" | "secret" | "due_at" | "created_by">): Promise<void> {
  await insert.run(tx, [row.workspace_id, row.id, row.name, JSON.stringify(row.definition), row.secret, row.due_at, row.created_by]);
}

/** Replaces it; a delivery under way no longer counts. */
export async function replaceSchedule(tx: Database, row: Pick<ScheduleRow, "workspace_id" | "id" | "name" | "definition" | "secret" | "due_at">): Promise<void> {
  await replace.run(tx, [row.workspace_id, row.id, row.name, JSON.stringify(row.definition), row.secret, row.due_at]);
}

export async function deleteSchedule(tx: Database, workspaceId: string, id: string): Promise<void> {
  await remove.run(tx, [workspaceId, id]);
}

/** What became of one that was sent by hand; its times stay. */
export async function noteSent(db: Database, workspaceId: string, id: string, failure: string | null): Promise<void> {
  await sent.run(db, [workspaceId, id, failure]);
}

/** `webhook` for those who may see it; others see its host. */
export function presentSchedule({ id, name, definition, try_at, last_at, last_failure, created_by }: ScheduleRow, webhook: Webhook | null): ReportSchedule {
  const to = definition.to.kind === "webhook" ? { ...definition.to, url: webhook?.url ?? maskedUrl(definition.to.url) } : definition.to;
  return { id, name, ...definition, to, secret: webhook?.key ?? null, nextAt: try_at.toISOString(), lastAt: last_at?.toISOString() ?? null, lastFailure: last_failure, createdBy: created_by };
}

const find = statement<ScheduleRow>("report_schedules_find", `select * from report_schedules where workspace_id = $1 and id::text = $2`);

const list = statement<ScheduleRow>(
  "report_schedules_list",
  `select * from report_schedules where workspace_id = $1 and ($2::text is null or name ilike $2) and ($3::uuid is null or id < $3) order by id desc limit $4`,
);

const insert = statement(
  "report_schedules_insert",
  `insert into report_schedules (workspace_id, id, name, definition, secret, due_at, try_at, created_by) values ($1, $2, $3, $4, $5, $6, $6, $7)`,
);

const replace = statement(
  "report_schedules_replace",
  `update report_schedules set name = $3, definition = $4, secret = $5, due_at = $6, try_at = $6, attempts = 0, last_failure = null, runner = null, lease_until = '-infinity'
   where workspace_id = $1 and id = $2`,
);

const remove = statement("report_schedules_delete", `delete from report_schedules where workspace_id = $1 and id = $2`);

const sent = statement(
  "report_schedules_note_sent",
  `update report_schedules set last_at = case when $3::text is null then now() else last_at end, last_failure = $3 where workspace_id = $1 and id = $2`,
);
