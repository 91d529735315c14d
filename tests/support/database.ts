import { randomUUID } from "node:crypto";
import { Client } from "pg";
import { inject } from "vitest";
import { openDatabase } from "../../apps/server/src/database/connection.ts";
import type { DatabaseHandle } from "../../apps/server/src/database/connection.ts";

/** A database of one test file. */
export interface TestDatabase extends DatabaseHandle {
  /** Closes the pool and drops the database; call it in afterAll. */
  drop(): Promise<void>;
}

/** Makes a migrated, empty database by copying the template (some 50 ms); with `migrated: false`, one without any table. */
export async function createTestDatabase(options: { connections?: number; migrated?: boolean } = {}): Promise<TestDatabase> {
  const templateUrl = new URL(inject("templateUrl"));
  const name = `test_${randomUUID().replaceAll("-", "")}`;
  const template = options.migrated === false ? "template1" : templateUrl.pathname.slice(1);
  await asAdmin(templateUrl, `create database ${name} template ${template}`);
  const url = new URL(templateUrl);
  url.pathname = `/${name}`;
  const handle = await openDatabase(url.href, { connections: options.connections ?? 10, stopKey: "5e".repeat(32) });
  return {
    ...handle,
    drop: async () => {
      await handle.close();
      await asAdmin(templateUrl, `drop database ${name} with (force)`);
    },
  };
}

async function asAdmin(templateUrl: URL, statement: string): Promise<void> {
  const url = new URL(templateUrl);
  url.pathname = "/postgres";
  const client = new Client({ connectionString: url.href });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}
