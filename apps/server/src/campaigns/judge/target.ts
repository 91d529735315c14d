import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { RunContext } from "../run-context.ts";
import { localTime, momentOf } from "./zones.ts";

/**
 * How many more people the campaign may reach; null when it has no cap. Whoever is tried again counts once. A day is the workspace's, and begins
 * with the hour in which midnight is.
 */
export async function targetRoom(tx: Database, { workspaceId, run, settings }: RunContext, now: Date): Promise<number | null> {
  const cap = run.definition.pace.targetCap;
  if (!cap) return null;
  const since = cap.per === "day" ? hourOfMidnight(settings.timeZone, now) : null;
  const [row] = await reached.run(tx, [workspaceId, run.campaign_id, cap.per === "run" ? run.id : null, since]);
  return cap.people - (row?.people ?? 0);
}

const HOUR_MS = 3_600_000;

function hourOfMidnight(timeZone: string, now: Date): Date {
  const midnight = momentOf(timeZone, { day: localTime(timeZone, now.getTime()).day, minute: 0 });
  return new Date(midnight - (midnight % HOUR_MS));
}

const reached = statement<{ people: number }>(
  "campaigns_reached",
  `select coalesce(sum(queued - retried), 0)::int as people from campaign_counts
   where workspace_id = $1 and hour >= coalesce($4::timestamptz, '-infinity') and cell_id = any (array (
     select id from campaign_cells where workspace_id = $1 and campaign_id = $2 and ($3::uuid is null or run_id = $3)))`,
);
