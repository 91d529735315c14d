/**
 * One running Tincan process, from settings to a clean end.
 *
 *   data folder, database, schema, key → sandbox → features → listening → provisioning or demo → background work → ready
 *
 * Whatever was started is stopped in the reverse order, also when a later step fails: nobody is left waiting, and the database goes last.
 */
import { existsSync, mkdirSync } from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import { startSandbox } from "@tincan/sandbox";
import type { Logger } from "pino";
import packageFile from "../package.json" with { type: "json" };
import { createAccounts } from "./accounts/accounts.ts";
import { openDemo } from "./accounts/demo.ts";
import { anybodyExists } from "./accounts/people.ts";
import { createSignInLink } from "./accounts/sign-in-links.ts";
import type { Announcement } from "./announcement.ts";
import { openDatabase } from "./database/connection.ts";
import type { DatabaseHandle } from "./database/connection.ts";
import { startEmbeddedPostgres } from "./database/embedded-postgres.ts";
import { checkSecretKey, once } from "./database/installation.ts";
import { Live } from "./database/live.ts";
import { isMigrated, migrate } from "./database/migrate.ts";
import type { Outage } from "./database/outage.ts";
import { loadSecrets } from "./database/secrets.ts";
import type { Core, Features } from "./features.ts";
import { freePort } from "./free-port.ts";
import { buildApp, buildHealthApp } from "./http/app.ts";
import { createMetrics } from "./http/metrics.ts";
import { sealAddresses } from "./providers/generic/stored.ts";
import { parseProvisioning, readProvisioning } from "./provisioning.ts";
import { StartupError } from "./settings.ts";
import type { Settings } from "./settings.ts";
import { startupProblem } from "./startup-problems.ts";
import type { Step } from "./startup-problems.ts";
import { buildFeatures } from "./wiring.ts";

/** Enough for requests, callbacks and background work side by side; the built-in Postgres takes 80 in all. */
const CONNECTIONS = 20;
/** For accepting, sending and receipts. More would only wait for the same few cores, and each batch would be smaller. */
const HOT_CONNECTIONS = 8;
/** Connections the kernel may hold until we take them: a platform opens 1,500 at once, and what does not fit is tried again a second later. */
const BACKLOG = 4096;

export interface RunningServer {
  announcement: Announcement;
  /** Stops everything in order; within 5 s when nothing hangs. */
  stop(): Promise<void>;
}

/** Starts all that the settings ask for. Throws StartupError with everything stopped again. */
export async function startServer(given: Settings, log: Logger, outage: Outage): Promise<RunningServer> {
  const stops: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const each of stops.splice(0).toReversed()) await each().catch((cause: unknown) => log.error({ err: cause }, "a part did not stop cleanly"));
  };
  let step: Step = { doing: "starting" };
  try {
    const settings = await withFreePort(given);
    const provisioned = settings.provisionFile === undefined ? undefined : parseProvisioning(settings.provisionFile);
    step = { doing: "using the data folder", folder: settings.dataDir };
    makeFolder(settings.dataDir);
    const secrets = loadSecrets({ key: settings.secretKey, dataDir: settings.dataDir });
    const url = settings.databaseUrl ?? (await startDatabase(settings, log, stops));
    step = settings.databaseUrl === undefined ? { doing: "starting" } : { doing: "connecting to the database" };
    const stopKey = secrets.derive("stop list").toString("hex");
    const database = await openDatabase(url, { connections: CONNECTIONS, stopKey });
    stops.push(() => database.close());
    const hot = await openDatabase(url, { connections: HOT_CONNECTIONS, name: "tincan hot", plansOnce: true, stopKey });
    stops.push(() => hot.close());
    await requirePostgres15(database);
    step = { doing: "starting" };
    await migrate(database.db);
    await checkSecretKey(database.db, secrets);
    await sealAddresses(database.db, secrets);
    outage.watch(database, log);
    stops.push(async () => outage.close());

    const live = new Live(database);
    stops.push(() => live.close());
    const isWeb = settings.roles.has("web");
    step = { doing: "listening", port: settings.sandboxPort, host: settings.host, setting: "SANDBOX_PORT" };
    const phonesUrl = settings.sandbox && isWeb ? await startPhones(settings, log, stops) : null;
    step = { doing: "starting" };

    const accounts = createAccounts({ db: database.db, secrets, publicUrl: settings.publicUrl, version: packageFile.version, phonesUrl, log });
    const core: Core = { settings, log, database, hot: hot.db, secrets, live, metrics: createMetrics({ process: true }), accounts, phonesUrl };
    const features = buildFeatures(core);
    const provisioning = provisioned === undefined ? undefined : readProvisioning(provisioned, features.appliers);

    const ready = readiness(database);
    const app = await (isWeb ? buildWebApp(core, features, ready.check, phonesUrl) : buildHealthApp({ log, metrics: core.metrics, ready: ready.check }));
    stops.push(() => app.close());
    step = { doing: "listening", port: settings.port, host: settings.host, setting: "PORT" };
    await app.listen({ port: settings.port, host: settings.host, backlog: BACKLOG });
    step = { doing: "starting" };

    await provisioning?.apply({ db: database.db, auth: accounts.auth });
    const entrance = await openEntrance(core, features);
    stops.push(() => features.stop());
    await features.start();
    ready.done();
    return { announcement: { publicUrl: settings.publicUrl, phonesUrl, entrance }, stop };
  } catch (cause) {
    await stop();
    const sentence = startupProblem(cause, step);
    throw sentence === undefined ? cause : new StartupError(sentence, { cause });
  }
}

