/** The people behind a number of a campaign: who was left out and why, who waits, whose message came how far, who answered. */
import type { CampaignPeopleQuery, CampaignPerson } from "@tincan/api";
import { survivorsOf } from "../contacts/merged.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import { pageOf, readCursor, writeCursor } from "../http/paging.ts";
import { messagesBehind, type Step } from "../ledger/behind.ts";
import { amongAudience } from "../segments/audience.ts";

type Page = { items: CampaignPerson[]; next: string | null };

interface Cell {
  id: string;
  run_id: string;
  variant: string;
}

export async function campaignPeople(db: Database, workspaceId: string, campaignId: string, query: CampaignPeopleQuery): Promise<Page> {
  const all = await cells.run(db, [workspaceId, campaignId, query.run ?? null, query.variant ?? null]);
  if (query.loss !== undefined) return leftOut(db, workspaceId, campaignId, { ...query, state: "lost", reason: query.loss });
  if (query.step === "waiting") return leftOut(db, workspaceId, campaignId, { ...query, state: "open", reason: null });
  const variants = new Map(all.map((cell) => [cell.id, cell.variant]));
  if (query.step === "replied" || query.step === "converted" || query.step === "optedOut") return responded(db, workspaceId, variants, query, query.step);
  return behind(db, workspaceId, variants, query, query.failure === undefined ? (query.step ?? "queued") : "failed");
}

/** Rows of campaign_people, by campaign_people_behind or the primary key. */
async function leftOut(db: Database, workspaceId: string, campaignId: string, query: CampaignPeopleQuery & { state: "lost" | "open"; reason: string | null }): Promise<Page> {
  const { limit = 50 } = query;
  const [after = null] = readCursor(query.after, ["id"]) ?? [];
  const rows = await lost.run(db, [workspaceId, campaignId, query.run ?? null, query.state, query.reason, after, limit + 1, query.variant ?? null]);
  const page = pageOf(rows, limit, { item: (row) => row, key: (row) => [row.id] });
  return { items: await named(db, workspaceId, page.items, (row) => ({ variant: row.variant, reason: row.reason, detail: row.detail, at: (row.due_at ?? row.at).toISOString() })), next: page.next };
}

async function behind(db: Database, workspaceId: string, variants: ReadonlyMap<string, string>, query: CampaignPeopleQuery, step: Step): Promise<Page> {
  const { limit = 50, failure } = query;
  const [originId, externalId] = readCursor(query.after, ["id", "text"]) ?? [];
  const { rows, next } = await messagesBehind(db, workspaceId, { originIds: [...variants.keys()], step, failure, limit, after: originId === undefined ? undefined : { originId, externalId: externalId! } });
  const people = rows.map((row) => ({ ...row, contact_id: row.external_id.slice(0, 36) }));
  const items = await named(db, workspaceId, people, (row) => ({
    phone: row.recipient, variant: variants.get(row.origin_id) ?? null, messageId: row.id, reason: row.error?.title ?? null, detail: row.error?.details ?? null, at: row.at.toISOString(),
  }));
  return { items, next: next ? writeCursor([next.originId, next.externalId]) : null };
}

async function responded(db: Database, workspaceId: string, variants: ReadonlyMap<string, string>, query: CampaignPeopleQuery, kind: string): Promise<Page> {
  const { limit = 50 } = query;
  const [cell = null, contact = null] = readCursor(query.after, ["id", "id"]) ?? [];
  const rows = await responses.run(db, [workspaceId, [...variants.keys()], kind, cell, contact, limit + 1]);
  const page = pageOf(rows, limit, { item: (row) => row, key: (row) => [row.cell_id, row.contact_id] });
  return { items: await named(db, workspaceId, page.items, (row) => ({ variant: variants.get(row.cell_id) ?? null, detail: row.revenue, at: row.at.toISOString() })), next: page.next };
}

/** With names and numbers as they are now, of whom they were merged into too; somebody who was deleted has neither. */
async function named<Row extends { contact_id: string }>(db: Database, workspaceId: string, rows: readonly Row[], about: (row: Row) => Partial<CampaignPerson>): Promise<CampaignPerson[]> {
  const merged = await survivorsOf(db, workspaceId, rows.map((row) => row.contact_id));
  const idOf = (row: Row): string => merged.get(row.contact_id) ?? row.contact_id;
  const people = new Map((await amongAudience(db, workspaceId, { everyone: true }, [...new Set(rows.map(idOf))])).map((contact) => [contact.id, contact]));
  return rows.map((row) => {
    const contact = people.get(idOf(row));
    return { contactId: contact?.id ?? null, name: contact?.name ?? null, phone: contact?.phone ?? null, variant: null, messageId: null, reason: null, detail: null, at: null, ...about(row) };
  });
}

/** Throws ApiError for a filter that names nothing of the campaign. */
export function assertOneFilter({ loss, step, failure }: CampaignPeopleQuery): void {
  if ([loss, step, failure].filter((each) => each !== undefined).length > 1) throw new ApiError("invalid_input", { field: "step", expected: "the only one given of loss, step and failure" });
}

const cells = statement<Cell>(
  "campaigns_people_cells",
  `select id, run_id, variant from campaign_cells
   where workspace_id = $1 and campaign_id = $2 and ($3::text is null or run_id::text = $3) and case when $4::text is null then variant <> 'control' else variant = $4 end
   order by id`,
);

const lost = statement<{ id: string; contact_id: string; reason: string | null; detail: string | null; at: Date; due_at: Date | null; variant: string | null }>(
  "campaigns_left_out",
  `select p.id, p.contact_id, p.reason, p.detail, p.at, p.due_at, c.variant
   from campaign_people p left join campaign_cells c on c.workspace_id = $1 and c.id = p.cell_id
   where p.workspace_id = $1 and p.run_id = any (array (select r.id from campaign_runs r where r.workspace_id = $1 and r.campaign_id = $2 and ($3::text is null or r.id::text = $3)))
     and (p.state = 'lost') = ($4 = 'lost') and ($5::text is null or p.reason = $5) and ($6::uuid is null or p.id > $6) and ($8::text is null or c.variant = $8)
   order by p.id limit $7`,
);

const responses = statement<{ cell_id: string; contact_id: string; at: Date; revenue: string | null }>(
  "campaigns_responded",
  `select cell_id, contact_id, at, revenue::text from campaign_responses
   where workspace_id = $1 and cell_id = any ($2::uuid[]) and kind = $3 and ($4::uuid is null or (cell_id, contact_id) > ($4, $5::uuid))
   order by cell_id, contact_id limit $6`,
);
