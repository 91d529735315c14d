/** When people read: by weekday and hour in the workspace's zone. An hour of UTC that falls into two of the zone counts for the earlier one. */
import type { BestHours } from "@tincan/api";
import { campaignSettings } from "../campaigns/settings.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

const DAYS = 90;

export async function bestHours(db: Database, workspaceId: string, days = DAYS): Promise<BestHours> {
  const { timeZone } = await campaignSettings(db, workspaceId);
  return { timeZone, hours: await hours.run(db, [workspaceId, timeZone, days]) };
}

/** By campaign_counts_hour. */
const hours = statement<BestHours["hours"][number]>(
  "reports_best_hours",
  `select extract(isodow from hour at time zone $2)::int as weekday, extract(hour from hour at time zone $2)::int as hour,
     sum(delivered)::int as delivered, sum(read)::int as read, sum(clicked)::int as clicked
   from campaign_counts where workspace_id = $1 and hour >= now() - make_interval(days => $3)
   group by 1, 2 having sum(delivered) + sum(read) + sum(clicked) > 0 order by 1, 2`,
);