/** Node's own recursive mkdir never returns where the system says ENOENT although the parent is there, as under /proc. */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return;
  makeFolder(path.dirname(folder));
  mkdirSync(folder);
}

async function startDatabase(settings: Settings, log: Logger, stops: (() => Promise<void>)[]): Promise<string> {
  const postgres = await startEmbeddedPostgres({
    home: path.join(settings.dataDir, "postgres"),
    onTrouble: (message, cause) => log.error({ err: cause }, message),
  });
  stops.push(() => postgres.stop());
  log.debug({ pid: postgres.pid, adopted: postgres.adopted }, "the built-in database is running");
  return postgres.url;
}

async function startPhones(settings: Settings, log: Logger, stops: (() => Promise<void>)[]): Promise<string> {
  const sandbox = await startSandbox({
    port: settings.sandboxPort,
    host: settings.host,
    webhook: { url: `${settings.publicUrl}/wire/meta/webhook` },
    log: (message) => log.warn({ from: "sandbox" }, message),
  });
  stops.push(() => sandbox.close());
  return sandbox.url;
}

async function buildWebApp(core: Core, features: Features, ready: () => Promise<string[]>, phonesUrl: string | null) {
  const { settings, log, live, metrics, accounts } = core;
  return buildApp({
    log,
    publicUrl: settings.publicUrl,
    version: packageFile.version,
    behindProxy: settings.behindProxy,
    sandboxOrigin: phonesUrl ?? undefined,
    webFolder: fileURLToPath(new URL("../../web/dist", import.meta.url)),
    gate: accounts.gate,
    live,
    metrics,
    ready,
    routes: { api: features.api, pages: accounts.pages, wire: features.wire },
  });
}

/** Not ready before provisioning is through, nor while the database is away. */
function readiness(database: DatabaseHandle): { check(): Promise<string[]>; done(): void } {
  let started = false;
  return {
    done: () => {
      started = true;
    },
    check: async () => {
      if (!started) return ["still starting"];
      try {
        return (await isMigrated(database.db)) ? [] : ["the database's schema is not this version's"];
      } catch {
        return ["the database does not answer"];
      }
    },
  };
}

async function openEntrance({ settings, database: { db } }: Core, features: Features): Promise<Announcement["entrance"]> {
  const demo = settings.sandbox && settings.provisionFile === undefined ? await openDemo(db) : undefined;
  if (demo) {
    await once(db, "demo-seeded", () => features.seedDemo(demo));
    return { kind: "link", url: `${settings.publicUrl}/welcome?token=${await createSignInLink(db, demo.adminId)}` };
  }
  return { kind: (await anybodyExists(db)) ? "sign in" : "set up" };
}

async function requirePostgres15(database: DatabaseHandle): Promise<void> {
  const { rows } = await database.pool.query<{ server_version_num: string; server_version: string }>(
    "select current_setting('server_version_num') as server_version_num, current_setting('server_version') as server_version",
  );
  if (Number(rows[0]?.server_version_num) < 150_000) throw new Error(`it is PostgreSQL ${rows[0]?.server_version}, and Tincan needs 15 or later`);
}

/** Port 0 asks for any free one; it must be known before addresses are made from it. */
async function withFreePort(settings: Settings): Promise<Settings> {
  if (settings.port !== 0) return settings;
  const port = await freePort(0, settings.host);
  return { ...settings, port, publicUrl: settings.publicUrl.replace(/:0$/, `:${port}`) };
}
