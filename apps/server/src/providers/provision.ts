import { CloudApiProviderInput } from "@tincan/api";
import { setTimeout as sleep } from "node:timers/promises";
import { audit } from "../accounts/audit.ts";
import { tellOnCommit } from "../database/live.ts";
import type { Actor } from "../http/actor.ts";
import { createLane } from "../lanes/leases.ts";
import { signalLanes } from "../lanes/signals.ts";
import Type, { type Static } from "typebox";
import { GenericProviderEntry, provisionGeneric } from "./generic/provision.ts";
import { numberFrom, verifyAgain, type ConnectDeps } from "./connect.ts";
import { findProviderByNickname, mergeHealth, openNumber, saveNumber, type CloudApiNumber } from "./store.ts";
import { throwTaken } from "./taken.ts";

/** A new number's templates are worth waiting for; a Meta that does not answer is not. */
const FIRST_LOOK_MS = 5_000;

/** An entry of the provisioning file. */
export const ProviderEntry = Type.Union([CloudApiProviderInput, GenericProviderEntry]);
type ProviderEntry = Static<typeof ProviderEntry>;

export function provisionProvider(deps: ConnectDeps, actor: Actor, entry: ProviderEntry): Promise<void> {
  return entry.kind === "generic" ? provisionGeneric(deps, actor, entry) : provisionNumber(deps, actor, entry);
}

/**
 * Makes a number as an entry describes it; the nickname decides which one is meant. It is saved as it is,
 * since a start must not depend on Meta; then it is verified and its templates are read, and what Meta says shows in its health.
 */
async function provisionNumber(deps: ConnectDeps, actor: Actor, entry: CloudApiProviderInput): Promise<void> {
  const { database, secrets, verifyTokens, upkeep } = deps;
  const { workspaceId } = actor;
  const row = await findProviderByNickname(database.db, workspaceId, entry.nickname);
  const before = row && openNumber(row, secrets);
  const wanted = numberFrom({ ...entry, verifyToken: entry.verifyToken ?? before?.secrets.verifyToken }, workspaceId, verifyTokens, before?.secrets.pin);
  const number: CloudApiNumber = before
    ? { ...wanted, id: before.id, isDefault: entry.default ?? before.isDefault, settings: { ...wanted.settings, appId: before.settings.appId } }
    : wanted;
  const changed = !before || settingsOf(before) !== settingsOf(number);
  if (changed) {
    await database.db.transaction().execute(async (tx) => {
      await saveNumber(tx, number, secrets).catch(throwTaken);
      await createLane(tx, workspaceId, number.id, "provider");
      await audit(tx, actor, { action: before ? "provider.changed" : "provider.created", target: { kind: "provider", id: number.id, name: number.nickname } });
      await tellOnCommit(tx, workspaceId, "providers");
    });
    deps.directory.forget();
    await signalLanes(database, "changed", [number.id]);
  }
  const look = upkeep.inBackground(async () => {
    await mergeHealth(database.db, workspaceId, number.id, { claimedAt: new Date().toISOString() });
    await verifyAgain(deps, number);
    await upkeep.syncTemplates(number);
  });
  if (changed) await Promise.race([look, sleep(FIRST_LOOK_MS, undefined, { ref: false })]);
}

function settingsOf(n: CloudApiNumber): string {
  const { accessToken, appSecret, verifyToken } = n.secrets;
  return JSON.stringify([
    n.number, n.wabaId, n.phoneNumberId, n.settings.baseUrl, n.settings.version, n.settings.maxPerSecond ?? null, accessToken, appSecret, verifyToken, n.maxConcurrency, n.isDefault,
  ]);
}
