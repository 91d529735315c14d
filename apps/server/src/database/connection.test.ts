import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../../../tests/support/database.ts";
import type { TestDatabase } from "../../../../tests/support/database.ts";
import { openDatabase } from "./connection.ts";
import { NewerSchemaError, isMigrated, migrate } from "./migrate.ts";
import { statement } from "./statement.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false, connections: 1 });
});
afterAll(() => database.drop());

test("a declared statement is prepared once and runs in and out of transactions", async () => {
  const double = statement<{ n: number }>("test_double", "select n * 2 as n from unnest($1::int[]) as t (n)");
  expect(await double.run(database.db, [[1, 2]])).toEqual([{ n: 2 }, { n: 4 }]);
  expect(await database.db.transaction().execute((tx) => double.run(tx, [[5]]))).toEqual([{ n: 10 }]);
  const prepared = await database.pool.query("select name, generic_plans + custom_plans as runs from pg_prepared_statements");
  expect(prepared.rows).toEqual([{ name: "test_double", runs: 2 }]);
});

test("bigint arrives as a number, a date as text, a time as a Date", async () => {
  const { rows } = await sql`select 9007199254740991::bigint as big, '2026-02-28'::date as day, '2026-02-28T10:00:00Z'::timestamptz as at`.execute(database.db);
  expect(rows).toEqual([{ big: Number.MAX_SAFE_INTEGER, day: "2026-02-28", at: new Date("2026-02-28T10:00:00Z") }]);
});

test("a wrong address is an error at once, not at the first query", async () => {
  const url = new URL(database.url);
  url.pathname = "/nowhere";
  await expect(openDatabase(url.href, { connections: 1 })).rejects.toThrow(/does not exist/);
});

test("a connection that breaks between two queries of a transaction fails that transaction and nothing else", async () => {
  const other = await openDatabase(database.url, { connections: 1 });
  const broken = database.db.transaction().execute(async (tx) => {
    const { rows } = await sql<{ pid: number }>`select pg_backend_pid() as pid`.execute(tx);
    await other.pool.query("select pg_terminate_backend($1, 5000)", [rows[0]!.pid]);
    await sleep(20);
    await sql`select 1`.execute(tx);
  });
  await expect(broken).rejects.toThrow(/connection/i);
  await other.close();
  expect((await sql<{ one: number }>`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
});

test("migrating an empty database makes the schema, a second time changes nothing", async () => {
  expect(await isMigrated(database.db)).toBe(false);
  await migrate(database.db);
  expect(await isMigrated(database.db)).toBe(true);
  await migrate(database.db);
});

test("several processes may migrate the same database at once", async () => {
  const other = await createTestDatabase({ migrated: false, connections: 6 });
  await Promise.all([migrate(other.db), migrate(other.db), migrate(other.db)]);
  expect(await isMigrated(other.db)).toBe(true);
  await other.drop();
});

test("a database of a newer version is refused, naming what is unknown", async () => {
  await sql`insert into tincan_migrations (name, timestamp) values ('900-from-the-future', '2030')`.execute(database.db);
  await expect(migrate(database.db)).rejects.toThrow(NewerSchemaError);
  await expect(migrate(database.db)).rejects.toThrow(/900-from-the-future/);
});
