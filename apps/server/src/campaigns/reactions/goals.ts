/**
 * Goals: a person who was sent a campaign's message, or belongs to its control group, and does the goal's event within its time, has
 * converted. Each person counts once per campaign; every campaign whose time covers the event counts it (CleverTap: campaign reports).
 */
import { everyIdOf } from "../../contacts/merged.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { addCounts } from "./add-counts.ts";
import type { Match } from "./match.ts";

export async function reachGoals(tx: Database, workspaceId: string, matches: readonly Match[]): Promise<void> {
  const reached = matches.flatMap(({ runId, campaignId, definition: { goal }, event }) => {
    if (!goal) return [];
    const value = goal.revenue === undefined ? undefined : event.properties[goal.revenue];
    const since = new Date(event.at.getTime() - goal.within * 60_000);
    return [{ runId, campaignId, contactId: event.contactId, at: event.at, since, revenue: typeof value === "number" ? value : null }];
  });
  if (reached.length === 0) return;
  // The earliest event of a person is the one that counts, of one moment the one told first; in one order, so that two batches never deadlock.
  reached.sort((a, b) => (a.contactId === b.contactId ? a.at.getTime() - b.at.getTime() : a.contactId < b.contactId ? -1 : 1));
  const rows = await convert.run(tx, [
    workspaceId, reached.map((r) => r.runId), reached.map((r) => r.campaignId), reached.map((r) => r.contactId), reached.map((r) => r.at), reached.map((r) => r.since), reached.map((r) => r.revenue),
  ]);
  await addCounts(tx, workspaceId, rows.map((row) => ({ cellId: row.cell_id, at: row.at, converted: 1, revenue: row.revenue === null ? 0 : Number(row.revenue) })));
}

/*
 * A message of a run has the cell as its origin and an external id that begins with the contact's; "A" is the letter after every sign that
 * may follow. Of a person whom others were merged into, the messages of all of them count, and the answer stands under the id that its message went
 * to. Many programs tell times in whole seconds, cut off. Both look-ups are by index: messages_external_id and campaign_people_contact.
 */
const convert = statement<{ cell_id: string; at: Date; revenue: string | null }>(
  "campaigns_convert",
  `with input as (
     select * from unnest($2::uuid[], $3::uuid[], $4::uuid[], $5::timestamptz[], $6::timestamptz[], $7::numeric[]) with ordinality
       as i (run_id, campaign_id, contact_id, at, since, revenue, n)
   ), known as (
     select i.*, w.id as sent_as from input i cross join lateral (${everyIdOf("i.contact_id")}) w
   ), sent as (
     select distinct on (i.campaign_id, i.contact_id) i.campaign_id, c.id as cell_id, i.contact_id, i.sent_as, i.at, i.revenue
     from known i
     join campaign_cells c on c.workspace_id = $1 and c.run_id = i.run_id
     left join lateral (
       select m.accepted_at as at from messages m
       where m.workspace_id = $1 and m.origin_id = c.id and m.external_id >= i.sent_as::text and m.external_id < i.sent_as::text || 'A'
         and m.external_id <> '0|0|0|0' and m.accepted_at < i.at + interval '1 second' and m.accepted_at > i.since and m.state <> 'failed'
       limit 1) m on c.variant <> 'control'
     left join lateral (
       select p.at from campaign_people p
       where p.workspace_id = $1 and p.contact_id = i.sent_as and p.run_id = i.run_id and p.reason = 'controlGroup' and p.at < i.at + interval '1 second' and p.at > i.since
       limit 1) p on c.variant = 'control'
     where m.at is not null or p.at is not null
     order by i.campaign_id, i.contact_id, i.n, i.sent_as
   )
   insert into campaign_responses (workspace_id, cell_id, contact_id, kind, at, revenue)
   select $1, s.cell_id, s.sent_as, 'converted', s.at, s.revenue from sent s
   where not exists (
     select from campaign_responses r join campaign_cells o on o.workspace_id = $1 and o.id = r.cell_id
     where r.workspace_id = $1 and r.contact_id in (${everyIdOf("s.contact_id")}) and r.kind = 'converted' and o.campaign_id = s.campaign_id)
   on conflict do nothing
   returning cell_id, at, revenue`,
);
