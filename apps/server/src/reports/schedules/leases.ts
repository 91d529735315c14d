/**
 * Who sends which report. One process at a time holds a schedule's lease; a report is sent between taking it and settling it, so a process that
 * dies in between may leave one that was sent and is sent again. These statements look over all workspaces, like those of the lanes.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { ScheduleRow } from "./store.ts";

/** Longer than a delivery may take. */
const LEASE_SECONDS = 90;
/** Minutes until the next try, after each failed one; then it is left for its next time. */
const PAUSES = [1, 5, 15, 60, 180];

/** Takes up to `limit` schedules whose time has come. */
export async function takeDue(db: Database, runner: string, limit: number): Promise<ScheduleRow[]> {
  return take.run(db, [runner, limit, LEASE_SECONDS]);
}

export async function settleSent(db: Database, { workspace_id, id }: ScheduleRow, runner: string, next: Date): Promise<void> {
  await settle.run(db, [workspace_id, id, runner, next, next, 0, null]);
}

/** Tries again after a while, unless its next time comes first or it was tried often enough. */
export async function settleFailed(db: Database, { workspace_id, id, due_at, attempts }: ScheduleRow, runner: string, next: Date, failure: string): Promise<void> {
  const pause = PAUSES[attempts];
  const again = pause === undefined ? null : new Date(Date.now() + pause * 60_000);
  const retries = again !== null && again < next;
  await settle.run(db, [workspace_id, id, runner, retries ? due_at : next, retries ? again : next, retries ? attempts + 1 : 0, failure]);
}

/** By report_schedules_due. */
const take = statement<ScheduleRow>(
  "report_schedules_take",
  `update report_schedules s set runner = $1, lease_until = now() + make_interval(secs => $3)
   from (select workspace_id, id from report_schedules where try_at <= now() and lease_until < now() order by try_at limit $2 for update skip locked) d
   where s.workspace_id = d.workspace_id and s.id = d.id returning s.*`,
);

const settle = statement(
  "report_schedules_settle",
  `update report_schedules set due_at = $4, try_at = $5, attempts = $6, last_failure = $7, last_at = case when $7::text is null then now() else last_at end,
     runner = null, lease_until = '-infinity'
   where workspace_id = $1 and id = $2 and runner = $3`,
);
