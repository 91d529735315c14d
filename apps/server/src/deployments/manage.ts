/** Making, changing and removing deployments: by people, by API keys, and by the provisioning file. */
import { DeploymentInput, type DeploymentPatch, type DeploymentWebhooks } from "@tincan/api";
import Type, { type Static } from "typebox";
import { audit } from "../accounts/audit.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { assertReachableUrl, type ReachPolicy } from "../http/reachable.ts";
import { createLane } from "../lanes/leases.ts";
import { signalLanes } from "../lanes/signals.ts";
import { PROVISIONED_ID, storedId } from "./deployment-id.ts";
import type { DeploymentDirectory } from "./directory.ts";
import {
  defaultSettings, deleteDeployment, findDeployment, findDeploymentByName, insertDeployment, newToken, resolveProvider, type StoredDeployment,
  updateDeployment, type Webhooks,
} from "./store.ts";

export interface ManageDeps {
  database: DatabaseHandle;
  secrets: Secrets;
  directory: DeploymentDirectory;
  policy: ReachPolicy;
}

/** An entry of the provisioning file: as `POST /deployments`, with an id and a token if the file's author wants to choose them. */
export const DeploymentEntry = Type.Interface([DeploymentInput], {
  id: Type.Optional(Type.String({ pattern: PROVISIONED_ID })),
  token: Type.Optional(Type.String({ minLength: 8, maxLength: 200, pattern: "^\\S+$" })),
});
export type DeploymentEntry = Static<typeof DeploymentEntry>;

/** Throws ApiError when a URL may not be called, the provider is not there, or the name is taken. */
export async function createDeployment(deps: ManageDeps, actor: Actor, input: DeploymentEntry): Promise<StoredDeployment> {
  const { db } = deps.database;
  const provider = await providerOf(db, actor, input.provider);
  const webhooks = await checkedWebhooks(deps.policy, input.webhooks, { status: null, inbound: null });
  const urlId = input.id ?? uuidv7();
  const written = {
    workspaceId: actor.workspaceId, id: storedId(urlId), urlId, name: input.name, provider, token: input.token ?? newToken(), webhooks,
    settings: { ...defaultSettings, ...input.settings },
  };
  await db.transaction().execute(async (tx) => {
    await named(insertDeployment(tx, deps.secrets, written));
    await createLane(tx, actor.workspaceId, written.id, "platform");
    await audit(tx, actor, { action: "deployment.created", target: targetOf(written), detail: { platform: "clevertap", provider: provider.nickname } });
  });
  await tell(deps, written);
  return stored(deps, actor, written.id);
}

export async function changeDeployment(deps: ManageDeps, actor: Actor, deployment: StoredDeployment, patch: DeploymentPatch & { token?: string }): Promise<StoredDeployment> {
  const { db } = deps.database;
  const provider = patch.provider === undefined ? deployment.provider : await providerOf(db, actor, patch.provider);
  const webhooks = await checkedWebhooks(deps.policy, patch.webhooks, deployment.webhooks);
  const changed: StoredDeployment = {
    ...deployment, name: patch.name ?? deployment.name, provider, webhooks, token: patch.token ?? deployment.token, settings: { ...deployment.settings, ...patch.settings },
  };
  const differing = changesBetween(deployment, changed);
  if (differing.length === 0) return deployment;
  await db.transaction().execute(async (tx) => {
    await named(updateDeployment(tx, deps.secrets, changed));
    await audit(tx, actor, { action: "deployment.changed", target: targetOf(changed), detail: { changed: differing } });
  });
  await tell(deps, changed);
  return stored(deps, actor, deployment.id);
}

/** Gives the deployment a new token; the old one is refused from now on. */
export async function rotateToken(deps: ManageDeps, actor: Actor, deployment: StoredDeployment): Promise<StoredDeployment> {
  const changed = { ...deployment, token: newToken() };
  await deps.database.db.transaction().execute(async (tx) => {
    await updateDeployment(tx, deps.secrets, changed);
    await audit(tx, actor, { action: "deployment.token_rotated", target: targetOf(changed) });
  });
  await tell(deps, changed);
  return stored(deps, actor, deployment.id);
}

