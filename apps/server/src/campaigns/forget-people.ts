import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/**
 * Forgets what campaigns know of deleted people: what their events said, why a text failed, which codes were theirs. Rows that are counted stay,
 * with an id that no longer belongs to anybody. The ids of those who were merged into them are among `contactIds`; who still waited is left out as
 * removed when their time comes.
 */
export async function forgetCampaignPeople(tx: Database, workspaceId: string, contactIds: readonly string[]): Promise<void> {
  await forget.run(tx, [workspaceId, contactIds]);
}

const forget = statement(
  "campaigns_forget_people",
  `with codes as (
     update coupon_codes set contact_id = null, message_id = null where workspace_id = $1 and contact_id = any ($2::uuid[])
   ), entries as (
     delete from campaign_entries where workspace_id = $1 and contact_id = any ($2::uuid[])
   )
   update campaign_people set event = null, detail = null where workspace_id = $1 and contact_id = any ($2::uuid[]) and (event is not null or detail is not null)`,
);
