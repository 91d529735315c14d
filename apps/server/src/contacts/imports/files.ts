/** Where uploaded files are kept: {DATA_DIR}/imports/{workspace}/{import}.csv, until the import has ended. */
import { mkdir, rm } from "node:fs/promises";
import path from "node:path";

export function importsFolder(dataDir: string): string {
  return path.join(dataDir, "imports");
}

export function importFile(dataDir: string, { workspace_id: workspaceId, id }: { workspace_id: string; id: string }): string {
  return path.join(importsFolder(dataDir), workspaceId, `${id}.csv`);
}

export async function makeFolderOf(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
}

export async function removeFile(file: string): Promise<void> {
  await rm(file, { force: true });
}
