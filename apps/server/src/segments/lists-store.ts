/** Custom lists as rows, with what their last file brought. */
import { UUID, type ContactList, type ContactListUpload } from "@tincan/api";
import { sql, type Selectable } from "kysely";
import type { Database } from "../database/connection.ts";
import type { Schema } from "../database/schema.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import { countMembers } from "./members.ts";
import "./tables.ts";

export type ListRow = Selectable<Schema["contact_lists"]>;
export type UploadRow = Selectable<Schema["list_uploads"]>;

export async function findLists(db: Database, workspaceId: string, ids: readonly string[]): Promise<ListRow[]> {
  const known = ids.filter((id) => UUID.test(id));
  if (known.length === 0) return [];
  const rows = new Map((await db.selectFrom("contact_lists").selectAll().where("workspace_id", "=", workspaceId).where("id", "in", known).execute()).map((row) => [row.id, row]));
  return known.flatMap((id) => rows.get(id) ?? []);
}

export async function insertList(tx: Database, workspaceId: string, list: { id: string; name: string; description: string; createdBy: string }): Promise<void> {
  await tx.insertInto("contact_lists").values({ workspace_id: workspaceId, id: list.id, name: list.name, description: list.description, created_by: list.createdBy }).execute();
}

export async function updateList(tx: Database, workspaceId: string, id: string, change: { name?: string; description?: string }): Promise<void> {
  await tx.updateTable("contact_lists").set({ ...change, updated_at: sql<Date>`now()` }).where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

/** Its uploads go with it by themselves; take its members off first. */
export async function deleteList(tx: Database, workspaceId: string, id: string): Promise<void> {
  await tx.deleteFrom("contact_lists").where("workspace_id", "=", workspaceId).where("id", "=", id).execute();
}

/** Answers whether the list is there; it stays until the transaction ends. */
export async function holdList(tx: Database, workspaceId: string, id: string): Promise<boolean> {
  return (await hold.run(tx, [workspaceId, id])).length > 0;
}

/** Throws ApiError `list_not_found`; a list that is there stays until the transaction ends. */
export async function requireList(tx: Database, workspaceId: string, id: string): Promise<void> {
  if (!(await holdList(tx, workspaceId, id))) throw new ApiError("list_not_found");
}

export type UploadCounts = Pick<UploadRow, "rows" | "matched" | "added" | "removed" | "created" | "unmatched">;

export async function presentLists(db: Database, workspaceId: string, rows: readonly ListRow[]): Promise<ContactList[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const members = await countMembers(db, workspaceId, ids);
  const uploads = await db.selectFrom("list_uploads").selectAll().where("workspace_id", "=", workspaceId).where("list_id", "in", ids).orderBy("id").execute();
  const last = new Map(uploads.map((upload) => [upload.list_id, upload]));
  return rows.map((row) => {
    const upload = last.get(row.id);
    return {
      id: row.id,
      name: row.name,
      description: row.description,
      members: members.get(row.id) ?? 0,
      lastUpload: upload ? presentUpload(upload) : null,
      createdBy: row.created_by,
      createdAt: row.created_at.toISOString(),
      updatedAt: row.updated_at.toISOString(),
    };
  });
}

export function presentUpload(row: UploadRow): ContactListUpload {
  const { rows, matched, added, removed, created, unmatched } = row;
  return {
    id: row.id, fileName: row.file_name, mode: row.mode, state: row.state, failure: row.failure, bytesRead: row.next_byte - row.header_end, bytesTotal: row.stored_size - row.header_end,
    rows, matched, added, removed, created, unmatched, uploadedBy: row.uploaded_by, uploadedAt: row.uploaded_at.toISOString(),
  };
}

const hold = statement<{ id: string }>("lists_hold", `select id from contact_lists where workspace_id = $1 and id = $2 for key share`);
