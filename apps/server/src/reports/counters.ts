/** Statements that add the campaigns' counters up. Rows are few whatever the number of messages: some per hour, variant and run. */
import type { CampaignCounts, TrendPoint } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import "../campaigns/tables.ts";

export type CountRow = Omit<CampaignCounts, "optedOut" | "revenue"> & { opted_out: number; revenue: string };

export function countsFrom(row: CountRow): CampaignCounts {
  const { queued, submitted, sent, delivered, read, clicked, replied, converted, opted_out: optedOut, failed, revenue } = row;
  return { queued, submitted, sent, delivered, read, clicked, replied, converted, optedOut, failed, revenue: Number(revenue) };
}

export function addUp(counts: readonly CampaignCounts[]): CampaignCounts {
  const sum: CampaignCounts = { queued: 0, submitted: 0, sent: 0, delivered: 0, read: 0, clicked: 0, replied: 0, converted: 0, optedOut: 0, failed: 0, revenue: 0 };
  for (const each of counts) for (const name of Object.keys(sum) as (keyof CampaignCounts)[]) sum[name] += each[name];
  return sum;
}

/** What became of a campaign's messages by variant, the control group among them, and between which hours. */
export interface VariantCounts {
  variant: string;
  counts: CampaignCounts;
  first: Date;
  last: Date;
}

export async function countsByVariant(db: Database, workspaceId: string, campaignId: string, run: string | null): Promise<VariantCounts[]> {
  return (await byVariant.run(db, [workspaceId, campaignId, run])).map(({ variant, first, last, ...row }) => ({ variant, counts: countsFrom(row), first, last }));
}

/** Points from the first to the last at which something happened, without gaps; days are those of the zone. */
export async function trendOf(db: Database, workspaceId: string, campaignId: string, run: string | null, by: "hour" | "day", zone: string): Promise<TrendPoint[]> {
  const points = await trend.run(db, [workspaceId, campaignId, run, by, by === "hour" ? "UTC" : zone, LONGEST]);
  return points.map(({ at, ...numbers }) => ({ at: at.toISOString(), ...numbers }));
}

/** People left out, by reason. */
export async function lossesOf(db: Database, workspaceId: string, campaignId: string, run: string | null): Promise<{ reason: string; people: number }[]> {
  return losses.run(db, [workspaceId, campaignId, run]);
}

/** Failed messages by "source:code". */
export async function failuresOf(db: Database, workspaceId: string, campaignId: string, run: string | null): Promise<{ failure: string; title: string; messages: number }[]> {
  return failures.run(db, [workspaceId, campaignId, run]);
}

/** Gaps are filled no further than this: a receipt with a wrong clock must not make a list of centuries. */
const LONGEST = "800 days";

export const sums = `sum(n.queued)::int as queued, sum(n.submitted)::int as submitted, sum(n.sent)::int as sent, sum(n.delivered)::int as delivered,
     sum(n.read)::int as read, sum(n.clicked)::int as clicked, sum(n.replied)::int as replied, sum(n.converted)::int as converted,
     sum(n.opted_out)::int as opted_out, sum(n.failed)::int as failed, sum(n.revenue)::text as revenue`;

/** By campaign_cells_campaign, then by the primary key of each counter. */
const ofCampaign = `c.workspace_id = $1 and c.campaign_id = $2 and ($3::text is null or c.run_id::text = $3)`;

const byVariant = statement<CountRow & { variant: string; first: Date; last: Date }>(
  "reports_counts_by_variant",
  `select c.variant, min(n.hour) as first, max(n.hour) as last, ${sums}
   from campaign_cells c join campaign_counts n on n.workspace_id = $1 and n.cell_id = c.id
   where ${ofCampaign} group by c.variant`,
);

const trend = statement<Omit<TrendPoint, "at"> & { at: Date }>(
  "reports_trend",
  `with n as materialized (
     select date_trunc($4, n.hour at time zone $5) as place, ${sums}
     from campaign_cells c join campaign_counts n on n.workspace_id = $1 and n.cell_id = c.id
     where ${ofCampaign} and c.variant <> 'control' group by 1
   ), places as (
     select place from n
     union select generate_series(min(place), max(place), ('1 ' || $4)::interval) from n having max(place) - min(place) < $6::interval
   )
   select p.place at time zone $5 as at, coalesce(n.queued, 0) as queued, coalesce(n.sent, 0) as sent, coalesce(n.delivered, 0) as delivered, coalesce(n.read, 0) as read,
     coalesce(n.clicked, 0) as clicked, coalesce(n.replied, 0) as replied, coalesce(n.converted, 0) as converted, coalesce(n.failed, 0) as failed
   from places p left join n on n.place = p.place order by p.place`,
);

const losses = statement<{ reason: string; people: number }>(
  "reports_losses",
  `select l.reason, sum(l.people)::int as people
   from campaign_runs r join campaign_losses l on l.workspace_id = $1 and l.run_id = r.id
   where r.workspace_id = $1 and r.campaign_id = $2 and ($3::text is null or r.id::text = $3)
   group by l.reason having sum(l.people) <> 0 order by people desc, l.reason`,
);

const failures = statement<{ failure: string; title: string; messages: number }>(
  "reports_failures",
  `select f.failure, max(f.title) as title, sum(f.messages)::int as messages
   from campaign_cells c join campaign_failures f on f.workspace_id = $1 and f.cell_id = c.id
   where ${ofCampaign} group by f.failure order by messages desc, f.failure`,
);
