/**
 * Counters of campaigns, kept by the transactions that change messages: a page over millions of messages adds up a few rows. Each step of a
 * message is told once, so it is counted once; `tincan verify` counts the messages themselves and compares.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { callingCodeOf } from "../../contacts/phone.ts";
import type { StatusListener, SubmittedListener } from "../../ledger/listeners.ts";
import type { StatusChange } from "../../ledger/types.ts";
import { addCounts } from "./add-counts.ts";
import { retryCapped } from "./retry-capped.ts";
import { anySlot } from "./slot.ts";

const LONGEST_TITLE = 300;

/** Steps of campaigns' messages: their numbers, why they failed, what they cost, and who is tried again. */
export function campaignCounts(): StatusListener {
  return async (tx, workspaceId, all) => {
    const changes = all.filter(({ originKind }) => originKind === "campaign");
    if (changes.length === 0) return;
    await addCounts(tx, workspaceId, changes.map(({ originId, status, at }) => ({ cellId: originId, at, [status]: 1 })));
    const failed = changes.filter(({ status }) => status === "failed");
    await countFailures(tx, workspaceId, failed);
    await countCosts(tx, workspaceId, changes.filter(({ status }) => status === "delivered"));
    await retryCapped(tx, workspaceId, failed);
  };
}

/** What providers took. */
export function campaignSubmissions(): SubmittedListener {
  return async (tx, workspaceId, submitted) => {
    const at = new Date();
    const cells = new Set((await isCell.run(tx, [workspaceId, [...submitted.keys()]])).map((row) => row.id));
    await addCounts(tx, workspaceId, [...submitted].filter(([cellId]) => cells.has(cellId)).map(([cellId, n]) => ({ cellId, at, submitted: n })));
  };
}

/** By who refused and the code: "meta:131049". */
async function countFailures(tx: Database, workspaceId: string, failed: readonly StatusChange[]): Promise<void> {
  const sums = new Map<string, { cellId: string; failure: string; title: string; messages: number }>();
  for (const { originId, error } of failed) {
    const failure = error ? `${error.source}:${error.code}` : "provider:0";
    const sum = sums.get(`${originId} ${failure}`);
    if (sum) sum.messages++;
    else sums.set(`${originId} ${failure}`, { cellId: originId, failure, title: (error?.title ?? "No reason was given").slice(0, LONGEST_TITLE), messages: 1 });
  }
  if (sums.size === 0) return;
  const rows = inOrder(sums);
  await addFailures.run(tx, [workspaceId, anySlot(), rows.map((r) => r.cellId), rows.map((r) => r.failure), rows.map((r) => r.title), rows.map((r) => r.messages)]);
}

/**
 * By day, calling code, category and whether Meta bills it. Meta tells with a receipt; a message of which nothing was told counts as billable
 * in its template's category.
 */
async function countCosts(tx: Database, workspaceId: string, delivered: readonly StatusChange[]): Promise<void> {
  const sums = new Map<string, { cellId: string; day: string; market: string; category: string; billable: boolean; delivered: number }>();
  for (const { originId, at, recipient, category, pricing } of delivered) {
    const told = readPricing(pricing);
    const row = { cellId: originId, day: at.toISOString().slice(0, 10), market: callingCodeOf(recipient), category: told.category ?? category, billable: told.billable ?? true };
    const key = Object.values(row).join(" ");
    const sum = sums.get(key);
    if (sum) sum.delivered++;
    else sums.set(key, { ...row, delivered: 1 });
  }
  if (sums.size === 0) return;
  const rows = inOrder(sums);
  await addCosts.run(tx, [
    workspaceId, anySlot(), rows.map((r) => r.cellId), rows.map((r) => r.day), rows.map((r) => r.market), rows.map((r) => r.category), rows.map((r) => r.billable), rows.map((r) => r.delivered),
  ]);
}

/** The parts that matter of what a receipt said; see Pricing in @tincan/whatsapp. */
function readPricing(pricing: unknown): { category?: string; billable?: boolean } {
  if (typeof pricing !== "object" || pricing === null) return {};
  const { category, billable } = pricing as Record<string, unknown>;
  return { ...(typeof category === "string" && { category: category.slice(0, 60) }), ...(typeof billable === "boolean" && { billable }) };
}

/** In the order of their keys, so that two batches never deadlock. */
function inOrder<Row>(sums: ReadonlyMap<string, Row>): Row[] {
  return [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, row]) => row);
}

const isCell = statement<{ id: string }>("campaigns_is_cell", `select id from campaign_cells where workspace_id = $1 and id = any ($2::uuid[])`);

const addFailures = statement(
  "campaigns_add_failures",
  `insert into campaign_failures as f (workspace_id, slot, cell_id, failure, title, messages)
   select $1, $2, * from unnest($3::uuid[], $4::text[], $5::text[], $6::integer[])
   on conflict (workspace_id, cell_id, failure, slot) do update set messages = f.messages + excluded.messages`,
);

const addCosts = statement(
  "campaigns_add_costs",
  `insert into campaign_costs as c (workspace_id, slot, cell_id, day, market, category, billable, delivered)
   select $1, $2, * from unnest($3::uuid[], $4::date[], $5::text[], $6::text[], $7::boolean[], $8::integer[])
   on conflict (workspace_id, cell_id, day, market, category, billable, slot) do update set delivered = c.delivered + excluded.delivered`,
);
