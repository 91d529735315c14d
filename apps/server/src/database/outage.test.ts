import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { createTestDatabase } from "../../../../tests/support/database.ts";
import type { TestDatabase } from "../../../../tests/support/database.ts";
import { freePort } from "../free-port.ts";
import { openDatabase } from "./connection.ts";
import type { DatabaseHandle } from "./connection.ts";
import { Outage } from "./outage.ts";

let database: TestDatabase;
let lines: string[];

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
});
afterAll(() => database.drop());
beforeEach(() => {
  lines = [];
});

function watching(handle: DatabaseHandle): Outage {
  const outage = new Outage();
  outage.watch(handle, { warn: (_details, message) => lines.push(message) });
  return outage;
}

/** What a connection to a port where nobody listens fails with. */
const refusal = (port: number): Promise<unknown> => new Promise((resolve) => connect(port, "127.0.0.1").on("error", resolve));

test("a database that goes away is told once however much fails, and once more when it is back", async () => {
  const lost = await openDatabase(database.url, { connections: 2 });
  const outage = watching(lost);
  const failure = lost.pool.query("select pg_sleep(20)").catch((cause: unknown) => cause);
  await expect.poll(async () => (await database.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(20)%' and pid <> pg_backend_pid()")).rowCount).toBe(1);
  const cause = await failure;
  for (let i = 0; i < 5; i++) expect(outage.explains(cause)).toBe(true);
  expect(lines).toEqual(["The database does not answer; work waits until it does"]);
  await expect.poll(() => lines, { timeout: 5_000 }).toEqual(["The database does not answer; work waits until it does", "The database answers again"]);
  outage.close();
  await lost.close();
});

test("a refused connection is the database's when it went to its port, and not when it went elsewhere", async () => {
  const port = await freePort(0, "127.0.0.1");
  const outage = watching({ ...database, url: `postgres://nobody@127.0.0.1:${port}/none` });
  expect(outage.explains(await refusal(await freePort(0, "127.0.0.1")))).toBe(false);
  expect(lines).toEqual([]);
  const refused = await refusal(port);
  expect(outage.explains(refused)).toBe(true);
  expect(outage.explains(new AggregateError([refused]))).toBe(true);
  outage.close();
});

test("a connection to the database that breaks without a word is the database's", async () => {
  const lost = await openDatabase(database.url, { connections: 1 });
  const outage = watching(lost);
  const client = await lost.pool.connect();
  const failure = client.query("select pg_sleep(20)").catch((cause: unknown) => cause);
  const { stream } = (client as unknown as { connection: { stream: Socket } }).connection;
  stream.destroy(Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" }));
  expect(outage.explains(await failure)).toBe(true);
  client.release(true);
  outage.close();
  await lost.close();
});

test("a broken connection of anybody's is logged as ever while the database answers", () => {
  const outage = watching(database);
  const broken = Object.assign(new Error("read ECONNRESET"), { code: "ECONNRESET" });
  expect(outage.explains(broken)).toBe(false);
  expect(outage.explains(Object.assign(new Error("terminating connection"), { code: "57P01" }))).toBe(true);
  expect(outage.explains(broken)).toBe(true);
  expect(outage.explains(new TypeError("x is not a function"))).toBe(false);
  outage.close();
});
