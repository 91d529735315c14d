/** A server with campaigns whose counters are written as their messages would have left them. */
import { randomUUID } from "node:crypto";
import type { CampaignCounts, CampaignDefinition } from "@tincan/api";
import { sql } from "kysely";
import { startTestServer, type TestServer } from "../../../../../tests/support/server.ts";
import type { Visitor } from "../../../../../tests/support/visitor.ts";
import { buildFeatures } from "../../wiring.ts";

export interface ReportWorld extends TestServer {
  api: Visitor;
  workspaceId: string;
  /** A campaign with a run and a cell for each variant of its definition, and one for the control group. */
  campaign(definition?: Partial<CampaignDefinition>): Promise<{ id: string; runId: string; cells: Record<string, string> }>;
  /** Counts in an hour of a cell. */
  count(cellId: string, hour: string, counts: Partial<CampaignCounts>, slot?: number): Promise<void>;
  lost(runId: string, reason: string, people: number): Promise<void>;
  failed(cellId: string, failure: string, title: string, messages: number): Promise<void>;
  cost(cellId: string, row: { day: string; market: string; category: string; delivered: number; billable?: boolean }): Promise<void>;
}

export const variant = (key: string, more: object = {}) => ({ key, template: { name: "sale", language: "en" }, values: {}, ...more });

export async function startReportWorld(env: Record<string, string> = {}): Promise<ReportWorld> {
  const server = await startTestServer({ env: { TINCAN_SANDBOX: "on", ...env }, build: buildFeatures });
  await server.admin();
  const api = await server.script("admin");
  const { db } = server.database;
  const workspaceId = (await sql<{ id: string }>`select id from workspaces`.execute(db)).rows[0]!.id;
  return {
    ...server,
    api,
    workspaceId,
    campaign: async (definition = {}) => {
      const whole = { name: "Sale", content: { mode: "single", variants: [variant("A")] }, ...definition };
      const [id, runId] = [randomUUID(), randomUUID()];
      await sql`insert into campaigns (workspace_id, id, name, state, definition, created_by_name, launched_at) values (${workspaceId}, ${id}, ${whole.name}, 'running', ${JSON.stringify(whole)}, 'Ada', now())`.execute(db);
      await sql`insert into campaign_runs (workspace_id, id, campaign_id, number, state, definition, due_at, lease_until) values (${workspaceId}, ${runId}, ${id}, 1, 'paused', ${JSON.stringify(whole)}, now(), 'infinity')`.execute(db);
      const cells: Record<string, string> = {};
      for (const key of [...whole.content.variants.map((each) => each.key), "control"]) {
        cells[key] = randomUUID();
        await sql`insert into campaign_cells values (${workspaceId}, ${cells[key]}, ${id}, ${runId}, ${key})`.execute(db);
      }
      return { id, runId, cells };
    },
    count: async (cellId, hour, counts, slot = 0) => {
      const { queued = 0, submitted = 0, sent = 0, delivered = 0, read = 0, clicked = 0, failed = 0, replied = 0, converted = 0, optedOut = 0, revenue = 0 } = counts;
      await sql`insert into campaign_counts values (${workspaceId}, ${cellId}, ${hour}, ${slot}, ${queued}, ${submitted}, ${sent}, ${delivered}, ${read}, ${clicked}, ${failed}, ${replied}, ${converted}, ${optedOut}, ${revenue})`.execute(db);
    },
    lost: async (runId, reason, people) => void (await sql`insert into campaign_losses values (${workspaceId}, ${runId}, ${reason}, ${people})`.execute(db)),
    failed: async (cellId, failure, title, messages) => void (await sql`insert into campaign_failures values (${workspaceId}, ${cellId}, ${failure}, 0, ${title}, ${messages})`.execute(db)),
    cost: async (cellId, { day, market, category, delivered, billable = true }) => void (await sql`insert into campaign_costs values (${workspaceId}, ${cellId}, ${day}, ${market}, ${category}, ${billable}, 0, ${delivered})`.execute(db)),
  };
}
