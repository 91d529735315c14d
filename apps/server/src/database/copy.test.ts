import * as fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../../../tests/support/database.ts";
import type { TestDatabase } from "../../../../tests/support/database.ts";
import { copy, copyLine } from "./copy.ts";

let database: TestDatabase;
const copyTexts = copy("copy test_texts (n, a, b) from stdin");
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false, connections: 1 });
  await database.pool.query("create table test_texts (n integer primary key, a text, b jsonb)");
});
afterAll(() => database.drop());

const stored = async (): Promise<unknown[]> => (await database.pool.query("select a, b from test_texts order by n")).rows;

/** Every text that Postgres can hold. */
const anyText = fc.oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom("\\", "\n", "\r", "\t", "N", ".", '"', "'", "{", ",", "é", "😀", "\u2028", "\u0001", " ") })).map((text) => text.replaceAll("\0", ""));

// Postgres itself compares the JSON: Node 24.21 sometimes reads a key that is one escaped letter as another (JSON.parse).
test("whatever is copied in is read out again", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.record({ a: fc.option(anyText), b: fc.option(fc.dictionary(anyText, anyText)) }), { maxLength: 20 }), async (rows) => {
      await database.pool.query("truncate test_texts");
      const lines = rows.map(({ a, b }, n) => copyLine([String(n), a, b === null ? null : JSON.stringify(b)]));
      await database.db.transaction().execute((tx) => copyTexts.run(tx, [lines.slice(0, 7).join(""), lines.slice(7).join("")]));
      const { rows: found } = await database.pool.query("select a, b::text as b from test_texts order by n");
      const { rows: written } = await database.pool.query<{ b: string | null }>("select b::jsonb::text as b from unnest($1::text[]) with ordinality as i (b, n) order by n", [rows.map(({ b }) => (b === null ? null : JSON.stringify(b)))]);
      expect(found).toEqual(rows.map(({ a }, i) => ({ a, b: written[i]!.b })));
    }),
    { numRuns: 150 },
  );
});

test("a copy that Postgres refuses undoes the transaction, tells nothing of its rows, and leaves the connection usable", async () => {
  await database.pool.query("truncate test_texts");
  const refused = database.db.transaction().execute(async (tx) => {
    await copyTexts.run(tx, [copyLine(["1", "first", null])]);
    await copyTexts.run(tx, [copyLine(["2", "first", null]), copyLine(["two", "x", null]), ...Array.from({ length: 500 }, (_, i) => copyLine([String(i + 3), "y".repeat(1000), null]))]);
  });
  const cause = await refused.catch((error: unknown) => error);
  expect(cause).toMatchObject({ code: "22P02" });
  expect(JSON.stringify(cause)).not.toContain("COPY");
  expect(await stored()).toEqual([]);
  await copyTexts.run(database.db, [copyLine(["1", "again", null])]);
  expect(await stored()).toEqual([{ a: "again", b: null }]);
});

test("a copy into a transaction that has failed says so", async () => {
  const failed = database.db.transaction().execute(async (tx) => {
    await sql`select 1 / 0`.execute(tx).catch(() => {});
    await copyTexts.run(tx, [copyLine(["9", "x", null])]);
  });
  await expect(failed).rejects.toMatchObject({ code: "25P02" });
  expect((await sql<{ one: number }>`select 1 as one`.execute(database.db)).rows).toEqual([{ one: 1 }]);
});

test("rows that cannot be written down are nobody's half", async () => {
  await database.pool.query("truncate test_texts");
  function* broken(): Generator<string> {
    yield copyLine(["1", "x", null]);
    throw new Error("no more rows");
  }
  await expect(copyTexts.run(database.db, broken())).rejects.toThrow("no more rows");
  expect(await stored()).toEqual([]);
});
