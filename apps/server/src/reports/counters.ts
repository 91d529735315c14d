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

/** What became of a campaign's messages by variant, the control group among them; and in the course of time, without it. */
export interface Counted {
  variants: { variant: string; counts: CampaignCounts }[];
  /** From the first to the last hour, or day of the zone, at which something happened. */
  trend: { by: "hour" | "day"; points: TrendPoint[] };
}

/** A trend of three days or more is told by day. */
export async function countsOfCampaign(db: Database, workspaceId: string, campaignId: string, run: string | null, zone: string): Promise<Counted> {
  const rows = await ofOne.run(db, [workspaceId, campaignId, run, zone, LONGEST]);
  const points = rows.filter((row) => row.at !== null);
  return {
    variants: rows.flatMap((row) => (row.variant === null ? [] : [{ variant: row.variant, counts: countsFrom(row) }])),
    trend: {
      by: points[0]?.step ?? "hour",
      points: points.map(({ at, queued, sent, delivered, read, clicked, replied, converted, failed }) => ({ at: at!.toISOString(), queued, sent, delivered, read, clicked, replied, converted, failed })),
    },
  };
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

/** Sums of all numbers of rows called `n`. */
export const sums = `sum(n.queued)::int as queued, sum(n.submitted)::int as submitted, sum(n.sent)::int as sent, sum(n.delivered)::int as delivered,
     sum(n.read)::int as read, sum(n.clicked)::int as clicked, sum(n.replied)::int as replied, sum(n.converted)::int as converted,
     sum(n.opted_out)::int as opted_out, sum(n.failed)::int as failed, sum(n.revenue)::text as revenue`;

/** By campaign_cells_campaign, then by the primary key of each counter. */
const ofCampaign = `c.workspace_id = $1 and c.campaign_id = $2 and ($3::text is null or c.run_id::text = $3)`;

/** The rows of an hour, spread over slots and runs, are put together first: the calendar is asked once for each. */
const ofOne = statement<CountRow & { variant: string | null; step: "hour" | "day"; at: Date | null }>(
  "reports_counts",
  `with h as materialized (
     select c.variant, n.hour, ${sums}
     from campaign_cells c join campaign_counts n on n.workspace_id = $1 and n.cell_id = c.id
     where ${ofCampaign} group by c.variant, n.hour
   ), span as (
     select case when max(hour) - min(hour) >= interval '3 days' then 'day' else 'hour' end as step from h where variant <> 'control'
   ), zone as (
     select step, case when step = 'day' then $4::text else 'UTC' end as name from span
   ), t as materialized (
     select date_trunc(z.step, n.hour at time zone z.name) as place, ${sums.replace("sum(n.revenue)", "sum(n.revenue::numeric)")}
     from h n cross join zone z where n.variant <> 'control' group by 1
   ), places as (
     select place from t
     union select generate_series(min(place), max(place), ('1 ' || (select step from span))::interval) from t having max(place) - min(place) < $5::interval
   )
   select n.variant, null as step, null::timestamptz as at, ${sums.replace("sum(n.revenue)", "sum(n.revenue::numeric)")}
   from h n group by n.variant
   union all
   (select null, z.step, p.place at time zone z.name, coalesce(t.queued, 0), coalesce(t.submitted, 0), coalesce(t.sent, 0), coalesce(t.delivered, 0), coalesce(t.read, 0), coalesce(t.clicked, 0), coalesce(t.replied, 0), coalesce(t.converted, 0), coalesce(t.opted_out, 0), coalesce(t.failed, 0), coalesce(t.revenue, '0')
   from places p cross join zone z left join t on t.place = p.place order by p.place)`,
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