/** What was still to be told to the platform goes with it; messages stay. */
export async function removeDeployment(deps: ManageDeps, actor: Actor, deployment: StoredDeployment): Promise<void> {
  await deps.database.db.transaction().execute(async (tx) => {
    await deleteDeployment(tx, actor.workspaceId, deployment.id);
    await audit(tx, actor, { action: "deployment.removed", target: targetOf(deployment) });
  });
  await tell(deps, deployment);
}

/** Makes the entry of the provisioning file true; found by its id, else by its name. The same entry again changes nothing. */
export async function applyDeployment(deps: ManageDeps, actor: Actor, entry: DeploymentEntry): Promise<StoredDeployment> {
  const { db } = deps.database;
  const { workspaceId } = actor;
  const byId = entry.id === undefined ? null : await findDeployment(db, deps.secrets, workspaceId, storedId(entry.id));
  const found = byId ?? (await findDeploymentByName(db, deps.secrets, workspaceId, entry.name));
  if (found && entry.id !== undefined && found.id !== storedId(entry.id)) throw new ApiError("deployment_name_taken", { field: "name", detail: "It has another id, which never changes." });
  return found ? changeDeployment(deps, actor, found, entry) : createDeployment(deps, actor, entry);
}

async function stored(deps: ManageDeps, actor: Actor, id: string): Promise<StoredDeployment> {
  const deployment = await findDeployment(deps.database.db, deps.secrets, actor.workspaceId, id);
  if (!deployment) throw new ApiError("deployment_not_found");
  return deployment;
}

async function providerOf(db: Database, actor: Actor, idOrNickname: string): Promise<StoredDeployment["provider"]> {
  const provider = await resolveProvider(db, actor.workspaceId, idOrNickname);
  if (!provider) throw new ApiError("provider_not_found", { field: "provider", expected: "the nickname or id of a provider", detail: `None is called "${idOrNickname}".` });
  return provider;
}

/** What is left out stays as it is; null takes a URL away. */
async function checkedWebhooks(policy: ReachPolicy, given: DeploymentWebhooks | undefined, before: Webhooks): Promise<Webhooks> {
  const webhooks = { ...before };
  for (const kind of ["status", "inbound"] as const) {
    const url = given?.[kind];
    if (url === undefined || url === before[kind]) continue;
    if (url !== null) await assertReachableUrl(url, policy, `webhooks.${kind}`);
    webhooks[kind] = url;
  }
  return webhooks;
}

function changesBetween(before: StoredDeployment, after: StoredDeployment): string[] {
  const changes = {
    name: before.name !== after.name,
    provider: before.provider.id !== after.provider.id,
    token: before.token !== after.token,
    "webhooks.status": before.webhooks.status !== after.webhooks.status,
    "webhooks.inbound": before.webhooks.inbound !== after.webhooks.inbound,
    "settings.trialPolicy": before.settings.trialPolicy !== after.settings.trialPolicy,
    "settings.callbackBatchSize": before.settings.callbackBatchSize !== after.settings.callbackBatchSize,
    "settings.othersAsText": before.settings.othersAsText !== after.settings.othersAsText,
  };
  return Object.entries(changes).flatMap(([name, differs]) => (differs ? [name] : []));
}

function targetOf(deployment: { urlId: string; name: string }) {
  return { kind: "deployment", id: deployment.urlId, name: deployment.name };
}

/** Every process forgets what it knew; the lane starts over with the new settings. */
async function tell(deps: ManageDeps, deployment: { workspaceId: string; id: string }): Promise<void> {
  deps.directory.changed(deployment.workspaceId);
  await signalLanes(deps.database, "changed", [deployment.id]);
}

const UNIQUE_VIOLATION = "23505";

async function named(writing: Promise<void>): Promise<void> {
  try {
    await writing;
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === UNIQUE_VIOLATION) throw new ApiError("deployment_name_taken", { field: "name" }, { cause });
    throw cause;
  }
}
