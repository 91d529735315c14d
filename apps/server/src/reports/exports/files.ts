/** Where exports are kept: {DATA_DIR}/exports/{workspace}/{export}.csv or .parquet, until they expire. */
import { mkdir, readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { ReportExport } from "@tincan/api";

export interface ExportFile {
  workspace_id: string;
  id: string;
  format: ReportExport["format"];
}

export function exportsFolder(dataDir: string): string {
  return path.join(dataDir, "exports");
}

export function exportFile(dataDir: string, { workspace_id: workspaceId, id, format }: ExportFile): string {
  return path.join(exportsFolder(dataDir), workspaceId, `${id}.${format}`);
}

/** Makes the folder of a file, for its owner alone. */
export async function makeFolderOf(file: string): Promise<void> {
  await mkdir(path.dirname(file), { recursive: true, mode: 0o700 });
}

/** Removes what the making of an export left unfinished: all of it, or what one runner wrote. */
export async function removeParts(file: string, runner = ""): Promise<void> {
  const [folder, beginning] = [path.dirname(file), `${path.basename(file)}.${runner}`];
  for (const name of await readdir(folder).catch(() => [])) if (name.startsWith(beginning)) await rm(path.join(folder, name), { force: true, recursive: true });
}
