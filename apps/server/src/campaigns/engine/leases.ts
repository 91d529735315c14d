/**
 * Who works on which run. One process at a time owns a run by a lease and its own mark (`owner`); every batch locks the row and looks for the
 * mark, so whoever lost it can store nothing more. These statements look over all workspaces for work, like those of the lanes.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { RunRow } from "../types.ts";

/** Longer than a batch ever takes, short enough to go on soon after a crash. */
export const LEASE_SECONDS = 8;

export interface RunKey {
  workspaceId: string;
  id: string;
}

/** A run in the hands of one process. */
export interface Mine extends RunKey {
  owner: string;
}

export interface DueRun {
  workspace_id: string;
  id: string;
  live: boolean;
}

/** Runs that nobody works on and somebody should; whoever has waited longest comes first. */
export function dueRuns(db: Database, limit: number): Promise<DueRun[]> {
  return due.run(db, [limit]);
}

/** Takes the run up; undefined when somebody else has it or there is nothing to do any more. */
export async function takeRun(db: Database, { workspaceId, id, owner }: Mine): Promise<RunRow | undefined> {
  const [row] = await take.run(db, [workspaceId, id, owner, LEASE_SECONDS]);
  return row;
}

/** Locks the run's row until the transaction ends; undefined when it is no longer ours, or was paused, stopped or ended. `now` is the database's clock. */
export async function holdRun(tx: Database, { workspaceId, id, owner }: Mine): Promise<(RunRow & { now: Date }) | undefined> {
  return (await hold.run(tx, [workspaceId, id, owner]))[0];
}

/** Holds on to runs on which a batch takes long. */
export async function renewRuns(db: Database, owner: string, ids: string[]): Promise<void> {
  await renew.run(db, [owner, ids, LEASE_SECONDS]);
}

/** When the run is to be looked at again: not before `resumeAt` in any case, or not before `idleUntil` unless somebody's time comes. */
export interface Rest {
  resumeAt?: Date | undefined;
  idleUntil?: Date | undefined;
  /** Shown to people as long as it rests. */
  reason?: string | undefined;
}

/** Lets go of the run, for anybody to take up when its rest is over. */
export async function restRun(db: Database, { workspaceId, id, owner }: Mine, { resumeAt, idleUntil, reason }: Rest): Promise<void> {
  await rest.run(db, [workspaceId, id, owner, resumeAt ?? null, idleUntil ?? null, reason ?? null]);
}

/** By campaign_runs_open. A run that was stopped or failed is due until the rest of it has been cleared away. */
const due = statement<DueRun>(
  "engine_due_runs",
  `select r.workspace_id, r.id, r.live from campaign_runs r
   where r.ended_at is null and r.due_at <= now() and r.state <> 'paused' and r.lease_until < clock_timestamp() and (r.resume_at is null or r.resume_at <= now())
     and (r.state <> 'running' or r.idle_until is null or r.idle_until <= now()
       or exists (select from campaign_people p where p.workspace_id = r.workspace_id and p.run_id = r.id and p.state = 'waiting' and p.due_at <= now()))
   order by coalesce(r.resume_at, r.idle_until, r.due_at) limit $1`,
);

/** A test has all its time from when the run begins, which may be long after it was due: it was paused, or no server was there. */
const take = statement<RunRow>(
  "engine_take_run",
  `update campaign_runs
   set owner = $3, lease_until = clock_timestamp() + make_interval(secs => $4), resume_at = null, idle_until = null,
     decides_at = case when started_at is null then decides_at + (now() - due_at) else decides_at end,
     state = case when state = 'waiting' then 'running' else state end, started_at = coalesce(started_at, now()),
     reason = case when state in ('waiting', 'running') then null else reason end
   where workspace_id = $1 and id = $2 and ended_at is null and state <> 'paused' and lease_until < clock_timestamp() and (resume_at is null or resume_at <= now())
   returning *`,
);

const hold = statement<RunRow & { now: Date }>(
  "engine_hold_run",
  `select r.*, clock_timestamp() as now from campaign_runs r where workspace_id = $1 and id = $2 and owner = $3 and state = 'running' for update`,
);

const renew = statement("engine_renew_runs", `update campaign_runs set lease_until = clock_timestamp() + make_interval(secs => $3) where owner = $1 and id = any ($2::uuid[])`);

const rest = statement(
  "engine_rest_run",
  `update campaign_runs set owner = null, lease_until = '-infinity', resume_at = $4, idle_until = $5, reason = coalesce($6, reason)
   where workspace_id = $1 and id = $2 and owner = $3`,
);
