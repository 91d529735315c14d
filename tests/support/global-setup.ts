/**
 * Builds the server that tests start if it is stale. Starts one Postgres for the whole test run, in a temporary folder and without crash
 * safety, and migrates a template database that `createTestDatabase()` copies. Each worker has up to three servers on it, and each of these
 * up to thirty sessions.
 */
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Client } from "pg";
import type { TestProject } from "vitest/node";
import { openDatabase } from "../../apps/server/src/database/connection.ts";
import { startEmbeddedPostgres } from "../../apps/server/src/database/embedded-postgres.ts";
import { migrate } from "../../apps/server/src/database/migrate.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Address of the template database; its server is where test databases are made. */
    templateUrl: string;
  }
}

export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  execFileSync(process.execPath, ["scripts/build.mjs", "server"], { cwd: path.resolve(import.meta.dirname, "../.."), stdio: "inherit" });
  const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-tests-"));
  const postgres = await startEmbeddedPostgres({ home: path.join(folder, "postgres"), durable: false, maxConnections: 400 });
  const templateUrl = await makeTemplate(postgres.url);
  project.provide("templateUrl", templateUrl);
  return async () => {
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
}

async function makeTemplate(url: string): Promise<string> {
  const admin = new Client({ connectionString: url });
  await admin.connect();
  await admin.query("create database tincan_template");
  await admin.end();
  const templateUrl = new URL(url);
  templateUrl.pathname = "/tincan_template";
  const template = await openDatabase(templateUrl.href, { connections: 1 });
  await migrate(template.db);
  await template.close();
  return templateUrl.href;
}
