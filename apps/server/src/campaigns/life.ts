/** What people do to a campaign's life; see types.ts for its states. Each step is one transaction with its audit entry. */
import type { CampaignState } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import { may } from "../accounts/permissions.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { checkDefinition } from "./check.ts";
import { openDraft } from "./draft.ts";
import { nextRun } from "./schedule.ts";
import { campaignSettings } from "./settings.ts";
import { lockCampaign, setState } from "./store.ts";
import type { CampaignRow } from "./types.ts";
import type { CampaignDefinition } from "@tincan/api";

export interface LifeDeps {
  db: Database;
  /** Of this server, for short links. */
  publicUrl: string;
  now?: () => Date;
  /** The engine's part; each in the transaction of the campaign's own change. */
  runs: {
    pause(tx: Database, workspaceId: string, runId: string): Promise<void>;
    resume(tx: Database, workspaceId: string, runId: string): Promise<void>;
    stop(tx: Database, workspaceId: string, runId: string): Promise<void>;
  };
  /** There is something for the engine to do; called after the commit. */
  nudge(): void;
}

/**
 * Puts a campaign on its way: scheduled, or awaiting approval. Throws ApiError `campaign_incomplete` with the first thing that is missing.
 */
export async function launch(deps: LifeDeps, actor: Actor, id: string): Promise<void> {
  const now = clock(deps);
  const { approval } = await campaignSettings(deps.db, actor.workspaceId);
  await change(deps, actor, id, "campaign.launched", ["draft", "rejected"], async (tx, row) => {
    if (row.archived_at !== null) throw new ApiError("campaign_wrong_state", { detail: "It is in the archive; take it out first." });
    await assertComplete(deps, tx, row, now);
    if (approval && !may(actor.role, "campaigns.approve")) await setState(tx, actor.workspaceId, id, { state: "awaitingApproval", nextRunAt: deadlineOf(row, now) });
    else await schedule(tx, row, now);
  });
}

/** Lets a campaign go that waited for it. */
export async function approve(deps: LifeDeps, actor: Actor, id: string): Promise<void> {
  const now = clock(deps);
  await change(deps, actor, id, "campaign.approved", ["awaitingApproval"], async (tx, row) => {
    await assertComplete(deps, tx, row, now);
    await schedule(tx, row, now, actor.name);
  });
}

/** Sends it back to its maker, who may change it and ask again. */
export async function reject(deps: LifeDeps, actor: Actor, id: string, reason: string | undefined): Promise<void> {
  await change(deps, actor, id, "campaign.rejected", ["awaitingApproval"], (tx) =>
    setState(tx, actor.workspaceId, id, { state: "rejected", reason: `${actor.name} rejected it${reason ? `: ${reason}` : "."}`, nextRunAt: null }),
  );
}

/** Nothing of it leaves any more, and no run begins, until it is resumed. */
export async function pause(deps: LifeDeps, actor: Actor, id: string): Promise<void> {
  await change(deps, actor, id, "campaign.paused", ["running", "scheduled"], async (tx, row) => {
    await setState(tx, actor.workspaceId, id, { state: "paused" });
    for (const run of await openRuns.run(tx, [row.workspace_id, id])) await deps.runs.pause(tx, row.workspace_id, run.id);
  });
}

/** Goes on where it was. Dates that passed meanwhile are left out; a campaign with a single time is sent late rather than never. */
export async function resume(deps: LifeDeps, actor: Actor, id: string): Promise<void> {
  const now = clock(deps);
  await change(deps, actor, id, "campaign.resumed", ["paused"], async (tx, row) => {
    const open = await openRuns.run(tx, [row.workspace_id, id]);
    for (const run of open) await deps.runs.resume(tx, row.workspace_id, run.id);
    const { schedule } = row.definition as CampaignDefinition;
    const missed = row.next_run_at !== null && row.next_run_at < now && (schedule.kind === "dates" || schedule.kind === "recurring");
    const next = missed ? nextRun(schedule, row.runs, now) : row.next_run_at;
    // With a date to come, only the newest run counts: earlier ones may work again for people who are tried again.
    if (next === null ? open.length > 0 : open.some(({ number }) => number === row.runs)) await setState(tx, row.workspace_id, id, { state: "running", nextRunAt: next });
    else await setState(tx, row.workspace_id, id, next === null ? { state: "completed", nextRunAt: null, endedAt: now } : { state: "scheduled", nextRunAt: next });
  });
}

