import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { RunContext } from "../run-context.ts";
import { localTime, momentOf } from "./zones.ts";

/** How many more people the campaign may reach; null when it has no cap. A day is the workspace's, and begins with the hour in which midnight is. */
export async function targetRoom(tx: Database, context: RunContext, now: Date): Promise<number | null> {
  const cap = context.run.definition.pace.targetCap;
  return cap ? cap.people - (await reached(tx, context, cap.per, now)) : null;
}

async function reached(tx: Database, { workspaceId, run, settings }: RunContext, per: "run" | "day" | "campaign", now: Date): Promise<number> {
  if (per === "run") return run.handed_over;
  if (per === "campaign") {
    const [row] = await reachedByCampaign.run(tx, [workspaceId, run.campaign_id, run.id]);
    return run.handed_over + (row?.people ?? 0);
  }
  const midnight = momentOf(settings.timeZone, { day: localTime(settings.timeZone, now.getTime()).day, minute: 0 });
  const [row] = await reachedSince.run(tx, [workspaceId, run.campaign_id, new Date(midnight - (midnight % HOUR_MS))]);
  return row?.people ?? 0;
}

const HOUR_MS = 3_600_000;

const reachedByCampaign = statement<{ people: number }>(
  "campaigns_reached",
  `select coalesce(sum(handed_over), 0)::int as people from campaign_runs where workspace_id = $1 and campaign_id = $2 and id <> $3`,
);

const reachedSince = statement<{ people: number }>(
  "campaigns_reached_since",
  `select coalesce(sum(queued), 0)::int as people from campaign_counts
   where workspace_id = $1 and cell_id = any (array (select id from campaign_cells where workspace_id = $1 and campaign_id = $2)) and hour >= $3::timestamptz`,
);
