import { setTimeout as sleep } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { GenericProviderInput } from "@tincan/api";
import Type, { type Static } from "typebox";
import { audit } from "../../accounts/audit.ts";
import type { Actor } from "../../http/actor.ts";
import { target, type ConnectDeps } from "../connect.ts";
import { findProviderByNickname } from "../store.ts";
import { addCallbackSecret, callbackSecretPattern, callbackSecretsOf, exchangeCallbackSecret, newCallbackSecret } from "./callback-urls.ts";
import { genericFrom, storeChanged, storeNew, verifyGenericAgain } from "./connect.ts";
import { openGeneric, type GenericProvider } from "./stored.ts";

const SECOND_LOOK_MS = 1_500;

/** An entry of the provisioning file: as `POST /providers`, with the secret of its callback URLs if the file's author wants to choose it. */
export const GenericProviderEntry = Type.Object({ ...GenericProviderInput.properties, callbackSecret: Type.Optional(Type.String({ pattern: callbackSecretPattern })) });
export type GenericProviderEntry = Static<typeof GenericProviderEntry>;

/**
 * Makes a generic provider as an entry describes it; the nickname decides which one is meant. It is saved as it is, since a start must not
 * depend on somebody's endpoint; then the endpoint is asked, and what it answers shows in the provider's health.
 */
export async function provisionGeneric(deps: ConnectDeps, actor: Actor, entry: GenericProviderEntry): Promise<void> {
  const { database, secrets } = deps;
  const row = await findProviderByNickname(database.db, actor.workspaceId, entry.nickname);
  const before = row && openGeneric(row, secrets);
  const wanted = genericFrom(entry, actor.workspaceId);
  const provider = before ? { ...wanted, id: before.id, isDefault: entry.default ?? before.isDefault } : wanted;
  const changed = before && !isDeepStrictEqual(settingsOf(before), settingsOf(provider));
  if (!before) await storeNew(deps, actor, provider, entry.callbackSecret ?? newCallbackSecret());
  else if (changed) await storeChanged(deps, actor, provider, ["provisioned"]);
  if (before && entry.callbackSecret !== undefined) await setCallbackSecret(deps, actor, provider, entry.callbackSecret);
  void deps.upkeep.inBackground(async () => {
    // The endpoint may be a deployment of this very file, which is not there yet.
    if (await verifyGenericAgain(deps, provider)) return;
    await sleep(SECOND_LOOK_MS, undefined, { ref: false });
    await verifyGenericAgain(deps, provider);
  });
}

async function setCallbackSecret({ database, secrets, callbacks }: ConnectDeps, actor: Actor, provider: GenericProvider, secret: string): Promise<void> {
  const { workspaceId, id } = provider;
  const known = (await callbackSecretsOf(database.db, secrets, workspaceId, [id])).get(id);
  if (known?.current === secret) return;
  await database.db.transaction().execute(async (tx) => {
    await (known ? exchangeCallbackSecret(tx, secrets, workspaceId, id, { secret, overlapHours: 0 }) : addCallbackSecret(tx, secrets, workspaceId, id, secret));
    await audit(tx, actor, { action: "provider.callback_urls_rotated", target: target(provider), detail: { overlapHours: 0 } });
  });
  callbacks.forget();
}

/** What an entry decides about. */
function settingsOf({ number, settings, secrets, maxConcurrency, isDefault }: GenericProvider) {
  return { number, settings, secrets, maxConcurrency, isDefault };
}
