/** Saved segments as rows. */
import { UUID, type Segment, type SegmentQuery } from "@tincan/api";
import { sql, type Selectable } from "kysely";
import type { Database } from "../database/connection.ts";
import type { Schema } from "../database/schema.ts";
import { namedIn } from "./uses.ts";
import "./tables.ts";

export type SegmentRow = Selectable<Schema["segments"]>;

export async function findSegments(db: Database, workspaceId: string, ids: readonly string[]): Promise<SegmentRow[]> {
  const known = ids.filter((id) => UUID.test(id));
  if (known.length === 0) return [];
  const rows = new Map((await db.selectFrom("segments").selectAll().where("workspace_id", "=", workspaceId).where("id", "in", known).execute()).map((row) => [row.id, row]));
  return known.flatMap((id) => rows.get(id) ?? []);
}

export async function insertSegment(tx: Database, workspaceId: string, segment: { id: string; name: string; description: string; query: SegmentQuery; createdBy: string }): Promise<void> {
  const { id, name, description, query, createdBy } = segment;
  await tx.insertInto("segments").values({ workspace_id: workspaceId, id, name, description, created_by: createdBy, ...stored(query) }).execute();
}

/** A new query is not counted yet. */
export async function updateSegment(tx: Database, workspaceId: string, id: string, change: { name?: string; description?: string; query?: SegmentQuery }): Promise<void> {
  const { name, description, query } = change;
  await tx
    .updateTable("segments")
    .set({
      ...(name !== undefined && { name }), ...(description !== undefined && { description }), ...(query !== undefined && { ...stored(query), count: null, counted_at: null }),
      updated_at: sql<Date>`now()`,
    })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .execute();
}

/** Remembers a count, unless the query was changed while it was being made. */
export async function rememberCount(db: Database, row: SegmentRow, count: number, at: Date): Promise<void> {
  await db
    .updateTable("segments")
    .set({ count, counted_at: at })
    .where("workspace_id", "=", row.workspace_id)
    .where("id", "=", row.id)
    .where("query", "=", sql<SegmentRow["query"]>`${JSON.stringify(row.query)}::jsonb`)
    .execute();
}

export async function setArchived(tx: Database, workspaceId: string, id: string, archived: boolean): Promise<void> {
  await tx.updateTable("segments").set({ archived_at: archived ? sql<Date>`now()` : null }).where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

export async function deleteSegment(tx: Database, workspaceId: string, id: string): Promise<void> {
  await tx.deleteFrom("segments").where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

export function presentSegment(row: SegmentRow): Segment {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    query: row.query,
    count: row.count,
    countedAt: row.counted_at?.toISOString() ?? null,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

function stored(query: SegmentQuery): { query: string; segment_ids: string[]; list_ids: string[] } {
  const { segmentIds, listIds } = namedIn(query);
  return { query: JSON.stringify(query), segment_ids: segmentIds, list_ids: listIds };
}
