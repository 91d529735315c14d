/** Campaigns and their runs as rows. What the engine writes while a run goes on is in engine/. */
import type { Campaign, CampaignCounts, CampaignQuery, CampaignState } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { escapeLike } from "../database/like.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import { pageOf, readCursor } from "../http/paging.ts";
import type { NamedOrigin } from "../ledger/present.ts";
import "./tables.ts";
import type { CampaignRow, RunRow } from "./types.ts";

/** A campaign's row with its provider's nickname. */
export interface NamedCampaign extends CampaignRow {
  nickname: string | null;
}

/** Throws ApiError `campaign_not_found`. */
export async function findCampaign(db: Database, workspaceId: string, id: string): Promise<NamedCampaign> {
  const [row] = await find.run(db, [workspaceId, id]);
  if (!row) throw new ApiError("campaign_not_found");
  return row;
}

/** The row, locked: whoever changes a campaign's state holds it, so that a launch and a stop never cross. */
export async function lockCampaign(tx: Database, workspaceId: string, id: string): Promise<CampaignRow> {
  const [row] = await lock.run(tx, [workspaceId, id]);
  if (!row) throw new ApiError("campaign_not_found");
  return row;
}

interface PlacedCampaign extends NamedCampaign {
  place: string;
}

/** One page of campaigns, as rows. */
export async function listCampaigns(db: Database, workspaceId: string, query: CampaignQuery): Promise<{ items: NamedCampaign[]; next: string | null }> {
  const { limit = 50, sort = "-updatedAt", state = null, label = null, provider = null, archived = false, q } = query;
  const [place = null, id = null] = readCursor(query.after, ["text", "id"]) ?? [];
  const list = sort.startsWith("-") ? listDownwards : listUpwards;
  const rows = await list.run(db, [workspaceId, state, label, provider, archived, q ? `%${escapeLike(q)}%` : null, sort.replace("-", ""), place, id, limit + 1]);
  return pageOf(rows, limit, { item: (row) => row, key: (row) => [row.place, row.id] });
}

/** Runs of a campaign, newest first. */
export async function newestRuns(db: Database, workspaceId: string, campaignId: string, limit: number): Promise<RunRow[]> {
  return runs.run(db, [workspaceId, campaignId, limit]);
}

/** What became of the messages of each campaign, all runs together. A handful of rows per hour of sending is added up. */
export async function countsOf(db: Database, workspaceId: string, campaignIds: string[]): Promise<Map<string, CampaignCounts>> {
  const rows = campaignIds.length === 0 ? [] : await counts.run(db, [workspaceId, campaignIds]);
  return new Map(rows.map(({ campaign_id, opted_out, revenue, ...numbers }) => [campaign_id, { ...numbers, optedOut: opted_out, revenue: Number(revenue) }]));
}

/** People left out of a campaign's runs, most first. */
export async function lossesOf(db: Database, workspaceId: string, campaignId: string): Promise<Campaign["losses"]> {
  return losses.run(db, [workspaceId, campaignId]);
}

/** The labels of all campaigns, those in the archive too, each once. */
export async function labelsOf(db: Database, workspaceId: string): Promise<string[]> {
  return (await labels.run(db, [workspaceId])).map(({ label }) => label);
}

export const noCounts: CampaignCounts = { queued: 0, submitted: 0, sent: 0, delivered: 0, read: 0, clicked: 0, replied: 0, converted: 0, optedOut: 0, failed: 0, revenue: 0 };

export interface NewCampaign {
  workspaceId: string;
  id: string;
  definition: Campaign["definition"];
  createdBy: string | null;
  createdByName: string;
}

export async function insertCampaign(tx: Database, campaign: NewCampaign): Promise<void> {
  const { workspaceId, id, definition } = campaign;
  await insert.run(tx, [workspaceId, id, ...shownOf(definition), JSON.stringify(definition), campaign.createdBy, campaign.createdByName]);
}

/** Replaces a draft's definition; an approval given before no longer counts. */
export async function saveDefinition(tx: Database, workspaceId: string, id: string, definition: Campaign["definition"]): Promise<void> {
  await save.run(tx, [workspaceId, id, ...shownOf(definition), JSON.stringify(definition)]);
}

/** Members of the definition that lists show and search. */
function shownOf(definition: Campaign["definition"]): [string, string[], string | null, boolean] {
  return [definition.name ?? "", definition.labels ?? [], definition.provider ?? null, definition.schedule?.kind === "event"];
}

export interface StateChange {
  state: CampaignState;
  reason?: string | null;
  nextRunAt?: Date | null;
  launchedAt?: Date;
  endedAt?: Date;
  approvedBy?: string;
}

/** What is left out stays as it is, but for `reason`, which then is forgotten. */
export async function setState(tx: Database, workspaceId: string, id: string, change: StateChange): Promise<void> {
  const { state, reason = null, nextRunAt, launchedAt = null, endedAt = null, approvedBy = null } = change;
  await move.run(tx, [workspaceId, id, state, reason, nextRunAt ?? null, nextRunAt !== undefined, launchedAt, endedAt, approvedBy]);
}

