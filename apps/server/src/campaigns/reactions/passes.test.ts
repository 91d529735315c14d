import type { EventValue, ValueTest } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../../tests/support/database.ts";
import { eventProperty, testOf } from "../../segments/value-tests.ts";
import { passesAll } from "./passes.ts";

let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

const now = new Date("2026-05-10T12:00:00.500Z");
const values: (EventValue | undefined)[] = [
  undefined, "", "Gold", "gold rush", "5", "true", 5, 5.5, 0, -1, true, false, [], ["Gold"], ["Gold", "silver", 5], [5],
  "2026-05-10", "2026-05-10T12:00:00Z", "2026-05-10T12:00:00.900Z", "2026-05-10T14:00:00+02:00", "2026-05-11", "2026-05-03T12:00:00Z", "2026-02-31", "May 10, 2026", "2026",
];
const at = "2026-05-10T12:00:00.000Z";
const tests: ValueTest[] = [
  ...(["is", "isNot", "contains", "notContains", "startsWith"] as const).flatMap((op) => ["GOLD", "5", "true"].map((value) => ({ type: "text" as const, op, value }))),
  ...(["in", "notIn"] as const).map((op) => ({ type: "text" as const, op, values: ["gold", "5"] })),
  ...(["equals", "notEquals", "lessThan", "atMost", "moreThan", "atLeast"] as const).map((op) => ({ type: "number" as const, op, value: 5 })),
  { type: "number", op: "between", from: 0, to: 5 },
  ...(["before", "after"] as const).map((op) => ({ type: "date" as const, op, value: at })),
  { type: "date", op: "between", from: "2026-05-10T00:00:00Z", to: at },
  ...(["inLast", "longerAgo", "inNext"] as const).map((op) => ({ type: "date" as const, op, n: 7, unit: "days" as const })),
  ...(["isTrue", "isFalse"] as const).map((op) => ({ type: "boolean" as const, op })),
  ...(["has", "hasNot"] as const).flatMap((op) => ["gold", "5"].map((value) => ({ type: "list" as const, op, value }))),
  ...(["hasAny", "hasAll"] as const).map((op) => ({ type: "list" as const, op, values: ["gold", "silver"] })),
  ...(["known", "unknown"] as const).map((op) => ({ type: "any" as const, op })),
];

test("a time that is none, which a schema lets through, passes nothing", () => {
  const leap = "2016-12-31T23:59:60Z";
  const impossible: ValueTest[] = [{ type: "date", op: "after", value: leap }, { type: "date", op: "between", from: leap, to: leap }];
  expect(impossible.map((each) => passesAll([{ key: "x", test: each }], { x: "2026-05-10" }, now))).toEqual([false, false]);
});

test.each(tests.map((each) => [JSON.stringify(each), each] as const))("%s passes what it passes in a segment", async (_words, each) => {
  const events = values.map((value) => (value === undefined ? {} : { x: value }));
  const { rows } = await sql<{ passes: boolean }>`
    select ${testOf(eventProperty(sql`p`, "x"), each, now)} as passes
    from jsonb_array_elements(${JSON.stringify(events)}::jsonb) with ordinality as e (p, n) order by n`.execute(database.db);
  const passing = (passes: (i: number) => boolean) => values.filter((_, i) => passes(i));
  expect(passing((i) => passesAll([{ key: "x", test: each }], events[i]!, now))).toEqual(passing((i) => rows[i]!.passes));
});
