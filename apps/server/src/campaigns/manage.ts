/** Writing campaigns: drafts, changes, copies. */
import type { Campaign, CampaignInput, CampaignPatch } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { withDefaults } from "./check.ts";
import { checkTimes } from "./check-times.ts";
import { findSender } from "./sender.ts";
import { findCampaign, insertCampaign, lockCampaign, saveDefinition } from "./store.ts";

/** Makes a draft; it may be unfinished. @returns its id */
export async function createCampaign(db: Database, actor: Actor, input: CampaignInput, action = "campaign.created"): Promise<string> {
  checkTimes(input);
  const id = uuidv7();
  const definition = withDefaults(definedOnly(input));
  await assertProviderId(db, actor, definition.provider);
  await db.transaction().execute(async (tx) => {
    await insertCampaign(tx, { workspaceId: actor.workspaceId, id, definition, createdBy: actor.userId ?? null, createdByName: actor.name });
    await audit(tx, actor, { action, target: { kind: "campaign", id, name: input.name } });
    await tellOnCommit(tx, actor.workspaceId, "campaigns");
  });
  return id;
}

/** Changes a draft, or a rejected campaign, which is then a draft again. */
export async function changeCampaign(db: Database, actor: Actor, id: string, patch: CampaignPatch): Promise<void> {
  checkTimes(patch);
  await assertProviderId(db, actor, patch.provider);
  await db.transaction().execute(async (tx) => {
    const row = await lockCampaign(tx, actor.workspaceId, id);
    if (row.state !== "draft" && row.state !== "rejected") throw new ApiError("campaign_not_editable");
    const definition = { ...row.definition, ...definedOnly(patch) };
    await saveDefinition(tx, actor.workspaceId, id, definition);
    await audit(tx, actor, { action: "campaign.changed", target: { kind: "campaign", id, name: definition.name ?? row.name }, detail: { changed: Object.keys(patch) } });
    await tellOnCommit(tx, actor.workspaceId, "campaigns");
  });
}

/** A draft like it. A time that has passed, and a provider that was deleted, are left for the copy's maker to choose. @returns its id */
export async function cloneCampaign(db: Database, actor: Actor, id: string): Promise<string> {
  const { definition, name, nickname } = await findCampaign(db, actor.workspaceId, id);
  const { provider, ...rest } = definition;
  return createCampaign(db, actor, { ...rest, ...(provider !== undefined && nickname !== null && { provider }), name: `${name.slice(0, 113)} (copy)` }, "campaign.cloned");
}

/** Deletes a draft that was never launched; others leave traces in messages and are archived. */
export async function deleteCampaign(db: Database, actor: Actor, id: string): Promise<void> {
  await db.transaction().execute(async (tx) => {
    const row = await lockCampaign(tx, actor.workspaceId, id);
    if (row.launched_at !== null || (row.state !== "draft" && row.state !== "rejected")) throw new ApiError("campaign_wrong_state", { detail: "It was launched; archive it." });
    await remove.run(tx, [actor.workspaceId, id]);
    await audit(tx, actor, { action: "campaign.deleted", target: { kind: "campaign", id, name: row.name } });
    await tellOnCommit(tx, actor.workspaceId, "campaigns");
  });
}

/** Stored as an id, so it must be one of this workspace's. */
async function assertProviderId(db: Database, actor: Actor, provider: string | undefined): Promise<void> {
  if (provider === undefined) return;
  if (!(await findSender(db, actor.workspaceId, provider))) throw new ApiError("provider_not_found", { field: "provider" });
}

function definedOnly(given: CampaignPatch): Campaign["definition"] {
  return Object.fromEntries(Object.entries(given).filter(([, value]) => value !== undefined));
}

const remove = statement("campaigns_delete", `delete from campaigns where workspace_id = $1 and id = $2`);
