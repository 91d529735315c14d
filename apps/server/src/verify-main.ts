/** `npm run verify`: compares counters with what they count, in the database of the settings; exit code 1 when something does not add up. */
import { readFileSync, existsSync } from "node:fs";
import path from "node:path";
import { openDatabase } from "./database/connection.ts";
import { startEmbeddedPostgres } from "./database/embedded-postgres.ts";
import { FolderInUseError } from "./database/folder-lock.ts";
import { SettingsError, readSettings } from "./settings.ts";
import { verify } from "./verify.ts";

async function run(): Promise<number> {
  const { databaseUrl, dataDir } = readSettings(process.env);
  const postgres = databaseUrl === undefined ? await builtIn(dataDir) : { url: databaseUrl, stop: async () => {} };
  try {
    const database = await openDatabase(postgres.url, { connections: 1, name: "tincan verify" });
    try {
      const found = await verify(database.db);
      for (const { workspaceId, what, counted, kept } of found) say(`workspace ${workspaceId}: ${what}: ${counted} counted, ${kept} kept`);
      say(found.length === 0 ? "Everything adds up." : `${found.length} things do not add up.`);
      return found.length === 0 ? 0 : 1;
    } finally {
      await database.close();
    }
  } finally {
    await postgres.stop();
  }
}

function say(line: string): void {
  process.stdout.write(`${line}\n`);
}

/** The built-in Postgres: started when nobody uses it, else as the server that uses it left its address. */
async function builtIn(dataDir: string): Promise<{ url: string; stop(): Promise<void> }> {
  const home = path.join(dataDir, "postgres");
  if (!existsSync(home)) throw new SettingsError(`There is no database in ${home}; set DATA_DIR or DATABASE_URL as the server has them.`);
  try {
    return await startEmbeddedPostgres({ home });
  } catch (cause) {
    if (!(cause instanceof FolderInUseError)) throw cause;
    // The file is ours: port and password of the server's own child.
    const { port, password } = JSON.parse(readFileSync(path.join(home, "connection.json"), "utf8")) as { port: number; password: string };
    return { url: `postgres://tincan:${password}@127.0.0.1:${port}/tincan`, stop: async () => {} };
  }
}

process.exitCode = await run().catch((cause: unknown) => {
  process.stderr.write(`${cause instanceof SettingsError ? cause.message : `The check could not be made: ${cause instanceof Error ? cause.message : String(cause)}`}\n`);
  return 1;
});
