/**
 * Where the features are put together. Each is constructed once from the core and adds its routes, its part of the provisioning file,
 * its share of the demo and whatever it runs in the background. Listeners that carry news upwards are handed in here.
 */
import type { FastifyBaseLogger } from "fastify";
import type { Accounts } from "./accounts/accounts.ts";
import type { Demo } from "./accounts/demo.ts";
import type { DatabaseHandle } from "./database/connection.ts";
import type { Live } from "./database/live.ts";
import type { Secrets } from "./database/secrets.ts";
import type { RoutePlugin } from "./http/app.ts";
import type { Metrics } from "./http/metrics.ts";
import type { Applier } from "./provisioning.ts";
import type { Settings } from "./settings.ts";

/** What every feature may build upon. */
export interface Core {
  settings: Settings;
  log: FastifyBaseLogger;
  database: DatabaseHandle;
  secrets: Secrets;
  live: Live;
  metrics: Metrics;
  accounts: Accounts;
}

/** What the features add up to. */
export interface Features {
  /** Under /api/v1. */
  api: RoutePlugin[];
  /** At the root, without sessions. */
  wire: RoutePlugin[];
  /** Members of the provisioning file, in the order they must be applied. */
  appliers: Applier[];
  /** Fills the demo workspace; called until it succeeded once. */
  seedDemo(demo: Demo): Promise<void>;
  /** Starts what runs in the background, according to this process's roles. The server is listening by then. */
  start(): Promise<void>;
  /** Stops it; must be done within 3 s. The database is still there. */
  stop(): Promise<void>;
}

export function buildFeatures(core: Core): Features {
  return {
    api: [...core.accounts.api],
    wire: [],
    appliers: [],
    seedDemo: async () => {},
    start: async () => {},
    stop: async () => {},
  };
}
