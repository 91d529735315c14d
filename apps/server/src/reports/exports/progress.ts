/**
 * What a run writes about itself. Whoever works on an export holds its lease and its own mark (`runner`); it writes nothing more once the mark
 * or the state is another: the export was cancelled, somebody in it was deleted, or the lease ran out. An export is always begun from its
 * first row, so that a file is of one piece.
 */
import type { Database } from "../../database/connection.ts";
import type { Claim } from "../../database/job-thread.ts";
import { statement } from "../../database/statement.ts";
import { EXPORT_DAYS, type ExportRow } from "./store.ts";

/** Longer than a page ever takes, short enough to begin again soon after a crash. */
const LEASE_SECONDS = 15;
/** Begun this often without an end, it is given up. */
export const MOST_ATTEMPTS = 4;

/** Exports that nobody works on and somebody should, of every workspace, oldest first. */
export async function waitingExports(db: Database, limit: number): Promise<{ workspace_id: string; id: string }[]> {
  return waiting.run(db, [limit]);
}

/** Takes the export up; undefined when somebody else has it, or when it was given up just now. */
export async function claimExport(db: Database, { workspaceId, id, runner }: Claim): Promise<ExportRow | undefined> {
  const [row] = await claim.run(db, [workspaceId, id, runner, LEASE_SECONDS]);
  if (row === undefined || row.attempts <= MOST_ATTEMPTS) return row;
  await failExport(db, { workspaceId, id, runner }, "It could not be made, after several attempts. The server's log says why.");
  return undefined;
}

/** Notes how many rows are written and renews the lease. Answers false when the export is no longer this runner's to work on. */
export async function noteRows(db: Database, { workspaceId, id, runner }: Claim, rows: number): Promise<boolean> {
  return (await note.run(db, [workspaceId, id, runner, rows, LEASE_SECONDS])).length > 0;
}

export async function finishExport(db: Database, { workspaceId, id, runner }: Claim, size: number): Promise<boolean> {
  return (await finish.run(db, [workspaceId, id, runner, "done", size, null, EXPORT_DAYS])).length > 0;
}

export async function failExport(db: Database, { workspaceId, id, runner }: Claim, failure: string): Promise<void> {
  await finish.run(db, [workspaceId, id, runner, "failed", null, failure, EXPORT_DAYS]);
}

/** Gives the export back, to be begun again. Only a stop of the process does not count as an attempt. */
export async function releaseExport(db: Database, { workspaceId, id, runner }: Claim, why: "stopping" | "error"): Promise<void> {
  await release.run(db, [workspaceId, id, runner, why === "stopping"]);
}

const waiting = statement<{ workspace_id: string; id: string }>(
  "report_exports_waiting",
  `select workspace_id, id from report_exports where state in ('waiting', 'running') and lease_until < now() order by id limit $1`,
);

const claim = statement<ExportRow>(
  "report_exports_claim",
  `update report_exports set state = 'running', runner = $3, rows = 0, attempts = attempts + 1, lease_until = now() + make_interval(secs => $4)
   where workspace_id = $1 and id = $2 and state in ('waiting', 'running') and lease_until < now() returning *`,
);

const note = statement<{ id: string }>(
  "report_exports_note",
  `update report_exports set rows = $4, lease_until = now() + make_interval(secs => $5)
   where workspace_id = $1 and id = $2 and runner = $3 and state = 'running' returning id`,
);

const finish = statement<{ id: string }>(
  "report_exports_finish",
  `update report_exports set state = $4, size = $5, failure = $6, runner = null, finished_at = now(), expires_at = now() + make_interval(days => $7)
   where workspace_id = $1 and id = $2 and runner = $3 and state = 'running' returning id`,
);

/** After an error the next attempt waits a little. */
const release = statement(
  "report_exports_release",
  `update report_exports set state = 'waiting', runner = null, attempts = case when $4::boolean then attempts - 1 else attempts end,
     lease_until = case when $4::boolean then '-infinity' else now() + interval '5 seconds' end
   where workspace_id = $1 and id = $2 and runner = $3 and state = 'running'`,
);
