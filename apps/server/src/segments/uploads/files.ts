/** Where files for lists are kept: {DATA_DIR}/list-uploads/{workspace}/{upload}.csv, until they are read. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { removeFile } from "../../contacts/imports/files.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";

/** A younger file may be on its way in, without a row yet. */
const FILE_HOURS = 24;

export function uploadFile(dataDir: string, { workspace_id: workspaceId, id }: { workspace_id: string; id: string }): string {
  return path.join(dataDir, "list-uploads", workspaceId, `${id}.csv`);
}

/** Removes the files of this machine that nobody will read any more. */
export async function sweepUploads(db: Database, dataDir: string, now = Date.now()): Promise<void> {
  const folder = path.join(dataDir, "list-uploads");
  for (const workspaceId of await readdir(folder).catch(() => [])) {
    const names = await readdir(path.join(folder, workspaceId));
    const needed = new Set((await running.run(db, [workspaceId])).map((row) => row.id));
    for (const name of names) {
      const file = path.join(folder, workspaceId, name);
      if (!needed.has(name.slice(0, 36)) && (await stat(file)).mtimeMs <= now - FILE_HOURS * 3_600_000) await removeFile(file);
    }
  }
}

const running = statement<{ id: string }>("list_uploads_running", `select id from list_uploads where workspace_id::text = $1 and state = 'running'`);
