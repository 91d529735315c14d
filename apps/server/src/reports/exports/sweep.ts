/** Takes away exports that have expired, and files of this machine that nobody will ask for any more. */
import { readdir, rm } from "node:fs/promises";
import path from "node:path";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { exportsFolder } from "./files.ts";

/** Answers how many files were removed. */
export async function sweepExports(db: Database, dataDir: string): Promise<number> {
  await expire.run(db);
  const folder = exportsFolder(dataDir);
  let removed = 0;
  for (const workspaceId of await readdir(folder).catch(() => [])) {
    const names = await readdir(path.join(folder, workspaceId));
    const needed = new Set((await alive.run(db, [workspaceId])).map((row) => row.id));
    for (const name of names.filter((each) => !needed.has(each.slice(0, 36)))) {
      await rm(path.join(folder, workspaceId, name), { force: true, recursive: true });
      removed++;
    }
  }
  return removed;
}

/** Of every workspace, by report_exports_expiring. */
const expire = statement("report_exports_expire", `delete from report_exports where expires_at <= now()`);

const alive = statement<{ id: string }>("report_exports_alive", `select id from report_exports where workspace_id::text = $1 and state in ('waiting', 'running', 'done')`);