/** Ends it for good: what has not left is not sent. */
export async function stop(deps: LifeDeps, actor: Actor, id: string): Promise<void> {
  await change(deps, actor, id, "campaign.stopped", ["awaitingApproval", "scheduled", "running", "paused"], async (tx, row) => {
    await setState(tx, row.workspace_id, id, { state: "stopped", reason: `${actor.name} stopped it.`, nextRunAt: null, endedAt: clock(deps) });
    for (const run of await openRuns.run(tx, [row.workspace_id, id])) await deps.runs.stop(tx, row.workspace_id, run.id);
  });
}

/** Takes it out of lists, or back. Only what is over, or never began, can be put away. */
export async function archive(deps: LifeDeps, actor: Actor, id: string, archived: boolean): Promise<void> {
  await change(deps, actor, id, archived ? "campaign.archived" : "campaign.unarchived", ["draft", "rejected", "completed", "stopped", "expired", "failed"], async (tx) => {
    await setArchived.run(tx, [actor.workspaceId, id, archived]);
  });
}

/** A running campaign is asked for its state under its row's lock, so of two people who act at once the second finds what the first did. */
async function change(deps: LifeDeps, actor: Actor, id: string, action: string, from: readonly CampaignState[], make: (tx: Database, row: CampaignRow) => Promise<void>): Promise<void> {
  await deps.db.transaction().execute(async (tx) => {
    const row = await lockCampaign(tx, actor.workspaceId, id);
    if (!from.includes(row.state)) throw new ApiError("campaign_wrong_state", { detail: `It is ${stateWords[row.state]}.` });
    await make(tx, row);
    await audit(tx, actor, { action, target: { kind: "campaign", id, name: row.name } });
    await tellOnCommit(tx, actor.workspaceId, "campaigns");
  });
  deps.nudge();
}

const stateWords: Record<CampaignState, string> = {
  draft: "a draft", awaitingApproval: "awaiting approval", rejected: "rejected", scheduled: "scheduled", running: "running", paused: "paused",
  completed: "completed", stopped: "stopped", expired: "expired", failed: "failed",
};

async function assertComplete({ publicUrl }: LifeDeps, tx: Database, row: CampaignRow, now: Date): Promise<void> {
  const [problem] = await checkDefinition(tx, row.workspace_id, row.definition, now);
  if (problem) throw new ApiError("campaign_incomplete", { field: problem.path, detail: problem.message });
  // Its messages are made once as the engine makes them, for nobody, and must be such as their templates take.
  await openDraft(tx, row.workspace_id, row.id, row.definition, { publicUrl }, now);
}

async function schedule(tx: Database, row: CampaignRow, now: Date, approvedBy?: string): Promise<void> {
  const next = nextRun((row.definition as CampaignDefinition).schedule, row.runs, now);
  await setState(tx, row.workspace_id, row.id, { state: "scheduled", nextRunAt: next, launchedAt: now, ...(approvedBy !== undefined && { approvedBy }) });
}

/** Until when it must be approved; a campaign for now, or for an event, has no such time. */
function deadlineOf(row: CampaignRow, now: Date): Date | null {
  const { schedule } = row.definition as CampaignDefinition;
  return schedule.kind === "now" || schedule.kind === "event" ? null : nextRun(schedule, 0, now);
}

function clock(deps: LifeDeps): Date {
  return deps.now?.() ?? new Date();
}

const openRuns = statement<{ id: string; number: number }>(
  "campaigns_open_runs",
  `select id, number from campaign_runs where workspace_id = $1 and campaign_id = $2 and state in ('waiting', 'running', 'paused') order by number`,
);

const setArchived = statement(
  "campaigns_set_archived",
  `update campaigns set archived_at = case when $3::boolean then now() end, updated_at = now() where workspace_id = $1 and id = $2`,
);
