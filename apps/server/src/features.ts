/** What features are built upon, and what they add up to. */
import type { FastifyBaseLogger } from "fastify";
import type { Accounts } from "./accounts/accounts.ts";
import type { Demo } from "./accounts/demo.ts";
import type { Database, DatabaseHandle } from "./database/connection.ts";
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
  /** The hot path's own connections: accepting, sending, receipts. */
  hot: Database;
  secrets: Secrets;
  live: Live;
  metrics: Metrics;
  accounts: Accounts;
  /** Address of the local WhatsApp, while it runs. */
  phonesUrl: string | null;
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
