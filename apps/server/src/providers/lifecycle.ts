/** The end of a provider's life, of either kind: archiving, which can be undone, and deleting, which cannot. */
import type { ProviderRemoval, ProviderUses } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { Database } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { signalLanes } from "../lanes/signals.ts";
import { applyReceipts } from "../ledger/receipts.ts";
import { sweepOutbox } from "../ledger/sweep.ts";
import type { ConnectDeps } from "./connect.ts";
import { affectedBy, deleteProvider, setArchived, waitingMessages, type ProviderRow } from "./store.ts";
import { throwTaken } from "./taken.ts";

/** Failing the messages of a deleted provider goes in pieces, so that no statement gets too large. */
const FAIL_AT_ONCE = 5000;

/** What archiving or deleting it would affect. */
export async function usesOf(deps: ConnectDeps, row: ProviderRow): Promise<ProviderUses> {
  const { db } = deps.database;
  const { deployments, templates, queued, claimed } = await affectedBy(db, row.workspace_id, row.id);
  return { deployments, campaigns: await deps.campaignsOf(db, row.workspace_id, row.id), templates, waiting: queued - claimed, underWay: claimed };
}

/**
 * Stops a provider, or lets it go on. Its messages wait meanwhile, platforms are refused, and campaigns that would send through it fail; requests under way end first. Its number may be connected elsewhere
 * while it is archived, and then it cannot come back.
 */
export async function archive(deps: ConnectDeps, actor: Actor, row: ProviderRow, archived: boolean): Promise<void> {
  const { workspace_id: workspaceId, id } = row;
  if ((row.archived_at !== null) === archived) return;
  await deps.database.db.transaction().execute(async (tx) => {
    await setArchived(tx, workspaceId, id, archived).catch(throwTaken);
    await audit(tx, actor, { action: archived ? "provider.archived" : "provider.unarchived", target: target(row) });
    // Deployments that send through it answer differently from now on.
    for (const topic of ["providers", "deployments"] as const) await tellOnCommit(tx, workspaceId, topic);
  });
  await signalLanes(deps.database, "changed", [id]);
}

/**
 * Removes a provider. Refused while its requests are under way, and while something uses it unless `cascade` says to go on: deployments go with it,
 * campaigns fail. Messages that still wait fail, and their origins are told.
 */
export async function removeProvider(deps: ConnectDeps, actor: Actor, row: ProviderRow, { confirm }: ProviderRemoval = {}): Promise<void> {
  const { workspace_id: workspaceId, id } = row;
  const remove = deps.database.db.transaction().execute(async (tx) => {
    const affected = await affectedBy(tx, workspaceId, id);
    const campaigns = await deps.campaignsOf(tx, workspaceId, id);
    if (affected.deployments.length + campaigns.length > 0 && confirm !== "cascade") throw inUse(affected.deployments, campaigns);
    if (affected.claimed > 0) throw new ApiError("provider_busy");
    await endWaiting(deps, tx, workspaceId, id);
    for (const deployment of affected.deployments) {
      await deps.removeDeployment(tx, workspaceId, deployment.id);
      await audit(tx, actor, { action: "deployment.removed", target: { kind: "deployment", ...deployment } });
    }
    await deleteProvider(tx, workspaceId, id);
    await audit(tx, actor, { action: "provider.deleted", target: target(row), detail: { failedMessages: affected.queued } });
    await tellOnCommit(tx, workspaceId, "providers");
    return affected.deployments.map((deployment) => deployment.id);
  });
  const removed = await remove.catch(async (cause: unknown): Promise<never> => {
    // A deployment chose this provider while it was being deleted.
    if (sqlState(cause) === "23503") throw inUse((await affectedBy(deps.database.db, workspaceId, id)).deployments, []);
    throw cause;
  });
  deps.directory.forget();
  deps.callbacks.forget();
  if (removed.length > 0) deps.deploymentsRemoved(workspaceId);
  await signalLanes(deps.database, "changed", [id, ...removed]);
}

/** What waits without anybody knowing whether it was sent becomes `unknown`; what was certainly not sent fails. */
async function endWaiting(deps: ConnectDeps, tx: Database, workspaceId: string, id: string): Promise<void> {
  for (;;) {
    const { released, unknown } = await sweepOutbox(tx, workspaceId, id, endOfTime);
    if (released + unknown === 0) break;
  }
  for (;;) {
    const ids = await waitingMessages(tx, workspaceId, id, FAIL_AT_ONCE);
    const at = new Date();
    if (ids.length > 0) {
      await applyReceipts(tx, workspaceId, id, ids.map((messageId) => ({ messageId, status: "failed", at, error: providerDeleted })), deps.statusListeners);
    }
    if (ids.length < FAIL_AT_ONCE) return;
  }
}

const endOfTime = new Date("9999-01-01T00:00:00Z");
const providerDeleted = { source: "tincan", code: 0, title: "The provider was deleted before this message was sent" } as const;

function inUse(deployments: { name: string }[], campaigns: { name: string }[]): ApiError {
  const uses = [...deployments.map(({ name }) => `the deployment "${name}"`), ...campaigns.map(({ name }) => `the campaign "${name}"`)];
  return new ApiError("provider_in_use", { detail: `It is used by ${uses.join(", ")}.` });
}

function target(row: ProviderRow): { kind: string; id: string; name: string } {
  return { kind: "provider", id: row.id, name: row.nickname };
}

function sqlState(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
