/**
 * Tests of single values as SQL. Each is true or false and never null: a missing value passes `unknown` and the tests that say not, which are
 * the exact opposite of the tests they deny.
 */
import type { BooleanTest, DateTest, ListTest, NumberTest, TextTest, TimeUnit, ValueTest } from "@tincan/api";
import { sql, type RawBuilder } from "kysely";

export type Sql = RawBuilder<unknown>;

/** A value in each form in which it can be tested; a form it does not have is null in SQL. */
export interface Value {
  known: Sql;
  text(): Sql;
  /** numeric */
  number(): Sql;
  /** boolean */
  boolean(): Sql;
  /** jsonb */
  list(): Sql;
  /** With `bound`, which makes a point in time comparable to it. */
  date(): { value: Sql; bound(at: Date): Sql };
}

const UNIT_MS: Record<TimeUnit, number> = { minutes: 60_000, hours: 3_600_000, days: 86_400_000, weeks: 604_800_000, months: 30 * 86_400_000 };

/** The time that lies so long before now; after now for a negative `direction`. */
export function ago({ n, unit }: { n: number; unit: TimeUnit }, now: Date, direction: 1 | -1 = 1): Date {
  return new Date(now.getTime() - direction * n * UNIT_MS[unit]);
}

export function testOf(value: Value, test: ValueTest, now: Date): Sql {
  switch (test.type) {
    case "any":
      return test.op === "known" ? value.known : sql`not ${value.known}`;
    case "text":
      return textTest(value.text(), test);
    case "number":
      return numberTest(value.number(), test);
    case "date":
      return dateTest(value.date(), test, now);
    case "boolean":
      return booleanTest(value.boolean(), test);
    case "list":
      return listTest(value.list(), test);
  }
}

const yes = (condition: Sql): Sql => sql`coalesce(${condition}, false)`;
const no = (condition: Sql): Sql => sql`not coalesce(${condition}, false)`;

function textTest(value: Sql, test: TextTest): Sql {
  switch (test.op) {
    case "is":
      return yes(sql`lower(${value}) = lower(${test.value}::text)`);
    case "isNot":
      return no(sql`lower(${value}) = lower(${test.value}::text)`);
    case "contains":
      return yes(sql`position(lower(${test.value}::text) in lower(${value})) > 0`);
    case "notContains":
      return no(sql`position(lower(${test.value}::text) in lower(${value})) > 0`);
    case "startsWith":
      return yes(sql`starts_with(lower(${value}), lower(${test.value}::text))`);
    case "in":
      return yes(sql`lower(${value}) = any (${lowerAll(test.values)})`);
    case "notIn":
      return no(sql`lower(${value}) = any (${lowerAll(test.values)})`);
  }
}

/** In lower case by the database, as the values it is compared with; reckoned once per statement. */
function lowerAll(texts: readonly string[]): Sql {
  return sql`array (select lower(t) from unnest(${texts}::text[]) t)`;
}

const comparisons = { equals: sql`=`, notEquals: sql`=`, lessThan: sql`<`, atMost: sql`<=`, moreThan: sql`>`, atLeast: sql`>=` } as const;

function numberTest(value: Sql, test: NumberTest): Sql {
  if (test.op === "between") return yes(sql`${value} between ${String(test.from)}::numeric and ${String(test.to)}::numeric`);
  const compared = sql`${value} ${comparisons[test.op]} ${String(test.value)}::numeric`;
  return test.op === "notEquals" ? no(compared) : yes(compared);
}

function dateTest({ value, bound }: ReturnType<Value["date"]>, test: DateTest, now: Date): Sql {
  switch (test.op) {
    case "before":
      return yes(sql`${value} < ${bound(new Date(test.value))}`);
    case "after":
      return yes(sql`${value} >= ${bound(new Date(test.value))}`);
    case "between":
      return yes(sql`${value} >= ${bound(new Date(test.from))} and ${value} < ${bound(new Date(test.to))}`);
    case "inLast":
      return yes(sql`${value} >= ${bound(ago(test, now))} and ${value} <= ${bound(now)}`);
    case "longerAgo":
      return yes(sql`${value} < ${bound(ago(test, now))}`);
    case "inNext":
      return yes(sql`${value} > ${bound(now)} and ${value} <= ${bound(ago(test, now, -1))}`);
  }
}

function booleanTest(value: Sql, { op }: BooleanTest): Sql {
  return yes(op === "isTrue" ? value : sql`not ${value}`);
}

/** An array of texts has the operator ? for each of them; the whole is put in lower case, which leaves JSON's own signs as they are. */
function listTest(value: Sql, test: ListTest): Sql {
  const lowered = sql`lower(${value}::text)::jsonb`;
  switch (test.op) {
    case "has":
      return yes(sql`${lowered} ? lower(${test.value}::text)`);
    case "hasNot":
      return no(sql`${lowered} ? lower(${test.value}::text)`);
    case "hasAny":
      return yes(sql`${lowered} ?| ${lowerAll(test.values)}`);
    case "hasAll":
      return yes(sql`${lowered} ?& ${lowerAll(test.values)}`);
  }
}

/** A column that is a text. */
export function textColumn(column: Sql): Value {
  return { ...nothing, known: sql`${column} is not null`, text: () => column };
}

/** A column that is a point in time. */
export function timeColumn(column: Sql): Value {
  return { ...nothing, known: sql`${column} is not null`, date: () => ({ value: column, bound: (at) => sql`${at.toISOString()}::timestamptz` }) };
}

/**
 * A custom property of a person. All values of a property have the type that resolve.ts has compared with the test's; only a cast makes sure
 * once more, since it would fail for everybody. Dates are texts such as 2026-11-22T10:15:30.000Z, which sort as they follow each other.
 */
export function property(object: Sql, key: string): Value {
  const { number, boolean, list, known } = eventProperty(object, key);
  const text = sql`(${object} ->> ${key}::text)`;
  return { known, text: () => text, number, boolean, list, date: () => ({ value: sql`${text} collate "C"`, bound: isoText }) };
}

/** A property of an event, whose values may each be of another type. A date is a day or a time in UTC, and counts to the second. */
export function eventProperty(object: Sql, key: string): Value {
  const json = sql`${object} -> ${key}::text`;
  const text = sql`(${object} ->> ${key}::text)`;
  const as = (type: string, form: Sql): Sql => sql`(case when jsonb_typeof(${json}) = ${sql.lit(type)} then ${form} end)`;
  return {
    known: sql`coalesce(jsonb_typeof(${json}) <> 'null', false)`,
    text: () => as("string", text),
    number: () => as("number", sql`${text}::numeric`),
    boolean: () => as("boolean", sql`${text}::boolean`),
    list: () => as("array", json),
    date: () => ({ value: sql`(case when ${text} ~ ${sql.lit(LOOSE_DATE)} then left(${text} || 'T00:00:00', 19) || '.000Z' end) collate "C"`, bound: isoText }),
  };
}

const isoText = (at: Date): Sql => sql`${at.toISOString()}::text`;

const LOOSE_DATE = "^\\d{4}-\\d\\d-\\d\\d(T\\d\\d:\\d\\d:\\d\\d(\\.\\d+)?Z)?$";

/** The forms that a plain column does not have; resolve.ts lets no test ask for them. */
const nothing: Omit<Value, "known"> = {
  text: () => sql`null::text`,
  number: () => sql`null::numeric`,
  boolean: () => sql`null::boolean`,
  list: () => sql`null::jsonb`,
  date: () => ({ value: sql`null::timestamptz`, bound: (at) => sql`${at.toISOString()}::timestamptz` }),
};
