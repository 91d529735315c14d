/**
 * Connecting and changing a Cloud API number. Nothing is saved that Meta has not confirmed, except by provisioning, which
 * saves what the file says and shows in the number's health what Meta makes of it.
 */
import { randomBytes } from "node:crypto";
import type { CloudApiProviderInput, ProviderPatch } from "@tincan/api";
import type { FastifyBaseLogger } from "fastify";
import type { Dispatcher } from "undici";
import { audit } from "../accounts/audit.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import type { Secrets } from "../database/secrets.ts";
import { uuidv7 } from "../database/uuid.ts";
import type { Actor } from "../http/actor.ts";
import { ApiError } from "../http/errors.ts";
import { assertReachableUrl, type ReachPolicy } from "../http/reachable.ts";
import { createLane } from "../lanes/leases.ts";
import { signalLanes } from "../lanes/signals.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import { factsOf, ratePerSecond } from "./cloud-api/health.ts";
import { verifyNumber, type Verification } from "./cloud-api/verify.ts";
import type { VerifyTokens } from "./cloud-api/verify-tokens.ts";
import type { WebhookDirectory } from "./cloud-api/webhook-directory.ts";
import type { CallbackDirectory } from "./generic/callback-urls.ts";
import { WEBHOOK_PATH } from "./present.ts";
import { findProvider, mergeHealth, saveNumber, type CloudApiNumber } from "./store.ts";
import type { StoredHealth } from "./tables.ts";
import { refuseTaken, throwTaken } from "./taken.ts";
import type { ProviderUpkeep } from "./upkeep.ts";

export interface ConnectDeps {
  database: DatabaseHandle;
  secrets: Secrets;
  reach: ReachPolicy;
  publicUrl: string;
  graph: Dispatcher;
  verifyTokens: VerifyTokens;
  directory: WebhookDirectory;
  /** Secrets of callback URLs. */
  callbacks: CallbackDirectory;
  /** Takes a deployment away with what was still to be told to its platform. */
  removeDeployment: (tx: Database, workspaceId: string, id: string) => Promise<void>;
  /** Called after the commit that removed deployments. */
  deploymentsRemoved: (workspaceId: string) => void;
  /** Campaigns that still send through a provider. */
  campaignsOf: (db: Database, workspaceId: string, providerId: string) => Promise<{ id: string; name: string }[]>;
  upkeep: ProviderUpkeep;
  statusListeners: readonly StatusListener[];
  log: FastifyBaseLogger;
}

export const META_BASE_URL = "https://graph.facebook.com";
export const META_VERSION = "v26.0";
const DEFAULT_CONCURRENCY = 200;

/** A number as the input describes it, not yet verified. */
export function numberFrom(input: CloudApiProviderInput, workspaceId: string, verifyTokens: VerifyTokens, pin?: string): CloudApiNumber {
  const { verifyToken = randomBytes(24).toString("base64url") } = input;
  return {
    workspaceId,
    id: uuidv7(),
    nickname: input.nickname,
    number: normalNumber(input.number),
    wabaId: input.wabaId,
    phoneNumberId: input.phoneNumberId,
    settings: { baseUrl: normalUrl(input.baseUrl ?? META_BASE_URL), version: META_VERSION, maxPerSecond: input.maxPerSecond ?? null, verifyTokenHash: verifyTokens.hash(verifyToken) },
    secrets: { accessToken: input.accessToken, appSecret: input.appSecret, verifyToken, pin },
    maxConcurrency: input.maxConcurrency ?? DEFAULT_CONCURRENCY,
    isDefault: input.default ?? false,
    health: {},
  };
}

export async function connectNumber(deps: ConnectDeps, actor: Actor, input: CloudApiProviderInput, pin?: string): Promise<CloudApiNumber> {
  const number = numberFrom(input, actor.workspaceId, deps.verifyTokens, pin);
  await refuseTaken(deps.database.db, number);
  const verified = await verifyOrRefuse(deps, number);
  await deps.database.db.transaction().execute(async (tx) => {
    await saveNumber(tx, verified, deps.secrets).catch(throwTaken);
    await createLane(tx, actor.workspaceId, verified.id, "provider");
    await audit(tx, actor, { action: "provider.created", target: target(verified), detail: { number: verified.number } });
    await tellOnCommit(tx, actor.workspaceId, "providers");
  });
  deps.directory.forget();
  await signalLanes(deps.database, "changed", [verified.id]);
  await deps.upkeep.syncTemplates(verified).catch((cause: unknown) => {
    // The hourly round tries again; the number itself is connected.
    deps.log.warn({ providerId: verified.id, err: cause }, "first template sync failed");
  });
  return verified;
}

export async function changeNumber(deps: ConnectDeps, actor: Actor, current: CloudApiNumber, patch: ProviderPatch): Promise<CloudApiNumber> {
  refuseForeignMembers("cloud-api", patch);
  const changed = patched(current, patch, deps.verifyTokens);
  await refuseTaken(deps.database.db, changed);
  const saved = touchesMeta(current, changed) ? await verifyOrRefuse(deps, changed) : changed;
  await deps.database.db.transaction().execute(async (tx) => {
    await saveNumber(tx, saved, deps.secrets).catch(throwTaken);
    await audit(tx, actor, { action: "provider.changed", target: target(saved), detail: { members: Object.keys(patch).sort() } });
    await tellOnCommit(tx, actor.workspaceId, "providers");
  });
  deps.directory.forget();
  await signalLanes(deps.database, "changed", [saved.id]);
  return saved;
}

