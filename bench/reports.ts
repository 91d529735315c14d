/** The report of a campaign of ten million messages: its counters as 30 days of sending two variants would leave them. */
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { sql } from "kysely";
import { openDatabase, type Database } from "../apps/server/src/database/connection.ts";
import { startEmbeddedPostgres } from "../apps/server/src/database/embedded-postgres.ts";
import { migrate } from "../apps/server/src/database/migrate.ts";
import { uuidv7 } from "../apps/server/src/database/uuid.ts";
import { campaignReport } from "../apps/server/src/reports/campaign-report.ts";
import { defineBench } from "./bench.ts";

const MESSAGES = 10_000_000;
const HOURS = 30 * 24;
const SLOTS = 8;
const VARIANTS = ["A", "B"];
const RUNS = 20;
/** The clock of /proc: ticks of 10 ms. */
const TICK_MS = 10;

/** The middle one of some; memory is as warm as on a page that is followed live. */
export const reportsCampaign = defineBench("reports.campaign", "ms", async () => {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-bench-"));
  const postgres = await startEmbeddedPostgres({ home: path.join(folder, "postgres") });
  const database = await openDatabase(postgres.url, { connections: 2 });
  try {
    await migrate(database.db);
    const { workspaceId, id } = await fill(database.db);
    return await database.db.connection().execute(async (db) => {
      const { counts } = await campaignReport(db, workspaceId, id, null);
      if (Math.abs(counts.queued - MESSAGES) > MESSAGES / 100) throw new Error(`The report tells ${counts.queued} messages.`);
      const pid = (await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(db)).rows[0]!.pid;
      const [cpu, own, times] = [cpuOf(pid), process.cpuUsage(), [] as number[]];
      for (let i = 0; i < RUNS; i++) {
        const started = performance.now();
        await campaignReport(db, workspaceId, id, null);
        times.push(performance.now() - started);
      }
      const { user, system } = process.cpuUsage(own);
      const each = `${Math.round((cpuOf(pid) - cpu) / RUNS)} ms of Postgres and ${Math.round((user + system) / 1000 / RUNS)} ms of Node each`;
      return { value: times.toSorted((a, b) => a - b)[RUNS / 2]!, notes: `${each}; ${(HOURS * SLOTS * VARIANTS.length).toLocaleString("en")} rows of counters for ${MESSAGES.toLocaleString("en")} messages` };
    });
  } finally {
    await database.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  }
});

/** Processor time of one of Postgres's processes so far, in ms. */
function cpuOf(pid: number): number {
  const fields = readFileSync(`/proc/${pid}/stat`, "utf8").split(") ")[1]!.split(" ");
  return (Number(fields[11]) + Number(fields[12])) * TICK_MS;
}

async function fill(db: Database): Promise<{ workspaceId: string; id: string }> {
  const [workspaceId, id, runId] = [uuidv7(), uuidv7(), uuidv7()];
  const definition = { content: { mode: "ab", variants: VARIANTS.map((key) => ({ key, template: { name: "sale", language: "en" }, values: {} })) } };
  await sql`insert into workspaces (id, name) values (${workspaceId}, 'Bench')`.execute(db);
  await sql`insert into campaigns (workspace_id, id, name, state, definition, created_by_name) values (${workspaceId}, ${id}, 'Sale', 'running', ${JSON.stringify(definition)}, 'Bench')`.execute(db);
  const perRow = Math.round(MESSAGES / (HOURS * SLOTS * VARIANTS.length));
  for (const variant of VARIANTS) {
    const cellId = uuidv7();
    await sql`insert into campaign_cells (workspace_id, id, campaign_id, run_id, variant) values (${workspaceId}, ${cellId}, ${id}, ${runId}, ${variant})`.execute(db);
    await sql`insert into campaign_counts (workspace_id, cell_id, hour, slot, queued, submitted, sent, delivered, read, clicked, failed)
      select ${workspaceId}::uuid, ${cellId}::uuid, timestamptz '2026-03-01Z' + h * interval '1 hour', s, n, n, n, n * 9 / 10, n / 2, n / 20, n / 10
      from generate_series(0, ${HOURS - 1}::int) h, generate_series(0, ${SLOTS - 1}::int) s, (values (${perRow}::int)) as v (n)`.execute(db);
    await sql`insert into campaign_costs (workspace_id, cell_id, day, market, category, billable, slot, delivered)
      select ${workspaceId}::uuid, ${cellId}::uuid, date '2026-03-01' + d, m::text, 'marketing', true, s, 500 from generate_series(0, 29) d, generate_series(30, 69) m, generate_series(0, ${SLOTS - 1}::int) s`.execute(db);
  }
  await sql`insert into rate_prices (workspace_id, category, market, valid_from, price) values (${workspaceId}, 'marketing', '*', '2026-01-01', 0.05), (${workspaceId}, 'marketing', '49', '2026-01-01', 0.1)`.execute(db);
  await sql`vacuum analyze`.execute(db);
  return { workspaceId, id };
}
