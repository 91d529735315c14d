import type { Database } from "../database/connection.ts";
import type { Secrets } from "../database/secrets.ts";
import { guardedConnector, type ReachPolicy } from "../http/reachable.ts";
import type { LaneLimits } from "../lanes/work.ts";

import type { Adapter } from "./adapter.ts";
import { cloudApiAdapter } from "./cloud-api/adapter.ts";
import { ratePerSecond } from "./cloud-api/health.ts";
import { openSender, type Sender } from "./send.ts";
import { findProvider, openNumber } from "./store.ts";

/** Meta answers a send within a second or two; after this it hardly comes, and a receipt will tell. */
const ANSWER_TIMEOUT_MS = 30_000;

/** A provider made ready for sending. */
export interface OpenProvider {
  limits: LaneLimits;
  adapter: Adapter;
  sender: Sender;
}

/** Reads a provider's settings and opens its connections; null when it is gone. Close the sender in the end. */
export async function openProvider(
  deps: { db: Database; secrets: Secrets; reach: ReachPolicy },
  workspaceId: string,
  providerId: string,
): Promise<OpenProvider | null> {
  const row = await findProvider(deps.db, workspaceId, providerId);
  const number = row && openNumber(row, deps.secrets);
  if (!number) return null;
  const { baseUrl, version } = number.settings;
  const limits = { concurrency: number.maxConcurrency, ratePerSecond: ratePerSecond(number.health), timeoutMs: ANSWER_TIMEOUT_MS };
  const adapter = cloudApiAdapter({ baseUrl, version, limits, phoneNumberId: number.phoneNumberId, accessToken: number.secrets.accessToken, appSecret: number.secrets.appSecret });
  return { limits, adapter, sender: openSender(adapter, { baseUrl, connect: guardedConnector(deps.reach) }) };
}