/** Looks at a saved number again and keeps what was found, good or bad. `actor` is the one who asked for it. */
export async function verifyAgain(deps: ConnectDeps, number: CloudApiNumber, actor?: Actor): Promise<void> {
  const found = healthFrom(await verify(deps, number));
  const before = await findProvider(deps.database.db, number.workspaceId, number.id);
  await keepVerified(deps, number, found, actor);
  // A lane is as fast as its number was when it was opened.
  const isOtherwise = before && found.facts && ratePerSecond(found, number.settings) !== ratePerSecond(before.health, number.settings);
  if (isOtherwise) await signalLanes(deps.database, "changed", [number.id]);
}

/** Stores what a look at a saved provider found. */
export async function keepVerified(deps: ConnectDeps, provider: { workspaceId: string; id: string; nickname: string }, found: StoredHealth, actor: Actor | undefined): Promise<void> {
  await deps.database.db.transaction().execute(async (tx) => {
    await mergeHealth(tx, provider.workspaceId, provider.id, found);
    const confirmed = found.checks?.every(({ ok }) => ok) ?? false;
    if (actor) await audit(tx, actor, { action: "provider.verified", target: target(provider), detail: { confirmed } });
    await tellOnCommit(tx, provider.workspaceId, "providers");
  });
}

async function verifyOrRefuse(deps: ConnectDeps, number: CloudApiNumber): Promise<CloudApiNumber> {
  await assertReachableUrl(number.settings.baseUrl, deps.reach, "baseUrl");
  const verification = await verify(deps, number);
  const failed = verification.checks.find((check) => !check.ok);
  if (failed) {
    throw new ApiError("provider_not_verified", {
      detail: failed.fix === undefined ? failed.message : `${failed.message} ${failed.fix}`,
      ...(verification.field && { field: verification.field }),
    });
  }
  return { ...number, settings: { ...number.settings, appId: verification.appId }, health: healthFrom(verification) };
}

function verify(deps: ConnectDeps, number: CloudApiNumber): Promise<Verification> {
  const { settings, secrets } = number;
  return verifyNumber(
    {
      number: number.number, wabaId: number.wabaId, phoneNumberId: number.phoneNumberId,
      accessToken: secrets.accessToken, appSecret: secrets.appSecret, baseUrl: settings.baseUrl, version: settings.version,
    },
    { dispatcher: deps.graph, webhookUrl: deps.publicUrl + WEBHOOK_PATH, verifyToken: deps.verifyTokens.issue("webhook") },
  );
}

function healthFrom({ checks, facts }: Verification): StoredHealth {
  return { checkedAt: new Date().toISOString(), checks, failure: "", ...(facts && { facts: factsOf(facts) }) };
}

function patched(current: CloudApiNumber, patch: ProviderPatch, verifyTokens: VerifyTokens): CloudApiNumber {
  const verifyToken = given(patch.verifyToken) ?? current.secrets.verifyToken;
  return {
    ...current,
    nickname: patch.nickname ?? current.nickname,
    number: patch.number === undefined ? current.number : normalNumber(patch.number),
    wabaId: patch.wabaId ?? current.wabaId,
    phoneNumberId: patch.phoneNumberId ?? current.phoneNumberId,
    settings: {
      ...current.settings,
      baseUrl: patch.baseUrl === undefined ? current.settings.baseUrl : normalUrl(patch.baseUrl),
      maxPerSecond: patch.maxPerSecond === undefined ? current.settings.maxPerSecond : patch.maxPerSecond,
      verifyTokenHash: verifyTokens.hash(verifyToken),
    },
    secrets: {
      ...current.secrets,
      accessToken: given(patch.accessToken) ?? current.secrets.accessToken,
      appSecret: given(patch.appSecret) ?? current.secrets.appSecret,
      verifyToken,
    },
    maxConcurrency: patch.maxConcurrency ?? current.maxConcurrency,
    isDefault: patch.default ?? current.isDefault,
    health: {},
  };
}

/** A secret sent back blank or as it was shown, masked, is one that was not changed. */
export function given(secret: string | undefined): string | undefined {
  return secret === undefined || secret.trim() === "" || secret.startsWith("••••") ? undefined : secret;
}

function touchesMeta(before: CloudApiNumber, after: CloudApiNumber): boolean {
  const identity = (n: CloudApiNumber) => [n.number, n.wabaId, n.phoneNumberId, n.settings.baseUrl, n.secrets.accessToken, n.secrets.appSecret].join("\n");
  return identity(before) !== identity(after);
}

const membersOf = {
  "cloud-api": ["wabaId", "phoneNumberId", "accessToken", "appSecret", "verifyToken", "baseUrl", "maxPerSecond"],
  generic: ["endpoint", "headers", "auth", "customKeys", "autoReply", "templateImport", "repeatIsHarmless"],
} as const;

/** Refuses settings that only the other kind of provider has. */
export function refuseForeignMembers(kind: keyof typeof membersOf, patch: ProviderPatch): void {
  const foreign = kind === "generic" ? membersOf["cloud-api"] : membersOf.generic;
  for (const field of foreign) {
    if (patch[field] !== undefined) throw new ApiError("invalid_input", { field, expected: `left out: a ${kind === "generic" ? "generic provider" : "Cloud API number"} has no such setting` });
  }
}

export function target(number: { id: string; nickname: string }): { kind: string; id: string; name: string } {
  return { kind: "provider", id: number.id, name: number.nickname };
}

/** E.164 with "+": the way in which messages name a number. */
export function normalNumber(number: string): string {
  const digits = number.replace(/\D/g, "");
  if (digits.length < 6 || digits.length > 15) throw new ApiError("invalid_input", { field: "number", expected: "a number in international form, such as +15550100199" });
  return `+${digits}`;
}

function normalUrl(url: string): string {
  if (!URL.canParse(url)) throw new ApiError("invalid_input", { field: "baseUrl", expected: "an address such as https://graph.facebook.com" });
  return url.replace(/\/+$/, "");
}
