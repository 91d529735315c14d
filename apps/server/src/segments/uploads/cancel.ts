/** Ends the reading of a file on somebody's word. What its rows brought by then stays, and a file that replaces has taken nobody off yet. */
import { UUID } from "@tincan/api";
import { audit } from "../../accounts/audit.ts";
import { removeFile } from "../../contacts/imports/files.ts";
import { tellOnCommit } from "../../database/live.ts";
import { statement } from "../../database/statement.ts";
import type { Actor } from "../../http/actor.ts";
import { ApiError } from "../../http/errors.ts";
import type { ListRow, UploadRow } from "../lists-store.ts";
import type { UploadDeps } from "./create.ts";
import { uploadFile } from "./files.ts";

/** Throws ApiError for a file that is not there or has ended already. */
export async function cancelUpload({ db, dataDir }: UploadDeps, actor: Actor, list: ListRow, id: string): Promise<UploadRow> {
  const { workspaceId } = actor;
  if (!UUID.test(id)) throw new ApiError("list_upload_not_found");
  const row = await db.transaction().execute(async (tx) => {
    const [cancelled] = await cancel.run(tx, [workspaceId, list.id, id]);
    if (!cancelled) throw new ApiError((await find.run(tx, [workspaceId, list.id, id])).length > 0 ? "list_upload_ended" : "list_upload_not_found");
    const { file_name: file, mode, rows, matched, added, created, unmatched } = cancelled;
    await audit(tx, actor, { action: "list.upload_cancelled", target: { kind: "list", id: list.id, name: list.name }, detail: { file, mode, rows, matched, added, created, unmatched } });
    await tellOnCommit(tx, workspaceId, "segments");
    return cancelled;
  });
  await removeFile(uploadFile(dataDir, row));
  return row;
}

/** Whoever reads it finds no mark at their next note. */
const cancel = statement<UploadRow>(
  "list_uploads_cancel",
  `update list_uploads set state = 'cancelled', runner = null where workspace_id = $1 and list_id = $2 and id = $3 and state = 'running' returning *`,
);

const find = statement<{ id: string }>("list_uploads_find", `select id from list_uploads where workspace_id = $1 and list_id = $2 and id = $3`);
