/**
 * Adds to the counters of cells, in the transaction of what is counted. One statement whatever the number; rows in key order, so that two
 * batches never deadlock.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { anySlot } from "./slot.ts";

/** `retried` are those of `queued` that are another try for somebody who had a message before. */
const numbers = ["queued", "retried", "submitted", "sent", "delivered", "read", "clicked", "failed", "replied", "converted", "optedOut"] as const;
type Numbers = (typeof numbers)[number];

/** What one thing adds; `at` says which hour it is shown in. */
export type CountDelta = { cellId: string; at: Date; revenue?: number } & Partial<Record<Numbers, number>>;

export async function addCounts(tx: Database, workspaceId: string, deltas: readonly CountDelta[]): Promise<void> {
  if (deltas.length === 0) return;
  const sums = new Map<string, Record<Numbers, number> & { cellId: string; hour: Date; revenue: number }>();
  for (const delta of deltas) {
    const hour = new Date(delta.at);
    hour.setUTCMinutes(0, 0, 0);
    const key = `${delta.cellId} ${hour.toISOString()}`;
    let sum = sums.get(key);
    if (!sum) {
      sum = { cellId: delta.cellId, hour, revenue: 0, queued: 0, retried: 0, submitted: 0, sent: 0, delivered: 0, read: 0, clicked: 0, failed: 0, replied: 0, converted: 0, optedOut: 0 };
      sums.set(key, sum);
    }
    for (const name of numbers) sum[name] += delta[name] ?? 0;
    sum.revenue += delta.revenue ?? 0;
  }
  const rows = [...sums].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, sum]) => sum);
  await add.run(tx, [workspaceId, anySlot(), rows.map((row) => row.cellId), rows.map((row) => row.hour), ...numbers.map((name) => rows.map((row) => row[name])), rows.map((row) => row.revenue)]);
}

const columns = ["queued", "retried", "submitted", "sent", "delivered", "read", "clicked", "failed", "replied", "converted", "opted_out", "revenue"];

const add = statement(
  "campaigns_add_counts",
  `insert into campaign_counts as c (workspace_id, slot, cell_id, hour, ${columns.join(", ")})
   select $1, $2, * from unnest($3::uuid[], $4::timestamptz[], ${columns.map((column, i) => `$${i + 5}::${column === "revenue" ? "numeric" : "integer"}[]`).join(", ")})
   on conflict (workspace_id, cell_id, hour, slot) do update set ${columns.map((column) => `${column} = c.${column} + excluded.${column}`).join(", ")}`,
);
