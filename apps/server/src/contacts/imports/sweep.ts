/** Takes away what nobody came back for: drafts that were never run, and files whose import has ended. */
import { readdir, stat } from "node:fs/promises";
import path from "node:path";
import { sql } from "kysely";
import type { Database } from "../../database/connection.ts";
import { importsFolder, removeFile } from "./files.ts";

const DRAFT_DAYS = 7;
/** A younger file may be on its way in, without a row yet. */
const FILE_HOURS = 24;

/** Cancels old drafts and removes the files of this machine that no import will read any more; answers how many files. */
export async function sweepImports(db: Database, dataDir: string, now = Date.now()): Promise<number> {
  await db
    .updateTable("imports")
    .set({ state: "cancelled", finished_at: sql<Date>`now()` })
    .where("state", "in", ["draft", "checked"])
    .where("created_at", "<", new Date(now - DRAFT_DAYS * 86_400_000))
    .execute();
  let removed = 0;
  const folder = importsFolder(dataDir);
  for (const workspaceId of await readdir(folder).catch(() => [])) {
    const names = await readdir(path.join(folder, workspaceId));
    const needed = new Set(await stillNeeded(db, workspaceId));
    for (const name of names) {
      const file = path.join(folder, workspaceId, name);
      if (needed.has(name.slice(0, 36)) || (await stat(file)).mtimeMs > now - FILE_HOURS * 3_600_000) continue;
      await removeFile(file);
      removed++;
    }
  }
  return removed;
}

async function stillNeeded(db: Database, workspaceId: string): Promise<string[]> {
  const rows = await db
    .selectFrom("imports")
    .select("id")
    .where(sql`workspace_id::text`, "=", workspaceId)
    .where("state", "in", ["draft", "checked", "checking", "running"])
    .execute();
  return rows.map(({ id }) => id);
}
