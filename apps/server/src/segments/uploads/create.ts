/** From a file that comes in to one that waits to be read: kept as UTF-8, its column found. */
import type { Readable } from "node:stream";
import type { ContactListUpload, ContactListUploadQuery } from "@tincan/api";
import { FileTooLong, storeAsUtf8, UnreadableFile } from "../../contacts/imports/encoding.ts";
import { makeFolderOf, removeFile } from "../../contacts/imports/files.ts";
import { clean, preview } from "../../contacts/imports/preview.ts";
import type { Database } from "../../database/connection.ts";
import { tellOnCommit } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Actor } from "../../http/actor.ts";
import { ApiError } from "../../http/errors.ts";
import { presentUpload, requireList, type ListRow } from "../lists-store.ts";
import type { UploadSettings } from "../tables.ts";
import { uploadFile } from "./files.ts";

export interface UploadDeps {
  db: Database;
  dataDir: string;
  mostBytes: number;
}

const LONGEST_FILE_NAME = 200;

/** Throws ApiError for a file that cannot be read; nothing of it is kept then, and the list is as it was. */
export async function createUpload(deps: UploadDeps, actor: Actor, list: ListRow, upload: { name: string; stream: Readable }, query: ContactListUploadQuery): Promise<ContactListUpload> {
  const { workspaceId } = actor;
  const id = uuidv7();
  const file = uploadFile(deps.dataDir, { workspace_id: workspaceId, id });
  await makeFolderOf(file);
  try {
    const { size } = await storeAsUtf8(upload.stream, file, deps.mostBytes);
    const { names, delimiter, headerEnd } = await preview(file);
    const { by, createMissing = false } = query;
    const settings: UploadSettings = { by, createMissing, delimiter, column: columnOf(names, query.column), country: await countryOf(deps.db, workspaceId, query.country) };
    return await deps.db.transaction().execute(async (tx) => {
      await requireList(tx, workspaceId, list.id);
      const row = await tx
        .insertInto("list_uploads")
        .values({
          workspace_id: workspaceId, list_id: list.id, id, file_name: clean(upload.name).slice(0, LONGEST_FILE_NAME) || "people.csv", mode: query.mode ?? "add",
          uploaded_by: actor.name, uploaded_at: new Date(), actor: JSON.stringify(actor), settings: JSON.stringify(settings),
          stored_size: size, header_end: headerEnd, next_byte: headerEnd,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await tellOnCommit(tx, workspaceId, "segments");
      return presentUpload(row);
    });
  } catch (cause) {
    await removeFile(file);
    if (cause instanceof UnreadableFile) throw new ApiError("import_file_unusable", { field: "file", detail: cause.message });
    if (cause instanceof FileTooLong) throw new ApiError("import_file_too_large", { field: "file", detail: `At most ${Math.floor(deps.mostBytes / 1_000_000)} MB are taken.` });
    throw cause;
  }
}

function columnOf(names: readonly string[], wanted: string | undefined): number {
  if (wanted === undefined) return 0;
  const index = names.findIndex((name) => name.toLowerCase() === wanted.trim().toLowerCase());
  if (index === -1) throw new ApiError("invalid_input", { field: "column", expected: `one of ${names.slice(0, 20).join(", ")}`, detail: `The file has no column "${wanted}".` });
  return index;
}

async function countryOf(db: Database, workspaceId: string, given: string | undefined): Promise<string | null> {
  if (given !== undefined) return given;
  const row = await db.selectFrom("consent_settings").select("default_country").where("workspace_id", "=", workspaceId).executeTakeFirst();
  return row?.default_country ?? null;
}
