/** What happened in a period, over all campaigns: hours of the counters, put together as asked. */
import type { CampaignCounts, OverviewReport, OverviewReportQuery, OverviewRow } from "@tincan/api";
import { localTime } from "../campaigns/judge/zones.ts";
import { campaignSettings } from "../campaigns/settings.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import { addCost, costsOfDays, currencyOf, noCost, presentCost, type CostSum } from "./cost.ts";
import { addUp, countsFrom, sums, type CountRow } from "./counters.ts";

const MOST_ROWS = 100;
const DAY_MS = 86_400_000;

/** Where a cell's numbers belong. */
interface Place {
  key: string;
  name: string;
}

export async function overviewReport(db: Database, workspaceId: string, { from, to, by, limit = MOST_ROWS }: OverviewReportQuery): Promise<OverviewReport> {
  const [begin, end] = [new Date(from), new Date(to)];
  if (begin >= end) throw new ApiError("invalid_input", { field: "to", expected: "a time after `from`" });
  const { timeZone } = await campaignSettings(db, workspaceId);
  const [counted, costs, currency] = await Promise.all([
    period.run(db, [workspaceId, begin, end, timeZone, by === "day"]),
    costsOfDays(db, workspaceId, dayOf(timeZone, begin.getTime()), dayOf(timeZone, end.getTime() - 1)),
    currencyOf(db, workspaceId),
  ]);
  const cellIds = [...new Set([...counted.map((row) => row.cell_id), ...costs.map(({ cellId }) => cellId)])];
  const placeOf = await places(db, workspaceId, cellIds, by);
  const rows = new Map<string, { name: string; counts: CampaignCounts[]; cost: CostSum }>();
  const rowOf = (cellId: string, day: string | null): { name: string; counts: CampaignCounts[]; cost: CostSum } | undefined => {
    const place = by === "day" ? { key: day ?? "", name: day ?? "" } : placeOf(cellId);
    if (!place) return undefined;
    const row = rows.get(place.key) ?? { name: place.name, counts: [], cost: noCost };
    rows.set(place.key, row);
    return row;
  };
  for (const { cell_id: cellId, day, ...counts } of counted) rowOf(cellId, day)?.counts.push(countsFrom(counts));
  for (const { cellId, day, ...cost } of costs) {
    const row = rowOf(cellId, day);
    if (row) row.cost = addCost(row.cost, cost);
  }
  const shown = [...rows].map(([key, { name, counts, cost }]): OverviewRow & { sum: CostSum } => ({ key, name, counts: addUp(counts), cost: presentCost(currency, cost), sum: cost }));
  shown.sort(by === "day" ? (a, b) => (a.key < b.key ? -1 : 1) : (a, b) => b.counts.queued - a.counts.queued || b.counts.delivered - a.counts.delivered || (a.name < b.name ? -1 : 1));
  return {
    total: addUp(shown.map(({ counts }) => counts)),
    cost: presentCost(currency, shown.map(({ sum }) => sum).reduce(addCost, noCost)),
    rows: shown.slice(0, limit).map(({ key, name, counts, cost }) => ({ key, name, counts, cost })),
    more: shown.length > limit,
  };
}

/** As people of the zone write it. Costs are kept by days of UTC, each of which stands for theirs of the same date: so no two periods have one in common. */
function dayOf(timeZone: string, ms: number): string {
  return new Date(localTime(timeZone, ms).day * DAY_MS).toISOString().slice(0, 10);
}

async function places(db: Database, workspaceId: string, cellIds: string[], by: OverviewReportQuery["by"]): Promise<(cellId: string) => Place | undefined> {
  if (by === "day" || cellIds.length === 0) return () => undefined;
  const cells = new Map((await ofCells.run(db, [workspaceId, cellIds])).map((row) => [row.id, row]));
  const campaigns = new Map((await ofCampaigns.run(db, [workspaceId, [...new Set([...cells.values()].map((row) => row.campaign_id))]])).map((row) => [row.id, row]));
  return (cellId) => {
    const cell = cells.get(cellId);
    const campaign = campaigns.get(cell?.campaign_id ?? "");
    if (!cell || !campaign) return undefined;
    if (by === "campaign") return { key: campaign.id, name: campaign.name };
    if (by === "provider") return { key: campaign.provider_id ?? "", name: campaign.nickname ?? "A provider that was removed" };
    const template = campaign.variants?.find(({ key }) => key === cell.variant)?.template;
    return template && { key: `${template.name} ${template.language}`, name: `${template.name} (${template.language})` };
  };
}

/** By campaign_counts_hour. An hour of UTC in which the zone's day changes counts for the earlier one. The control group got no message. */
const period = statement<CountRow & { cell_id: string; day: string | null }>(
  "reports_period",
  `select n.cell_id, n.day::text as day, ${sums} from (
     select *, case when $5::boolean then (hour at time zone $4)::date end as day from campaign_counts
     where workspace_id = $1 and hour >= $2::timestamptz and hour < $3::timestamptz) n
   where not exists (select from campaign_cells c where c.workspace_id = $1 and c.id = n.cell_id and c.variant = 'control')
   group by n.cell_id, n.day`,
);

const ofCells = statement<{ id: string; campaign_id: string; variant: string }>(
  "reports_cells",
  `select id, campaign_id, variant from campaign_cells where workspace_id = $1 and id = any ($2::uuid[])`,
);

const ofCampaigns = statement<{ id: string; name: string; provider_id: string | null; nickname: string | null; variants: { key: string; template: { name: string; language: string } }[] | null }>(
  "reports_campaigns",
  `select c.id, c.name, c.provider_id, p.nickname, c.definition #> '{content,variants}' as variants
   from campaigns c left join providers p on p.workspace_id = $1 and p.id = c.provider_id
   where c.workspace_id = $1 and c.id = any ($2::uuid[])`,
);
