/** What campaigns that are still to send need: a provider, a segment, a list. */
import type { SegmentUse } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Campaigns under way or yet to come whose audience names it. */
export async function campaignsWithAudience(db: Database, workspaceId: string, { id }: { id: string }): Promise<SegmentUse[]> {
  return (await withAudience.run(db, [workspaceId, id])).map((campaign) => ({ kind: "campaign", ...campaign }));
}

/** Campaigns under way or yet to come that send through this provider. */
export async function campaignsOfProvider(db: Database, workspaceId: string, providerId: string): Promise<{ id: string; name: string }[]> {
  return ofProvider.run(db, [workspaceId, providerId]);
}

const open = "state in ('awaitingApproval', 'scheduled', 'running', 'paused')";

/** An id stands in the audience as a text of its own, however deep. */
const withAudience = statement<{ id: string; name: string }>(
  "campaigns_with_audience",
  `select id, name from campaigns where workspace_id = $1 and ${open} and position('"' || $2 || '"' in (definition -> 'audience')::text) > 0 order by name limit 100`,
);

const ofProvider = statement<{ id: string; name: string }>(
  "campaigns_of_provider",
  `select id, name from campaigns where workspace_id = $1 and provider_id = $2 and ${open} order by name limit 100`,
);
