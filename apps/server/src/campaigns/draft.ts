/** A campaign as it would run now, without a run: for the funnel and previews. Nothing of it is stored. */
import type { Campaign, CampaignDefinition } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { uuidv7 } from "../database/uuid.ts";
import { ApiError } from "../http/errors.ts";
import { findTemplateOf } from "../templates/store.ts";
import { CampaignFault, openRun, type OpenRunOptions, type RunContext } from "./run-context.ts";
import type { RunDefinition, RunRow, TemplateSnapshot } from "./types.ts";

const defaults: Omit<CampaignDefinition, "provider" | "audience" | "content"> = {
  name: "", labels: [], schedule: { kind: "now" }, timing: { kind: "together" }, quietHours: null, pace: {}, goal: null, controlShare: 0, retryCapped: null,
  links: { track: false }, couponPool: null, customProps: {},
};

/** Throws ApiError `campaign_unfinished` for a draft that says too little, or whose texts cannot be filled. */
export async function openDraft(db: Database, workspaceId: string, campaignId: string | null, given: Campaign["definition"], options: OpenRunOptions, now = new Date()): Promise<RunContext> {
  const { provider, content, audience } = given;
  if (provider === undefined) throw unfinished("provider", "Choose the number it is sent from.");
  if (content === undefined) throw unfinished("content", "Choose a template.");
  if (audience === undefined) throw unfinished("audience", "Choose who gets it.");
  const templates: Record<string, TemplateSnapshot> = {};
  for (const { template } of content.variants) {
    const found = await findTemplateOf(db, workspaceId, provider, template.name, template.language);
    if (found) templates[`${template.name} ${template.language}`] = snapshotOf(found);
  }
  try {
    return await openRun(db, draftRow(workspaceId, campaignId, { ...defaults, ...given, provider, content, audience, templates }, now), { ...options, draft: true });
  } catch (cause) {
    if (cause instanceof CampaignFault) throw unfinished(cause.path, cause.message);
    throw cause;
  }
}

function unfinished(field: string, detail: string): ApiError {
  return new ApiError("campaign_unfinished", { field, detail });
}

/** What a run keeps of a template. */
export function snapshotOf({ name, language, category, parameterFormat, components }: Pick<TemplateSnapshot, "name" | "language" | "parameterFormat" | "components"> & { category: string }): TemplateSnapshot {
  const known = category.toLowerCase();
  return { name, language, category: known === "utility" || known === "authentication" ? known : "marketing", parameterFormat, components };
}

function draftRow(workspaceId: string, campaignId: string | null, definition: RunDefinition, now: Date): RunRow {
  const id = uuidv7();
  return {
    workspace_id: workspaceId, id, campaign_id: campaignId ?? id, number: 0, state: "waiting", reason: null, definition, due_at: now, live: definition.schedule.kind === "event",
    owner: null, lease_until: now, resume_at: null, idle_until: null, paused_at: null, after_contact: null, looked_at_all: false, expected: null, people: 0, handed_over: 0, waiting: 0,
    minute: null, in_minute: 0, per_second: null, winner: null, decides_at: null, created_at: now, started_at: now, ended_at: null,
  };
}
