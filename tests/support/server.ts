import type { SetupInput } from "@tincan/api";
import { pino } from "pino";
import { createAccounts } from "../../apps/server/src/accounts/accounts.ts";
import { Live } from "../../apps/server/src/database/live.ts";
import { Secrets } from "../../apps/server/src/database/secrets.ts";
import { freePort } from "../../apps/server/src/free-port.ts";
import { buildApp } from "../../apps/server/src/http/app.ts";
import { createMetrics } from "../../apps/server/src/http/metrics.ts";
import { readSettings } from "../../apps/server/src/settings.ts";
import type { Core, Features } from "../../apps/server/src/features.ts";
import { createTestDatabase } from "./database.ts";
import type { TestDatabase } from "./database.ts";
import { Visitor } from "./visitor.ts";

export const ADMIN: SetupInput = { workspaceName: "Acme", name: "Ada", email: "ada@example.com", password: "correct horse battery" };

/** A whole server on loopback with a database of its own; nothing runs in the background before `features.start()`. */
export interface TestServer {
  url: string;
  core: Core;
  features: Features;
  database: TestDatabase;
  /** Somebody with a browser, not signed in. */
  visitor(): Visitor;
  /** The admin of workspace Acme, signed in; sets the server up the first time. */
  admin(): Promise<Visitor>;
  /** A script with a fresh API key of this role. */
  script(role: string): Promise<Visitor>;
  stop(): Promise<void>;
}

/** Accounts and nothing more, for tests of what every feature stands on. */
export const accountsOnly = (core: Core): Features => ({
  api: core.accounts.api,
  wire: [],
  appliers: [],
  seedDemo: async () => {},
  start: async () => {},
  stop: async () => {},
});

/** `env` are settings as in the environment; `build` says which features there are (`buildFeatures` for all, accounts alone without it); `webFolder` has a built dashboard. */
export async function startTestServer(options: { env?: Record<string, string>; build?: (core: Core) => Features; webFolder?: string } = {}): Promise<TestServer> {
  const database = await createTestDatabase({ connections: 12 });
  const port = await freePort(0, "127.0.0.1");
  const settings = readSettings({ PORT: String(port), LOG_LEVEL: "silent", DATA_DIR: "/nonexistent", ...options.env });
  const url = `http://127.0.0.1:${port}`;
  const log = pino({ level: settings.logLevel });
  const secrets = new Secrets("the secret key of a test");
  const live = new Live(database);
  const metrics = createMetrics({ process: false });
  const accounts = createAccounts({ db: database.db, secrets, publicUrl: settings.publicUrl, version: "0.0.0", phonesUrl: null, log });
  const core: Core = { settings, log, database, hot: database.db, secrets, live, metrics, accounts, phonesUrl: null };
  const features = (options.build ?? accountsOnly)(core);
  const app = await buildApp({
    log,
    publicUrl: settings.publicUrl,
    version: "0.0.0",
    behindProxy: settings.behindProxy,
    sandboxOrigin: undefined,
    webFolder: options.webFolder ?? "/nonexistent",
    gate: accounts.gate,
    live,
    metrics,
    ready: async () => [],
    routes: { api: features.api, pages: accounts.pages, wire: features.wire },
  });
  await app.listen({ port, host: "127.0.0.1" });

  let admin: Visitor | undefined;
  let keys = 0;
  const signedIn = async (): Promise<Visitor> => {
    if (!admin) {
      admin = new Visitor(url);
      await admin.post("/api/v1/setup", ADMIN);
    }
    return admin;
  };
  return {
    url,
    core,
    features,
    database,
    visitor: () => new Visitor(url),
    admin: signedIn,
    script: async (role) => {
      const answer = await (await signedIn()).post<{ key: string }>("/api/v1/api-keys", { name: `key ${++keys}`, role });
      return new Visitor(url, { authorization: `Bearer ${answer.body.key}` });
    },
    stop: async () => {
      await features.stop();
      await app.close();
      await live.close();
      await database.drop();
    },
  };
}