/** The campaigns behind the cells that messages bear as their origin, with the variant where there are several. */
export async function campaignNames(db: Database, workspaceId: string, cellIds: string[]): Promise<Map<string, NamedOrigin>> {
  const rows = await names.run(db, [workspaceId, cellIds]);
  return new Map(rows.map((row) => [row.id, { id: row.campaign_id, name: row.variants > 1 ? `${row.name} (${row.variant})` : row.name }]));
}

const find = statement<NamedCampaign>(
  "campaigns_find",
  `select c.*, p.nickname from campaigns c left join providers p on p.workspace_id = $1 and p.id = c.provider_id where c.workspace_id = $1 and c.id::text = $2`,
);

const lock = statement<CampaignRow>("campaigns_lock", `select * from campaigns where workspace_id = $1 and id = $2 for update`);

const labels = statement<{ label: string }>("campaigns_labels", `select distinct unnest(labels) as label from campaigns where workspace_id = $1 order by label`);

/** A workspace has some thousands of campaigns at most: all that pass are sorted for a page. $7 names what they are sorted by. */
const listSorted = (direction: "asc" | "desc") =>
  `select * from (
     select c.*, p.nickname,
       case $7::text when 'name' then lower(c.name)
         else to_char(case $7::text when 'launchedAt' then coalesce(c.launched_at, '-infinity'::timestamptz) else c.updated_at end at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US') end
         collate "C" as place
     from campaigns c left join providers p on p.workspace_id = $1 and p.id = c.provider_id
     where c.workspace_id = $1 and ($2::text is null or c.state = $2) and ($3::text is null or $3 = any (c.labels))
       and ($4::text is null or c.provider_id::text = $4) and (c.archived_at is not null) = $5::boolean and ($6::text is null or c.name ilike $6)
   ) c
   where $8::text is null or place ${direction === "asc" ? ">" : "<"} $8 collate "C" or (place = $8 and id::text > $9::text)
   order by place ${direction}, id::text limit $10`;
const listUpwards = statement<PlacedCampaign>("campaigns_list", listSorted("asc"));
const listDownwards = statement<PlacedCampaign>("campaigns_list_downwards", listSorted("desc"));

const runs = statement<RunRow>(
  "campaigns_runs",
  `select * from campaign_runs where workspace_id = $1 and campaign_id = $2 order by number desc limit $3`,
);

type CountRow = Omit<CampaignCounts, "optedOut" | "revenue"> & { campaign_id: string; opted_out: number; revenue: string };

/** By campaign_cells_campaign, then the primary key of the counts. */
const counts = statement<CountRow>(
  "campaigns_counts",
  `select c.campaign_id, sum(n.queued)::int as queued, sum(n.submitted)::int as submitted, sum(n.sent)::int as sent, sum(n.delivered)::int as delivered,
     sum(n.read)::int as read, sum(n.clicked)::int as clicked, sum(n.replied)::int as replied, sum(n.converted)::int as converted,
     sum(n.opted_out)::int as opted_out, sum(n.failed)::int as failed, sum(n.revenue)::text as revenue
   from campaign_cells c join campaign_counts n on n.workspace_id = $1 and n.cell_id = c.id
   where c.workspace_id = $1 and c.campaign_id = any ($2::uuid[]) and c.variant <> 'control'
   group by c.campaign_id`,
);

/** By the runs of the campaign, then the primary key of the losses. */
const losses = statement<Campaign["losses"][number]>(
  "campaigns_losses",
  `select l.reason, sum(l.people)::int as people
   from campaign_runs r join campaign_losses l on l.workspace_id = $1 and l.run_id = r.id
   where r.workspace_id = $1 and r.campaign_id = $2
   group by l.reason having sum(l.people) > 0 order by people desc, l.reason`,
);

const insert = statement(
  "campaigns_insert",
  `insert into campaigns (workspace_id, id, state, name, labels, provider_id, live, definition, created_by, created_by_name)
   values ($1, $2, 'draft', $3, $4, $5, $6, $7, $8, $9)`,
);

const save = statement(
  "campaigns_save",
  `update campaigns set name = $3, labels = $4, provider_id = $5, live = $6, definition = $7, state = 'draft', reason = null, version = version + 1,
     approved_by_name = null, approved_at = null, updated_at = now()
   where workspace_id = $1 and id = $2`,
);

const move = statement(
  "campaigns_move",
  `update campaigns set state = $3, reason = $4, next_run_at = case when $6::boolean then $5::timestamptz else next_run_at end,
     launched_at = coalesce($7::timestamptz, launched_at), ended_at = coalesce($8::timestamptz, ended_at),
     approved_by_name = coalesce($9::text, approved_by_name), approved_at = case when $9::text is null then approved_at else now() end, updated_at = now()
   where workspace_id = $1 and id = $2`,
);

const names = statement<{ id: string; campaign_id: string; name: string; variant: string; variants: number }>(
  "campaigns_names",
  `select c.id, c.campaign_id, a.name, c.variant, jsonb_array_length(a.definition -> 'content' -> 'variants') as variants
   from campaign_cells c join campaigns a on a.workspace_id = $1 and a.id = c.campaign_id
   where c.workspace_id = $1 and c.id = any ($2::uuid[])`,
);
