/**
 * What messages cost: those Meta bills, by the rate card's price for their market and category on the day they were delivered. A price of the
 * market itself goes before one for all others, and of these the newest that had begun.
 */
import type { Cost } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Shown where no rate card has been written yet. */
const NO_CURRENCY = "USD";

/** Billed messages, how many of them have no price, and what the others cost together. */
export interface CostSum {
  messages: number;
  withoutPrice: number;
  amount: number;
}

export const noCost: CostSum = { messages: 0, withoutPrice: 0, amount: 0 };

export function addCost(a: CostSum, b: CostSum): CostSum {
  return { messages: a.messages + b.messages, withoutPrice: a.withoutPrice + b.withoutPrice, amount: a.amount + b.amount };
}

/** A sum of which a part has no price is not told: it would look like the whole. */
export function presentCost(currency: string, { messages, withoutPrice, amount }: CostSum): Cost {
  return { currency, amount: withoutPrice > 0 ? null : Math.round(amount * 1e6) / 1e6, messages, withoutPrice };
}

export async function currencyOf(db: Database, workspaceId: string): Promise<string> {
  return (await currency.run(db, [workspaceId]))[0]?.currency ?? NO_CURRENCY;
}

/** Of a campaign, or of one of its runs. */
export async function campaignCost(db: Database, workspaceId: string, campaignId: string, run: string | null): Promise<CostSum> {
  const [row] = await ofCampaign.run(db, [workspaceId, campaignId, run]);
  return row ? costSum(row) : noCost;
}

/** Of all campaigns between two days (UTC, both included), by the cell the messages are of and by day. */
export async function costsOfDays(db: Database, workspaceId: string, from: string, to: string): Promise<(CostSum & { cellId: string; day: string })[]> {
  return (await ofDays.run(db, [workspaceId, from, to])).map((row) => ({ cellId: row.cell_id, day: row.day, ...costSum(row) }));
}

/** What so many messages would cost if they were delivered today. */
export async function estimateCost(db: Database, workspaceId: string, planned: readonly { market: string; category: string; messages: number }[]): Promise<Cost> {
  const [row] = await estimated.run(db, [workspaceId, planned.map(({ market }) => market), planned.map(({ category }) => category), planned.map(({ messages }) => messages)]);
  return presentCost(await currencyOf(db, workspaceId), row ? costSum(row) : noCost);
}

interface CostRow {
  messages: string | null;
  without_price: string | null;
  amount: string | null;
}

function costSum({ messages, without_price, amount }: CostRow): CostSum {
  return { messages: Number(messages ?? 0), withoutPrice: Number(without_price ?? 0), amount: Number(amount ?? 0) };
}

const priced = `
  left join lateral (
    select r.price from rate_prices r
    where r.workspace_id = $1 and r.category = b.category and r.market in (b.market, '*') and r.valid_from <= b.day
    order by r.market = '*', r.valid_from desc limit 1) p on true`;
const sums = `sum(b.messages)::text as messages, (sum(b.messages) filter (where p.price is null))::text as without_price, sum(b.messages * p.price)::text as amount`;

const currency = statement<{ currency: string }>("reports_currency", `select currency from rate_cards where workspace_id = $1`);

/** By campaign_cells_campaign, then the primary key of the costs. */
const ofCampaign = statement<CostRow>(
  "reports_campaign_cost",
  `with b as materialized (
     select n.day, n.market, n.category, sum(n.delivered) as messages
     from campaign_cells c join campaign_costs n on n.workspace_id = $1 and n.cell_id = c.id
     where c.workspace_id = $1 and c.campaign_id = $2 and ($3::text is null or c.run_id::text = $3) and n.billable
     group by n.day, n.market, n.category)
   select ${sums} from b ${priced}`,
);

/** By campaign_costs_day. */
const ofDays = statement<CostRow & { cell_id: string; day: string }>(
  "reports_cost_of_days",
  `with b as materialized (
     select n.cell_id, n.day, n.market, n.category, sum(n.delivered) as messages
     from campaign_costs n where n.workspace_id = $1 and n.day >= $2::date and n.day <= $3::date and n.billable
     group by n.cell_id, n.day, n.market, n.category)
   select b.cell_id, b.day::text as day, ${sums} from b ${priced} group by b.cell_id, b.day`,
);

const estimated = statement<CostRow>(
  "reports_estimated_cost",
  `with b as (
     select u.market, lower(u.category) as category, u.messages, (now() at time zone 'UTC')::date as day
     from unnest($2::text[], $3::text[], $4::integer[]) as u (market, category, messages))
   select ${sums} from b ${priced}`,
);
