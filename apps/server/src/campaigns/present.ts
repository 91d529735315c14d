/** Campaigns as the API shows them. */
import type { Campaign, CampaignCounts, CampaignProblem, CampaignRun, CampaignSummary } from "@tincan/api";
import { noCounts, type NamedCampaign } from "./store.ts";
import type { RunRow } from "./types.ts";

export function presentSummary(row: NamedCampaign, counts: CampaignCounts = noCounts): CampaignSummary {
  return {
    id: row.id,
    name: row.name,
    labels: row.labels,
    state: row.state,
    reason: row.reason,
    mode: row.definition.content?.mode ?? "single",
    live: row.live,
    provider: row.provider_id !== null && row.nickname !== null ? { id: row.provider_id, nickname: row.nickname } : null,
    counts,
    nextRunAt: row.next_run_at?.toISOString() ?? null,
    createdBy: row.created_by_name,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    launchedAt: row.launched_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    archivedAt: row.archived_at?.toISOString() ?? null,
  };
}

export function presentCampaign(row: NamedCampaign, rest: { counts: CampaignCounts | undefined; runs: RunRow[]; losses: Campaign["losses"]; problems: CampaignProblem[] }): Campaign {
  return {
    ...presentSummary(row, rest.counts),
    definition: row.definition,
    problems: rest.problems,
    runs: rest.runs.map(presentRun),
    losses: rest.losses,
    approvedBy: row.approved_by_name,
    approvedAt: row.approved_at?.toISOString() ?? null,
  };
}

function presentRun(row: RunRow): CampaignRun {
  return {
    id: row.id,
    number: row.number,
    state: row.state,
    reason: row.reason,
    dueAt: row.due_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    endedAt: row.ended_at?.toISOString() ?? null,
    people: row.people,
    expected: row.expected,
    waiting: row.waiting,
    perSecond: row.state === "running" ? row.per_second : null,
    secondsLeft: secondsLeft(row),
    winner: row.winner,
    decidesAt: row.decides_at?.toISOString() ?? null,
  };
}

function secondsLeft({ state, per_second: perSecond, expected, people }: RunRow): number | null {
  if (state !== "running" || !perSecond || expected === null) return null;
  return Math.ceil(Math.max(0, expected - people) / perSecond);
}
