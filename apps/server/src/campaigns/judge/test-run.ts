/** A run without an engine, for tests of what it is judged and composed by. */
import type { Variant } from "@tincan/api";
import { sql } from "kysely";
import { upsertContacts } from "../../contacts/upsert.ts";
import type { ContactDraft } from "../../contacts/types.ts";
import type { Database } from "../../database/connection.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Place } from "../../ledger/test-builders.ts";
import { amongAudience } from "../../segments/audience.ts";
import { openRun, type RunContext } from "../run-context.ts";
import { candidateOf } from "../personalise/profile.ts";
import type { Candidate, RunDefinition, RunRow, TemplateSnapshot } from "../types.ts";
import "../tables.ts";

export const template: TemplateSnapshot = {
  name: "order_ready",
  language: "en",
  category: "marketing",
  parameterFormat: "POSITIONAL",
  components: [{ type: "BODY", text: "Hi {{1}}, order {{2}} is ready" }],
};

export const variant = (key: string, change: Partial<Variant> = {}): Variant => ({
  key,
  template: { name: template.name, language: template.language },
  values: { body: [{ text: "{{ profile.name | default: 'there' }}" }, { text: "42" }] },
  ...change,
});

function definition(place: Place, change: Partial<RunDefinition> = {}): RunDefinition {
  return {
    name: "Diwali",
    labels: [],
    provider: place.providerId,
    audience: { everyone: true },
    content: { mode: "single", variants: [variant("A")] },
    schedule: { kind: "now" },
    timing: { kind: "together" },
    quietHours: null,
    pace: {},
    goal: null,
    controlShare: 0,
    retryCapped: null,
    links: { track: false, utm: {} },
    couponPool: null,
    customProps: {},
    templates: { "order_ready en": template },
    ...change,
  };
}

/** Inserts a run with its cells, and opens it. */
export async function makeRun(db: Database, place: Place, change: Partial<RunDefinition> = {}, row: Partial<RunRow> = {}): Promise<RunContext> {
  const { workspaceId } = place;
  const said = definition(place, change);
  const [id, campaignId] = [uuidv7(), row.campaign_id ?? uuidv7()];
  const live = said.schedule.kind === "event";
  await sql`insert into campaign_runs (workspace_id, id, campaign_id, number, state, definition, due_at, live, created_at, winner)
    values (${workspaceId}, ${id}, ${campaignId}, ${row.number ?? 1}, 'running', ${JSON.stringify(said)}, ${row.due_at ?? new Date()}, ${live}, ${row.created_at ?? new Date()}, ${row.winner ?? null})`.execute(db);
  for (const key of [...said.content.variants.map((each) => each.key), "control"]) {
    await db.insertInto("campaign_cells").values({ workspace_id: workspaceId, id: uuidv7(), campaign_id: campaignId, run_id: id, variant: key }).execute();
  }
  const found = await db.selectFrom("campaign_runs").selectAll().where("workspace_id", "=", workspaceId).where("id", "=", id).executeTakeFirstOrThrow();
  return openRun(db, found as unknown as RunRow, { publicUrl: "https://tincan.example" });
}

let last = 4_000;

/** People as the engine brings them, opted in unless their draft says otherwise, each with a number. */
export async function people(db: Database, workspaceId: string, drafts: ContactDraft[]): Promise<Candidate[]> {
  const { ids, problems } = await db
    .transaction()
    .execute((tx) => upsertContacts(tx, workspaceId, drafts.map((draft) => ({ phone: `+1555${String(++last).padStart(7, "0")}`, consent: { all: "in" as const }, ...draft })), { source: "api" }));
  if (problems[0]) throw new Error(problems[0].message);
  const found = await amongAudience(db, workspaceId, { everyone: true }, ids.map((id) => id!), { now: new Date() });
  return ids.map((id) => candidateOf(found.find((contact) => contact.id === id)!));
}
