import type { Database } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import { guardedConnector, type ReachPolicy } from "../http/reachable.ts";
import type { LaneLimits } from "../lanes/work.ts";
import type { TemplateRegistry } from "../templates/registry.ts";
import type { Adapter } from "./adapter.ts";
import { cloudApiAdapter } from "./cloud-api/adapter.ts";
import { ratePerSecond } from "./cloud-api/health.ts";
import { genericAdapter } from "./generic/adapter.ts";
import { blamingMessages } from "./generic/blame.ts";
import { openGeneric, type GenericProvider } from "./generic/stored.ts";
import { openSender, type Sender } from "./send.ts";
import { findProvider, openNumber, type CloudApiNumber } from "./store.ts";

/** Meta answers a send within a second or two; after this it hardly comes, and a receipt will tell. */
const META_TIMEOUT_MS = 30_000;
/** CleverTap gives a provider 1 s, on an older page 15 s; who waits longer has fewer messages whose outcome nobody knows. */
const GENERIC_TIMEOUT_MS = 15_000;

export interface OpenDeps {
  db: Database;
  secrets: Secrets;
  reach: ReachPolicy;
  registry: TemplateRegistry;
}

/** A provider made ready for sending. */
export interface OpenProvider {
  limits: LaneLimits;
  adapter: Adapter;
  sender: Sender;
  /** Whether Meta's pair rate applies on this wire. */
  pairRate: boolean;
  /** The provider ignores a repeated id, so an ambiguous message is simply sent again. */
  repeatIsHarmless: boolean;
  /** Called before messages are claimed: has what rendering them looks up. */
  prepare(): Promise<void>;
}

/** Reads a provider's settings and opens its connections; null when it is gone or archived. Close the sender in the end. */
export async function openProvider(deps: OpenDeps, workspaceId: string, providerId: string): Promise<OpenProvider | null> {
  const row = await findProvider(deps.db, workspaceId, providerId);
  if (!row || row.archived_at) return null;
  const number = openNumber(row, deps.secrets);
  if (number) return openCloudApi(deps, number);
  const generic = openGeneric(row, deps.secrets);
  return generic && openContract(deps, generic);
}

function openCloudApi(deps: OpenDeps, { settings, secrets, phoneNumberId, maxConcurrency, health }: CloudApiNumber): OpenProvider {
  const { baseUrl, version } = settings;
  const limits = { concurrency: maxConcurrency, ratePerSecond: ratePerSecond(health, settings), timeoutMs: META_TIMEOUT_MS };
  const adapter = cloudApiAdapter({ baseUrl, version, limits, phoneNumberId, accessToken: secrets.accessToken, appSecret: secrets.appSecret });
  const sender = openSender(adapter, { baseUrl, connect: guardedConnector(deps.reach) });
  return { limits, adapter, sender, pairRate: true, repeatIsHarmless: false, prepare: () => Promise.resolve() };
}

function openContract(deps: OpenDeps, provider: GenericProvider): OpenProvider {
  const { workspaceId, id, settings, secrets } = provider;
  const limits = { concurrency: provider.maxConcurrency, timeoutMs: GENERIC_TIMEOUT_MS };
  const find = (name: string, language: string) => deps.registry.find(workspaceId, id, name, language)?.components;
  const adapter = genericAdapter({ settings, secrets, limits, find });
  const connect = guardedConnector(deps.reach);
  const sender = blamingMessages(openSender(adapter, { baseUrl: settings.endpoint, connect }), provider, connect);
  const { repeatIsHarmless } = settings;
  return { limits, adapter, sender, pairRate: false, repeatIsHarmless, prepare: () => deps.registry.load(workspaceId, id) };
}
