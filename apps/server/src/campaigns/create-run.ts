/**
 * Making a run: a snapshot of the definition and of its templates, a cell for each variant, and the events that it waits for. From then on
 * neither the campaign nor the registry changes what the run sends.
 */
import type { CampaignDefinition, EventTrigger } from "@tincan/api";
import { eventKey } from "../contacts/events.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import { findTemplateOf } from "../templates/store.ts";
import { endOf } from "./schedule.ts";
import { findSender } from "./sender.ts";
import "./tables.ts";
import type { CampaignRow, RunDefinition, TemplateSnapshot } from "./types.ts";

/** The cell of people who get nothing, to compare with. */
export const CONTROL = "control";

/**
 * Makes the campaign's next run, in the transaction that moves the campaign on. A provider that is gone, or a template that can no longer be sent,
 * makes a run that has failed already.
 */
export async function createRun(tx: Database, campaign: CampaignRow, dueAt: Date): Promise<{ id: string; failure: string | null }> {
  const { workspace_id: workspaceId } = campaign;
  // A launched campaign's definition is whole: it was checked.
  const definition = campaign.definition as CampaignDefinition;
  const { templates, failure } = await snapshotTemplates(tx, workspaceId, definition);
  const id = uuidv7();
  const snapshot: RunDefinition = { ...definition, templates };
  const test = definition.content.mode === "ab" ? definition.content.test : undefined;
  const decidesAt = test === undefined ? null : new Date(dueAt.getTime() + test.decideAfter * 60_000);
  await insertRun.run(tx, [workspaceId, id, campaign.id, campaign.runs + 1, failure === null ? "waiting" : "failed", failure, JSON.stringify(snapshot), dueAt, decidesAt, definition.schedule.kind === "event"]);
  if (failure !== null) return { id, failure };
  const variants = definition.content.variants.map(({ key }) => key);
  if (definition.controlShare > 0) variants.push(CONTROL);
  await insertCells.run(tx, [workspaceId, campaign.id, id, variants.map(() => uuidv7()), variants]);
  await watchEvents(tx, campaign, id, definition, dueAt);
  return { id, failure: null };
}

async function snapshotTemplates(tx: Database, workspaceId: string, { provider, content }: CampaignDefinition): Promise<{ templates: RunDefinition["templates"]; failure: string | null }> {
  const templates: Record<string, TemplateSnapshot> = {};
  if (!(await findSender(tx, workspaceId, provider))) return { templates, failure: "Its provider is not there any more." };
  for (const { template } of content.variants) {
    const key = `${template.name} ${template.language}`;
    if (key in templates) continue;
    const found = await findTemplateOf(tx, workspaceId, provider, template.name, template.language);
    if (found?.status !== "APPROVED") {
      return { templates, failure: `The template ${template.name} (${template.language}) cannot be sent: ${found ? `its status is ${found.status}` : "it is not there any more"}.` };
    }
    const category = found.category.toLowerCase();
    templates[key] = {
      name: found.name,
      language: found.language,
      category: category === "utility" || category === "authentication" ? category : "marketing",
      parameterFormat: found.parameterFormat,
      components: found.components,
    };
  }
  return { templates, failure: null };
}

/** Goals are watched as long after the run's end as they may take; the engine sets that time when the run ends. */
async function watchEvents(tx: Database, campaign: CampaignRow, runId: string, { schedule, goal }: CampaignDefinition, dueAt: Date): Promise<void> {
  const triggers: { role: string; trigger: EventTrigger; until: Date | null }[] = [];
  if (schedule.kind === "event") {
    triggers.push({ role: "start", trigger: schedule.trigger, until: endOf(schedule) });
    if (schedule.unless) triggers.push({ role: "unless", trigger: schedule.unless, until: null });
  }
  if (goal) triggers.push({ role: "goal", trigger: goal, until: null });
  if (triggers.length === 0) return;
  await insertTriggers.run(tx, [campaign.workspace_id, campaign.id, runId, triggers.map(({ trigger }) => eventKey(trigger.event)), triggers.map(({ role }) => role), triggers.map(({ until }) => until), dueAt]);
}

const insertRun = statement(
  "campaigns_insert_run",
  `insert into campaign_runs (workspace_id, id, campaign_id, number, state, reason, definition, due_at, decides_at, live, ended_at)
   values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, case when $5 = 'failed' then now() end)`,
);

const insertCells = statement(
  "campaigns_insert_cells",
  `insert into campaign_cells (workspace_id, campaign_id, run_id, id, variant) select $1, $2, $3, * from unnest($4::uuid[], $5::text[])`,
);

const insertTriggers = statement(
  "campaigns_insert_triggers",
  `insert into campaign_triggers (workspace_id, campaign_id, run_id, event_key, role, until, since)
   select $1, $2, $3, t.*, $7 from unnest($4::text[], $5::text[], $6::timestamptz[]) t on conflict do nothing`,
);
