import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../../../tests/support/database.ts";
import type { TestDatabase } from "../../../../tests/support/database.ts";
import { binaryArray } from "./binary-array.ts";
import { statement } from "./statement.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase({ migrated: false, connections: 1 });
});
afterAll(() => database.drop());

/** Every text that Postgres can hold. */
const anyText = fc.string({ unit: "binary" }).map((text) => text.replaceAll("\0", ""));
const anyJson = fc.json().filter((text) => !text.includes("\\u0000"));
const anyTime = fc.date({ min: new Date("0001-01-01"), max: new Date("9999-12-31"), noInvalidDate: true });

/** What comes back for a list that is sent in binary form. */
const echoes = {
  text: statement<{ list: unknown[] }>("test_binary_text", "select $1::text[] as list"),
  json: statement<{ list: unknown[] }>("test_binary_json", "select $1::json[]::text[] as list"),
  jsonb: statement<{ list: unknown[] }>("test_binary_jsonb", "select $1::jsonb[] as list"),
  uuid: statement<{ list: unknown[] }>("test_binary_uuid", "select $1::uuid[] as list"),
  boolean: statement<{ list: unknown[] }>("test_binary_boolean", "select $1::boolean[] as list"),
  smallint: statement<{ list: unknown[] }>("test_binary_smallint", "select $1::smallint[] as list"),
  integer: statement<{ list: unknown[] }>("test_binary_integer", "select $1::integer[] as list"),
  timestamptz: statement<{ list: unknown[] }>("test_binary_timestamptz", "select $1::timestamptz[] as list"),
};
const values: Record<keyof typeof echoes, fc.Arbitrary<unknown>> = {
  text: anyText,
  json: anyJson,
  jsonb: anyJson,
  uuid: fc.uuid(),
  boolean: fc.boolean(),
  smallint: fc.integer({ min: -32_767, max: 32_767 }),
  integer: fc.integer({ min: -2_147_483_647, max: 2_147_483_647 }),
  timestamptz: anyTime,
};

test.for(Object.keys(echoes) as (keyof typeof echoes)[])("Postgres reads a list of %s as it was, nulls and all", async (type) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.option(values[type], { freq: 6 }), { maxLength: 30 }), async (list) => {
      expect(binaryArray(type, list)).toBeInstanceOf(Buffer);
      const [row] = await echoes[type].run(database.db, [list]);
      expect(row!.list).toEqual(type === "jsonb" ? list.map((text) => (text === null ? null : JSON.parse(String(text)))) : list);
    }),
    { numRuns: 200 },
  );
});

test.for([
  ["uuid", "00000000-0000-7000-8000-00000000000g"],
  ["uuid", "{00000000-0000-7000-8000-000000000001}"],
  ["smallint", 40_000],
  ["integer", 1.5],
  ["text", 7],
  ["boolean", "yes"],
  ["timestamptz", "infinity"],
  ["timestamptz", new Date(Number.NaN)],
] as const)("what is no plain %s is left to others: %s", ([type, value]) => {
  expect(binaryArray(type, [value])).toBeUndefined();
});

test("values that are no plain ones are sent as text", async () => {
  expect(await echoes.uuid.run(database.db, [["{00000000-0000-7000-8000-000000000001}", null]])).toEqual([{ list: ["00000000-0000-7000-8000-000000000001", null] }]);
  expect(await echoes.text.run(database.db, [[7, "seven"]])).toEqual([{ list: ["7", "seven"] }]);
});

test("a list that a statement calls by two types is sent as text", async () => {
  const both = statement<{ texts: string[]; numbers: number[] }>("test_binary_both", "select $1::text[] as texts, $1::text[]::integer[] as numbers");
  expect(await both.run(database.db, [["1", "2"]])).toEqual([{ texts: ["1", "2"], numbers: [1, 2] }]);
});
