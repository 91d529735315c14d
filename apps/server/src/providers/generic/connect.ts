/**
 * Connecting and changing a generic provider. Nothing is saved before the endpoint has confirmed; what a change does not touch is not
 * asked again.
 */
import { isDeepStrictEqual } from "node:util";
import type { GenericProviderInput, ProviderPatch } from "@tincan/api";
import { audit } from "../../accounts/audit.ts";
import { tellOnCommit } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Actor } from "../../http/actor.ts";
import { ApiError } from "../../http/errors.ts";
import { assertReachableUrl } from "../../http/reachable.ts";
import { createLane } from "../../lanes/leases.ts";
import { signalLanes } from "../../lanes/signals.ts";
import { given, keepVerified, normalNumber, refuseForeignMembers, target, type ConnectDeps } from "../connect.ts";
import type { GenericSecrets, GenericSettings, StoredHealth } from "../tables.ts";
import { refuseTaken, throwTaken } from "../taken.ts";
import { addCallbackSecret, exchangeCallbackSecret, newCallbackSecret } from "./callback-urls.ts";
import { refuseBadHeaders } from "./headers.ts";
import { saveGeneric, type GenericProvider } from "./stored.ts";
import { verifyEndpoint, type GenericVerification } from "./verify.ts";

const DEFAULT_CONCURRENCY = 200;
const DEFAULT_PAGE = 100;
const noAutoReply = { enabled: false, text: "" };

/** A provider as the input describes it, not yet verified. Throws ApiError for what cannot be meant. */
export function genericFrom(input: GenericProviderInput, workspaceId: string): GenericProvider {
  const provider: GenericProvider = {
    workspaceId,
    id: uuidv7(),
    nickname: input.nickname,
    number: normalNumber(input.number),
    settings: {
      wabaNumber: input.number.trim(),
      endpoint: normalEndpoint(input.endpoint),
      customKeys: input.customKeys ?? [],
      autoReply: input.autoReply ?? noAutoReply,
      templateImport: importOf(input.templateImport),
      repeatIsHarmless: input.repeatIsHarmless ?? false,
    },
    secrets: { headers: input.headers ?? [], auth: input.auth ? { username: input.auth.username, password: input.auth.password } : null },
    maxConcurrency: input.maxConcurrency ?? DEFAULT_CONCURRENCY,
    isDefault: input.default ?? false,
    health: {},
  };
  refuseNonsense(provider);
  return provider;
}

export async function connectGeneric(deps: ConnectDeps, actor: Actor, input: GenericProviderInput): Promise<GenericProvider> {
  const provider = genericFrom(input, actor.workspaceId);
  await refuseTaken(deps.database.db, provider);
  const verified = await verifyOrRefuse(deps, provider);
  await storeNew(deps, actor, verified, newCallbackSecret());
  return verified;
}

/** Saves a new provider with its lane and the secret of its callback URLs. */
export async function storeNew(deps: ConnectDeps, actor: Actor, provider: GenericProvider, callbackSecret: string): Promise<void> {
  await deps.database.db.transaction().execute(async (tx) => {
    await saveGeneric(tx, provider, deps.secrets).catch(throwTaken);
    await addCallbackSecret(tx, deps.secrets, actor.workspaceId, provider.id, callbackSecret);
    await createLane(tx, actor.workspaceId, provider.id, "provider");
    await audit(tx, actor, { action: "provider.created", target: target(provider), detail: { number: provider.number } });
    await tellOnCommit(tx, actor.workspaceId, "providers");
  });
  deps.callbacks.forget();
  await signalLanes(deps.database, "changed", [provider.id]);
}

export async function changeGeneric(deps: ConnectDeps, actor: Actor, current: GenericProvider, patch: ProviderPatch): Promise<void> {
  refuseForeignMembers("generic", patch);
  const changed = patched(current, patch);
  refuseNonsense(changed);
  await refuseTaken(deps.database.db, changed);
  await assertReachableImport(deps, current, changed);
  const saved = touchesEndpoint(current, changed) ? await verifyOrRefuse(deps, changed) : changed;
  await storeChanged(deps, actor, saved, Object.keys(patch).sort());
}

export async function storeChanged(deps: ConnectDeps, actor: Actor, provider: GenericProvider, members: string[]): Promise<void> {
  await deps.database.db.transaction().execute(async (tx) => {
    await saveGeneric(tx, provider, deps.secrets).catch(throwTaken);
    await audit(tx, actor, { action: "provider.changed", target: target(provider), detail: { members } });
    await tellOnCommit(tx, actor.workspaceId, "providers");
  });
  await signalLanes(deps.database, "changed", [provider.id]);
}

/** Asks a saved provider's endpoint again and keeps what it answered, good or bad. `actor` is the one who asked for it. @returns whether it confirmed */
export async function verifyGenericAgain(deps: ConnectDeps, provider: GenericProvider, actor?: Actor): Promise<boolean> {
  const verification = await verifyEndpoint(provider, deps.graph);
  await keepVerified(deps, provider, healthFrom(verification), actor);
  return verification.ok;
}

