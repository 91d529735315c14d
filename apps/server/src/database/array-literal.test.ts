import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../../../tests/support/database.ts";
import type { TestDatabase } from "../../../../tests/support/database.ts";
import { arrayLiteral } from "./array-literal.ts";
import { statement } from "./statement.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false, connections: 1 });
});
afterAll(() => database.drop());

const texts = statement<{ written: (string | null)[] }>("test_array_texts", "select $1::text[] as written");
const numbers = statement<{ written: (number | null)[] }>("test_array_numbers", "select $1::float8[] as written");
const flags = statement<{ written: (boolean | null)[] }>("test_array_flags", "select $1::boolean[] as written");

/** Every text that Postgres can hold, and those that mean something in a list. */
const anyText = fc
  .oneof(fc.string({ unit: "binary" }), fc.string({ unit: fc.constantFrom("\\", '"', "{", "}", ",", " ", "\n", "\t", "'", "é", "ह", "😀") }), fc.constantFrom("", "NULL", "null", "{}", "\\N"))
  .map((text) => text.replaceAll("\0", ""));

test("Postgres reads the texts that were written: marks, backslashes, nulls, letters of all kinds, nothing at all", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(anyText, { freq: 6 }), { maxLength: 30 }), async (list) => {
      expect(await texts.run(database.db, [arrayLiteral(list)])).toEqual([{ written: list }]);
    }),
    { numRuns: 500 },
  );
});

test("lists of numbers and of yes or no arrive as they were", async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(fc.double({ noNaN: true }))), fc.array(fc.option(fc.boolean())), async (some, words) => {
      const positive = some.map((n) => (Object.is(n, -0) ? 0 : n));
      expect(await numbers.run(database.db, [arrayLiteral(positive)])).toEqual([{ written: positive }]);
      expect(await flags.run(database.db, [arrayLiteral(words)])).toEqual([{ written: words }]);
    }),
    { numRuns: 100 },
  );
});

test("lists of anything else are left to pg", async () => {
  const at = new Date("2026-02-28T10:00:00Z");
  expect(arrayLiteral([at])).toBeUndefined();
  expect(arrayLiteral([["nested"]])).toBeUndefined();
  expect(arrayLiteral([{ a: 1 }])).toBeUndefined();
  const days = statement<{ written: Date[] }>("test_array_days", "select $1::timestamp[]::timestamptz[] as written");
  expect(await days.run(database.db, [[at]])).toEqual([{ written: [at] }]);
});
