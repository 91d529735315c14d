/**
 * What a run writes about itself. Whoever reads a file holds its lease and has its own mark (`runner`) in the row; each batch is stored together
 * with the place it reached, on the condition that the mark is still there. So a row counts once, whoever dies on the way.
 */
import type { Database } from "../../database/connection.ts";
import type { Claim } from "../../database/job-thread.ts";
import { statement } from "../../database/statement.ts";
import type { UploadCounts, UploadRow } from "../lists-store.ts";

/** Longer than a batch ever takes, short enough to go on soon after a crash. */
const LEASE_SECONDS = 10;
/** Taken up this often without coming further, a file is given up. */
const MOST_ATTEMPTS = 5;

/** Files that nobody reads and somebody should, of every workspace, oldest first. By list_uploads_at_work. */
export async function waitingUploads(db: Database, limit: number): Promise<{ workspace_id: string; id: string }[]> {
  return waiting.run(db, [limit]);
}

/** Takes the file up; undefined when somebody else has it, or when it was given up just now. */
export async function claimUpload(db: Database, mine: Claim): Promise<UploadRow | undefined> {
  const [row] = await claim.run(db, [mine.workspaceId, mine.id, mine.runner, LEASE_SECONDS]);
  if (row === undefined || row.attempts <= MOST_ATTEMPTS) return row;
  await failUpload(db, mine, `The rows after row ${row.last_row} could not be stored, after several attempts. The server's log says why.`);
  return undefined;
}

/** Notes how far the file is read and renews the lease. Answers false when it is no longer this runner's to read. */
export async function noteBatch(tx: Database, { workspaceId, id, runner }: Claim, place: { byte: number; row: number }, counts: UploadCounts): Promise<boolean> {
  const { rows, matched, added, created, unmatched } = counts;
  return (await note.run(tx, [workspaceId, id, runner, place.byte, place.row, rows, matched, added, created, unmatched, LEASE_SECONDS])).length > 0;
}

/** Ends it; undefined when it is no longer this runner's. Files before it are forgotten with their unmatched rows. */
export async function finishUpload(tx: Database, { workspaceId, id, runner }: Claim, removed: number): Promise<UploadRow | undefined> {
  const [row] = await finish.run(tx, [workspaceId, id, runner, removed]);
  if (row) await forgetOthers.run(tx, [workspaceId, row.list_id, id]);
  return row;
}

export async function failUpload(db: Database, { workspaceId, id, runner }: Claim, failure: string): Promise<void> {
  await fail.run(db, [workspaceId, id, runner, failure]);
}

/** Gives the file back, for anybody to go on with at once. */
export async function releaseUpload(db: Database, { workspaceId, id, runner }: Claim): Promise<void> {
  await release.run(db, [workspaceId, id, runner]);
}

const waiting = statement<{ workspace_id: string; id: string }>(
  "list_uploads_waiting",
  `select workspace_id, id from list_uploads where state = 'running' and lease_until < now() order by id limit $1`,
);

const claim = statement<UploadRow>(
  "list_uploads_claim",
  `update list_uploads set runner = $3, attempts = attempts + 1, lease_until = now() + make_interval(secs => $4)
   where workspace_id = $1 and id = $2 and state = 'running' and lease_until < now() returning *`,
);

const note = statement<{ id: string }>(
  "list_uploads_note",
  `update list_uploads set next_byte = $4, last_row = $5, rows = $6, matched = $7, added = $8, created = $9, unmatched = $10, attempts = 0,
     lease_until = now() + make_interval(secs => $11)
   where workspace_id = $1 and id = $2 and runner = $3 and state = 'running' returning id`,
);

const finish = statement<UploadRow>(
  "list_uploads_finish",
  `update list_uploads set state = 'done', runner = null, removed = $4, next_byte = stored_size
   where workspace_id = $1 and id = $2 and runner = $3 and state = 'running' returning *`,
);

const forgetOthers = statement("list_uploads_forget_others", `delete from list_uploads where workspace_id = $1 and list_id = $2 and id <> $3 and state <> 'running'`);

const fail = statement(
  "list_uploads_fail",
  `update list_uploads set state = 'failed', runner = null, failure = $4 where workspace_id = $1 and id = $2 and runner = $3 and state = 'running'`,
);

const release = statement(
  "list_uploads_release",
  `update list_uploads set runner = null, attempts = 0, lease_until = '-infinity' where workspace_id = $1 and id = $2 and runner = $3 and state = 'running'`,
);