/** Gives out new callback URLs; those before go on working for `overlapHours`. */
export async function rotateCallbackUrls(deps: ConnectDeps, actor: Actor, provider: GenericProvider, overlapHours: number): Promise<void> {
  await deps.database.db.transaction().execute(async (tx) => {
    await exchangeCallbackSecret(tx, deps.secrets, actor.workspaceId, provider.id, { secret: newCallbackSecret(), overlapHours });
    await audit(tx, actor, { action: "provider.callback_urls_rotated", target: target(provider), detail: { overlapHours } });
    await tellOnCommit(tx, actor.workspaceId, "providers");
  });
  deps.callbacks.forget();
}

async function verifyOrRefuse(deps: ConnectDeps, provider: GenericProvider): Promise<GenericProvider> {
  await assertReachableUrl(provider.settings.endpoint, deps.reach, "endpoint");
  await assertReachableImport(deps, null, provider);
  const verification = await verifyEndpoint(provider, deps.graph);
  if (!verification.ok) throw new ApiError("endpoint_not_verified", { field: "endpoint", detail: verification.message, answer: verification.answer });
  return { ...provider, health: healthFrom(verification) };
}

async function assertReachableImport(deps: ConnectDeps, before: GenericProvider | null, after: GenericProvider): Promise<void> {
  const url = after.settings.templateImport?.url;
  if (url !== undefined && url !== before?.settings.templateImport?.url) await assertReachableUrl(url, deps.reach, "templateImport.url");
}

function healthFrom({ ok, message }: GenericVerification): StoredHealth {
  return { checkedAt: new Date().toISOString(), failure: "", checks: [{ name: "endpoint", ok, message, ...(!ok && { fix: "Compare the endpoint and its headers with what the provider gave you." }) }] };
}

function patched(current: GenericProvider, patch: ProviderPatch): GenericProvider {
  const { settings, secrets } = current;
  return {
    ...current,
    nickname: patch.nickname ?? current.nickname,
    number: patch.number === undefined ? current.number : normalNumber(patch.number),
    settings: {
      wabaNumber: patch.number === undefined ? settings.wabaNumber : patch.number.trim(),
      endpoint: patch.endpoint === undefined ? settings.endpoint : normalEndpoint(patch.endpoint),
      customKeys: patch.customKeys ?? settings.customKeys,
      autoReply: patch.autoReply ?? settings.autoReply,
      templateImport: patch.templateImport === undefined ? settings.templateImport : importOf(patch.templateImport),
      repeatIsHarmless: patch.repeatIsHarmless ?? settings.repeatIsHarmless,
    },
    secrets: {
      headers: patch.headers === undefined ? secrets.headers : keptHeaders(patch.headers, secrets.headers),
      auth: patch.auth === undefined ? secrets.auth : patch.auth && { username: patch.auth.username, password: keptPassword(patch.auth.password, secrets.auth) },
    },
    maxConcurrency: patch.maxConcurrency ?? current.maxConcurrency,
    isDefault: patch.default ?? current.isDefault,
    health: {},
  };
}

/** A value sent back as it was shown, masked, is the stored one of that header. */
function keptHeaders(headers: GenericSecrets["headers"], stored: GenericSecrets["headers"]): GenericSecrets["headers"] {
  return headers.map(({ key, value }, i) => {
    if (given(value) !== undefined || value === "") return { key, value };
    const before = stored.find((each) => each.key.toLowerCase() === key.toLowerCase());
    if (!before) throw new ApiError("invalid_input", { field: `headers[${i}].value`, expected: "the header's value; there is none stored under this name" });
    return { key, value: before.value };
  });
}

function keptPassword(password: string, stored: GenericSecrets["auth"]): string {
  if (given(password) !== undefined) return password;
  if (!stored) throw new ApiError("invalid_input", { field: "auth.password", expected: "the password; there is none stored" });
  return stored.password;
}

function touchesEndpoint(before: GenericProvider, after: GenericProvider): boolean {
  const asked = ({ settings: { endpoint, wabaNumber, customKeys }, secrets }: GenericProvider) => ({ endpoint, wabaNumber, customKeys, secrets });
  return !isDeepStrictEqual(asked(before), asked(after));
}

function refuseNonsense({ settings, secrets }: GenericProvider): void {
  refuseBadHeaders(secrets);
  const keys = settings.customKeys.map(({ key }) => key);
  const repeated = keys.findIndex((key, i) => keys.indexOf(key) !== i);
  if (repeated >= 0) throw new ApiError("invalid_input", { field: `customKeys[${repeated}].key`, expected: "a key that no row before it has" });
  if (settings.autoReply.enabled && settings.autoReply.text.trim() === "") throw new ApiError("invalid_input", { field: "autoReply.text", expected: "a text to answer with" });
}

function importOf(input: GenericProviderInput["templateImport"]): GenericSettings["templateImport"] {
  return input ? { url: input.url, limit: input.limit ?? DEFAULT_PAGE } : null;
}

function normalEndpoint(endpoint: string): string {
  if (!URL.canParse(endpoint)) throw new ApiError("invalid_input", { field: "endpoint", expected: "an address such as https://provider.example/messages" });
  return new URL(endpoint).href;
}
