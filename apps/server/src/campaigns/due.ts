/** What time does to campaigns: runs become due, approvals come too late, the last run ends. Called by the engine. */
import { statement } from "../database/statement.ts";
import { tellOnCommit } from "../database/live.ts";
import type { Database } from "../database/connection.ts";
import { createRun } from "./create-run.ts";
import { nextRun } from "./schedule.ts";
import { setState } from "./store.ts";
import type { CampaignDefinition } from "@tincan/api";
import type { CampaignRow } from "./types.ts";

/**
 * Makes the runs of campaigns whose time has come, and expires those that nobody approved in time. Several processes may call it: each
 * campaign is taken by one. @returns how many runs were made
 */
export async function startDueCampaigns(db: Database, now: Date): Promise<number> {
  let made = 0;
  while (await db.transaction().execute((tx) => startOne(tx, now, () => made++)));
  return made;
}

async function startOne(tx: Database, now: Date, onMade: () => void): Promise<boolean> {
  const [campaign] = await takeDue.run(tx, [now]);
  if (!campaign) return false;
  const { workspace_id: workspaceId, id } = campaign;
  if (campaign.state === "awaitingApproval") {
    await setState(tx, workspaceId, id, { state: "expired", reason: "It was not approved before its time came. Clone it to try again.", nextRunAt: null, endedAt: now });
  } else {
    const dueAt = campaign.next_run_at ?? now;
    const { failure } = await createRun(tx, campaign, dueAt);
    await countRun.run(tx, [workspaceId, id]);
    const { schedule } = campaign.definition as CampaignDefinition;
    const next = nextRun(schedule, campaign.runs + 1, latest(dueAt, now));
    if (failure === null) await setState(tx, workspaceId, id, { state: "running", nextRunAt: next });
    else await setState(tx, workspaceId, id, { state: "failed", reason: failure, nextRunAt: null, endedAt: now });
    onMade();
  }
  await tellOnCommit(tx, workspaceId, "campaigns");
  return true;
}

/** A run that was missed while nothing ran is made once, not once for each time that passed. */
function latest(a: Date, b: Date): Date {
  return a > b ? a : b;
}

/**
 * Moves the campaign on when a run of it has ended: back to scheduled while more are to come, else over. An earlier run that works again, for
 * people who are tried again, does not keep the next one waiting. Call it in the transaction that ends the run.
 */
export async function finishCampaign(tx: Database, workspaceId: string, campaignId: string, now: Date): Promise<void> {
  const [campaign] = await standing.run(tx, [workspaceId, campaignId]);
  if (!campaign || campaign.state !== "running" || (campaign.next_run_at === null ? campaign.open > 0 : isOpen(campaign.last))) return;
  if (campaign.next_run_at !== null) await setState(tx, workspaceId, campaignId, { state: "scheduled" });
  else if (campaign.last === "failed") await setState(tx, workspaceId, campaignId, { state: "failed", reason: campaign.last_reason, endedAt: now });
  else await setState(tx, workspaceId, campaignId, { state: "completed", endedAt: now });
  await tellOnCommit(tx, workspaceId, "campaigns");
}

/**
 * Lets the campaign's next date come, if it has one, although this run of it is still open: it waits only for people who are tried again. A run
 * that is not the newest keeps no date waiting anyway. The caller holds the campaign's row.
 */
export async function awaitNextDate(tx: Database, workspaceId: string, campaignId: string, runId: string): Promise<void> {
  const [moved] = await standBy.run(tx, [workspaceId, campaignId, runId]);
  if (moved) await tellOnCommit(tx, workspaceId, "campaigns");
}

/** Whether a run in this state has not ended. */
function isOpen(state: string): boolean {
  return state === "waiting" || state === "running" || state === "paused";
}

/**
 * By campaigns_due, over all workspaces: a look-up of work, like a lease. A recurring campaign waits until its last run has ended, or has nobody
 * left but people who are tried again.
 */
const takeDue = statement<CampaignRow>(
  "campaigns_take_due",
  `select * from campaigns where next_run_at <= $1 and state in ('scheduled', 'awaitingApproval') order by next_run_at limit 1 for update skip locked`,
);

const standBy = statement<{ id: string }>(
  "campaigns_await_next_date",
  `update campaigns c set state = 'scheduled', updated_at = now()
   where c.workspace_id = $1 and c.id = $2 and c.state = 'running' and c.next_run_at is not null
     and $3 = (select r.id from campaign_runs r where r.workspace_id = $1 and r.campaign_id = $2 order by r.number desc limit 1)
   returning c.id`,
);

const countRun = statement("campaigns_count_run", `update campaigns set runs = runs + 1 where workspace_id = $1 and id = $2`);

const standing = statement<{ state: string; next_run_at: Date | null; open: number; last: string; last_reason: string | null }>(
  "campaigns_standing",
  `select c.state, c.next_run_at, (select count(*)::int from campaign_runs r where r.workspace_id = $1 and r.campaign_id = $2 and r.state in ('waiting', 'running', 'paused')) as open,
     l.state as last, l.reason as last_reason
   from (select * from campaigns where workspace_id = $1 and id = $2 for update) c
   cross join lateral (select state, reason from campaign_runs r where r.workspace_id = $1 and r.campaign_id = $2 order by number desc limit 1) l`,
);
