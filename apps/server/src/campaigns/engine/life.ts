/** What people do to a run, each in the transaction of the campaign's own change. What the engine does to it is in finish.ts. */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { signalLanesOnCommit } from "../../lanes/signals.ts";
import { pauseOrigins } from "../../ledger/paused-origins.ts";

/** Nothing of the run leaves any more: it is not planned on, its messages stay in the outbox, and lanes give back what they hold of it. */
export async function pauseRun(tx: Database, workspaceId: string, runId: string): Promise<void> {
  const [run] = await pause.run(tx, [workspaceId, runId]);
  if (run) await holdBack(tx, workspaceId, runId, run.provider);
}

/** It goes on where it was: the engine takes it up, and lets its messages go (let-go.ts). */
export async function resumeRun(tx: Database, workspaceId: string, runId: string): Promise<void> {
  await resume.run(tx, [workspaceId, runId]);
}

/** Nothing of it leaves any more; the engine clears away what waits, and then the run has ended. */
export async function stopRun(tx: Database, workspaceId: string, runId: string): Promise<void> {
  const [run] = await stop.run(tx, [workspaceId, runId, "stopped", null]);
  if (run) await holdBack(tx, workspaceId, runId, run.provider);
}

/** As stopRun, because it cannot go on; `reason` is in words for people. */
export async function failRun(tx: Database, workspaceId: string, runId: string, reason: string): Promise<void> {
  const [run] = await stop.run(tx, [workspaceId, runId, "failed", reason]);
  if (run) await holdBack(tx, workspaceId, runId, run.provider);
}

export async function cellIds(db: Database, workspaceId: string, runId: string): Promise<string[]> {
  return (await cells.run(db, [workspaceId, runId])).map((row) => row.id);
}

async function holdBack(tx: Database, workspaceId: string, runId: string, provider: string): Promise<void> {
  await pauseOrigins(tx, workspaceId, await cellIds(tx, workspaceId, runId));
  await signalLanesOnCommit(tx, "recall", [provider]);
}

const cells = statement<{ id: string }>("engine_cells", `select id from campaign_cells where workspace_id = $1 and run_id = $2 order by id`);

/** Without its owner's mark, a batch under way finds that the run is no longer its own. */
const pause = statement<{ provider: string }>(
  "engine_pause_run",
  `update campaign_runs set state = 'paused', paused_at = now(), owner = null, lease_until = '-infinity', per_second = null
   where workspace_id = $1 and id = $2 and state in ('waiting', 'running')
   returning definition ->> 'provider' as provider`,
);

/** A test goes on as long as it still had to when it was paused. One that had not begun has all its time from when it does (leases.ts). */
const resume = statement(
  "engine_resume_run",
  `update campaign_runs set state = case when started_at is null then 'waiting' else 'running' end, idle_until = null, paused_at = null,
     decides_at = case when started_at is null or winner is not null or paused_at is null then decides_at else decides_at + (now() - paused_at) end
   where workspace_id = $1 and id = $2 and state = 'paused'`,
);

const stop = statement<{ provider: string }>(
  "engine_stop_run",
  `update campaign_runs set state = $3, reason = coalesce($4, reason), owner = null, lease_until = '-infinity', resume_at = null, idle_until = null, per_second = null
   where workspace_id = $1 and id = $2 and state in ('waiting', 'running', 'paused')
   returning definition ->> 'provider' as provider`,
);
