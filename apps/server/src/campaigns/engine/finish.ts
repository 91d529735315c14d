/** How a run ends: completed when nobody is left to reach, failed when it cannot go on, and cleared away when it was stopped or failed. */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { StatusListener } from "../../ledger/listeners.ts";
import { resumeOrigins } from "../../ledger/paused-origins.ts";
import { countOutbox, countReady, stopOrigins, waitsToLeave } from "../../ledger/stop-origins.ts";
import { awaitNextDate, finishCampaign } from "../due.ts";
import { endOf } from "../schedule.ts";
import { lockCampaign } from "../store.ts";
import type { RunRow } from "../types.ts";
import { holdRun, type Mine } from "./leases.ts";
import { cellIds, failRun } from "./life.ts";
import { dropWaiting } from "./outcomes.ts";

const AT_ONCE = 1_000;
const LOOK_AGAIN_MS = 1_000;
/** What waits for another try takes minutes or hours. */
const LOOK_LATER_MS = 10_000;

/**
 * Ends the run when it is done; else answers when to look again. When it waits only for people who are tried again (reactions/retry-capped.ts),
 * its campaign goes back to waiting for its next date, if it has one, as if the run had ended and been taken up again for them.
 */
export async function completeIfDone(db: Database, mine: Mine, run: RunRow, now: Date): Promise<"completed" | Date> {
  const { next, onlyRetries } = await nextTurn(db, run, now);
  const cells = await cellIds(db, run.workspace_id, run.id);
  // What is in a lane may have to be put off before anybody else's time comes.
  if (next !== null && !onlyRetries) return (await waitsToLeave(db, run.workspace_id, run.definition.provider, cells)) ? sooner(next, after(now, LOOK_LATER_MS)) : next;
  if ((await countReady(db, run.workspace_id, run.definition.provider, cells, 1)) > 0) return sooner(next, after(now, LOOK_AGAIN_MS));
  const { leaving, later } = await countOutbox(db, run.workspace_id, cells);
  if (leaving + later > 0) return sooner(next, after(now, leaving > 0 ? LOOK_AGAIN_MS : LOOK_LATER_MS));
  const done = await db.transaction().execute(async (tx) => {
    // The campaign first, as everybody does who changes both.
    await lockCampaign(tx, run.workspace_id, run.campaign_id);
    if (next !== null) {
      // Somebody may have paused it meanwhile.
      if (await holdRun(tx, mine)) await awaitNextDate(tx, run.workspace_id, run.campaign_id, run.id);
      return false;
    }
    const [ended] = await complete.run(tx, [run.workspace_id, run.id, mine.owner, now]);
    if (ended) await leave(tx, run, now);
    return ended !== undefined;
  });
  return done ? "completed" : (next ?? after(now, LOOK_AGAIN_MS));
}

/** When somebody's time comes, or the campaign's own; null when there is nobody left to wait for. `onlyRetries`: all who wait had a message that failed. */
async function nextTurn(db: Database, run: RunRow, now: Date): Promise<{ next: Date | null; onlyRetries: boolean }> {
  const [{ due_at: dueAt, held, first } = { due_at: null, held: false, first: false }] = await nextDue.run(db, [run.workspace_id, run.id]);
  const end = run.live ? endOf(run.definition.schedule) : null;
  const times = [dueAt, held ? (run.decides_at ?? after(now, LOOK_LATER_MS)) : null];
  if (run.live && (end === null || end > now)) times.push(end ?? after(now, 3_600_000));
  return { next: times.filter((time) => time !== null).reduce<Date | null>(sooner, null), onlyRetries: dueAt !== null && !held && !first && !run.live };
}

/** Ends it as failed, at once for everybody to see; what waits of it is cleared away afterwards. */
export async function fail(db: Database, mine: Mine, run: RunRow, reason: string, now: Date): Promise<void> {
  await db.transaction().execute(async (tx) => {
    await lockCampaign(tx, run.workspace_id, run.campaign_id);
    if (!(await holdRun(tx, mine))) return;
    await failRun(tx, run.workspace_id, run.id, reason);
    await finishCampaign(tx, run.workspace_id, run.campaign_id, now);
  });
}

/** Clears away what waits of a run that was stopped or has failed, a batch at a time. Answers when to look again, or that it has ended. */
export async function clearAway(db: Database, mine: Mine, run: RunRow, listeners: readonly StatusListener[], stopping: () => boolean): Promise<"ended" | Date> {
  const { workspace_id: workspaceId, definition } = run;
  const cells = await cellIds(db, workspaceId, run.id);
  for (let more = true; more; ) {
    if (stopping()) return new Date();
    more = await db.transaction().execute(async (tx) => {
      const dropped = await dropWaiting(tx, run, AT_ONCE);
      const stopped = await stopOrigins(tx, workspaceId, definition.provider, cells, AT_ONCE, listeners);
      return dropped + stopped > 0;
    });
  }
  const now = new Date();
  const { leaving, later } = await countOutbox(db, workspaceId, cells);
  if (leaving + later > 0) return after(now, leaving > 0 ? LOOK_AGAIN_MS : LOOK_LATER_MS);
  const ended = await db.transaction().execute(async (tx) => {
    await lockCampaign(tx, workspaceId, run.campaign_id);
    const [row] = await end.run(tx, [workspaceId, run.id, mine.owner, now]);
    if (row) {
      await resumeOrigins(tx, workspaceId, cells);
      await leave(tx, run, now);
    }
    return row !== undefined;
  });
  return ended ? "ended" : after(now, LOOK_AGAIN_MS);
}

/** Events are no longer waited for; goals are, as long as they may take. */
async function leave(tx: Database, run: RunRow, now: Date): Promise<void> {
  const { goal } = run.definition;
  await endTriggers.run(tx, [run.workspace_id, run.id, new Date(now.getTime() + (goal?.within ?? 0) * 60_000)]);
  await finishCampaign(tx, run.workspace_id, run.campaign_id, now);
}

const sooner = (a: Date | null, b: Date): Date => (a === null || b < a ? b : a);

const after = (now: Date, ms: number): Date => new Date(now.getTime() + ms);

/** By campaign_people_open. */
const nextDue = statement<{ due_at: Date | null; held: boolean; first: boolean }>(
  "engine_next_due",
  `select (select due_at from campaign_people where workspace_id = $1 and run_id = $2 and state = 'waiting' order by due_at limit 1) as due_at,
     exists (select from campaign_people where workspace_id = $1 and run_id = $2 and state = 'held') as held,
     exists (select from campaign_people where workspace_id = $1 and run_id = $2 and state = 'waiting' and attempt = 1) as first`,
);

const complete = statement<{ id: string }>(
  "engine_complete_run",
  `update campaign_runs set state = 'completed', ended_at = $4, owner = null, lease_until = '-infinity', waiting = 0, per_second = null, reason = null
   where workspace_id = $1 and id = $2 and owner = $3 and state = 'running'
     and not exists (select from campaign_people where workspace_id = $1 and run_id = $2 and state <> 'lost')
   returning id`,
);

const end = statement<{ id: string }>(
  "engine_end_run",
  `update campaign_runs set ended_at = $4, owner = null, lease_until = '-infinity', waiting = 0
   where workspace_id = $1 and id = $2 and owner = $3 and state in ('stopped', 'failed') and ended_at is null
   returning id`,
);

const endTriggers = statement(
  "engine_end_triggers",
  `with gone as (
     delete from campaign_triggers where workspace_id = $1 and run_id = $2 and role <> 'goal'
   )
   update campaign_triggers set until = $3 where workspace_id = $1 and run_id = $2 and role = 'goal'`,
);
