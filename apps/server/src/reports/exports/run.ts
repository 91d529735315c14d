/** Makes one export: claimed, written page by page with its progress noted, and finished; or given back, or left to whoever has it now. */
import { rename } from "node:fs/promises";
import type { Database } from "../../database/connection.ts";
import type { Claim } from "../../database/job-thread.ts";
import { exportFile, removeParts } from "./files.ts";
import { claimExport, failExport, finishExport, MOST_ATTEMPTS, noteRows, releaseExport } from "./progress.ts";
import { messagePages } from "./rows.ts";
import { writeExport } from "./write.ts";

export interface RunDeps {
  db: Database;
  dataDir: string;
  /** Leave the export to others after the page that is being written. */
  stopping(): boolean;
  /** Something about it is different now. */
  moved(workspaceId: string): void;
  /** What went wrong, for the log. */
  failed(cause: unknown): void;
}

/** While DuckDB works, nothing else renews the lease. */
const RENEW_MS = 3_000;

class NotOurs extends Error {}
class Stopping extends Error {}

export async function runExport(deps: RunDeps, mine: Claim): Promise<void> {
  const { db, dataDir, moved, failed } = deps;
  const row = await claimExport(db, mine);
  if (row === undefined) return;
  const file = exportFile(dataDir, row);
  // Of runners that died; one that only lost its lease notices by this, or by its next page.
  await removeParts(file);
  // Two runners never write the same file.
  const part = `${file}.${mine.runner}`;
  let written = 0;
  const renewing = setInterval(() => void noteRows(db, mine, written).catch(() => {}), RENEW_MS);
  const rows = async function* (): AsyncGenerator<string[]> {
    for await (const page of messagePages(db, mine.workspaceId, { id: row.campaign_id, name: row.campaign_name })) {
      yield* page;
      written += page.length;
      if (!(await noteRows(db, mine, written))) throw new NotOurs();
      if (deps.stopping()) throw new Stopping();
      moved(mine.workspaceId);
    }
  };
  try {
    const size = await writeExport(part, row.format, rows());
    if (!(await noteRows(db, mine, written))) throw new NotOurs();
    await rename(part, file);
    // Cancelled at the last moment, or somebody in it was deleted: then the sweep, or who begins it again, takes the file away.
    if (!(await finishExport(db, mine, size))) throw new NotOurs();
  } catch (cause) {
    await giveUp(cause);
  } finally {
    clearInterval(renewing);
    moved(mine.workspaceId);
  }

  async function giveUp(cause: unknown): Promise<void> {
    await removeParts(file, mine.runner);
    if (cause instanceof NotOurs) return;
    if (cause instanceof Stopping) return releaseExport(db, mine, "stopping");
    failed(cause);
    if (isDiskFull(cause)) return failExport(db, mine, "The server's disk is full.");
    if (row!.attempts >= MOST_ATTEMPTS) return failExport(db, mine, "It could not be made, after several attempts. The server's log says why.");
    await releaseExport(db, mine, "error");
  }
}

function isDiskFull(cause: unknown): boolean {
  return cause instanceof Error && "code" in cause && cause.code === "ENOSPC";
}
