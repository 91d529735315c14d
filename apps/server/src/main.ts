/** Reads the settings, starts the server, says where it is, and stops it when asked to. */
import { flushCompileCache } from "node:module";
import { announcement } from "./announcement.ts";
import { Outage } from "./database/outage.ts";
import { createLog } from "./logging.ts";
import { SettingsError, StartupError, readSettings } from "./settings.ts";

/** Whoever stops us waits this long at most; what still hangs then is left to the next start. */
const STOP_WITHIN_MS = 4_800;

function fail(sentence: string): never {
  process.stderr.write(`${sentence}\n`);
  process.exit(1);
}

async function run(): Promise<void> {
  const settings = readSettings(process.env);
  const outage = new Outage();
  const log = await createLog(settings.logLevel, outage);
  let stopping: Promise<void> | undefined;
  // Loaded after the settings have been read: it is most of the program, and a misspelt setting should be told at once.
  const starting = import("./server.ts").then(({ startServer }) => startServer(settings, log, outage));

  const stop = (exitCode: number): void => {
    if (stopping) return;
    setTimeout(() => process.exit(exitCode || 1), STOP_WITHIN_MS).unref();
    stopping = starting.then((server) => server.stop()).catch(() => {});
    void stopping.then(() => process.exit(exitCode));
  };
  process.on("SIGINT", () => stop(0));
  process.on("SIGTERM", () => stop(0));
  process.on("SIGHUP", () => stop(0));
  const broken = (cause: unknown): void => {
    log.fatal({ err: cause }, "an error nobody expected; stopping");
    stop(1);
  };
  process.on("uncaughtException", broken);
  process.on("unhandledRejection", broken);

  const server = await starting;
  if (!stopping) process.stdout.write(announcement(server.announcement));
  // Kept at the end anyway, but a server that is killed has none; the next start is quicker with it.
  flushCompileCache();
}

run().catch((cause: unknown) => {
  if (cause instanceof SettingsError || cause instanceof StartupError) fail(cause.message);
  fail(`Tincan could not start: ${cause instanceof Error ? (cause.stack ?? cause.message) : String(cause)}`);
});
