/**
 * Whether an event passes the filters of a trigger or a goal: the tests of segments (segments/value-tests.ts) on an event that has just come. A
 * test passes only values of its own type.
 */
import type { DateTest, EventFilter, ListTest, NumberTest, TextTest, ValueTest } from "@tincan/api";

type Value = unknown;

/** All filters must pass. A property that is missing passes `unknown` and the tests that say not. */
export function passesAll(filters: readonly EventFilter[] | undefined, properties: Readonly<Record<string, Value>>, now: Date): boolean {
  return (filters ?? []).every(({ key, test }) => passes(test, properties[key], now));
}

function passes(test: ValueTest, value: Value, now: Date): boolean {
  const known = value !== undefined && value !== null;
  switch (test.type) {
    case "any":
      return (test.op === "known") === known;
    case "text":
      return passesText(test, typeof value === "string" ? value.toLowerCase() : undefined);
    case "number":
      return passesNumber(test, typeof value === "number" ? value : undefined);
    case "boolean":
      return typeof value === "boolean" && value === (test.op === "isTrue");
    case "date":
      return typeof value === "string" && passesDate(test, value, now.getTime());
    case "list":
      return passesList(test, new Set(Array.isArray(value) ? value.filter((item) => typeof item === "string").map((item) => item.toLowerCase()) : []));
  }
}

function passesText(test: TextTest, value: string | undefined): boolean {
  if ("values" in test) return (value !== undefined && test.values.some((each) => each.toLowerCase() === value)) === (test.op === "in");
  const wanted = test.value.toLowerCase();
  switch (test.op) {
    case "is":
      return value === wanted;
    case "isNot":
      return value !== wanted;
    case "contains":
      return value?.includes(wanted) ?? false;
    case "notContains":
      return !(value?.includes(wanted) ?? false);
    case "startsWith":
      return value?.startsWith(wanted) ?? false;
  }
}

function passesNumber(test: NumberTest, value: number | undefined): boolean {
  if (value === undefined) return test.op === "notEquals";
  switch (test.op) {
    case "between":
      return value >= test.from && value <= test.to;
    case "equals":
      return value === test.value;
    case "notEquals":
      return value !== test.value;
    case "lessThan":
      return value < test.value;
    case "atMost":
      return value <= test.value;
    case "moreThan":
      return value > test.value;
    case "atLeast":
      return value >= test.value;
  }
}

function passesList(test: ListTest, items: ReadonlySet<string>): boolean {
  if ("value" in test) return items.has(test.value.toLowerCase()) === (test.op === "has");
  const wanted = test.values.map((each) => each.toLowerCase());
  return test.op === "hasAny" ? wanted.some((each) => items.has(each)) : wanted.every((each) => items.has(each));
}

const unitMs = { minutes: 60_000, hours: 3_600_000, days: 86_400_000, weeks: 604_800_000, months: 2_592_000_000 } as const;

/** A day or a time in UTC, which counts to the second. Such texts sort as the times follow each other. */
const DATE = /^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/;

function passesDate(test: DateTest, value: string, now: number): boolean {
  const bounds = "value" in test ? [test.value] : "from" in test ? [test.from, test.to] : [];
  if (!DATE.test(value) || bounds.some((bound) => Number.isNaN(Date.parse(bound)))) return false;
  const at = `${`${value}T00:00:00`.slice(0, 19)}.000Z`;
  const iso = (time: string | number): string => new Date(time).toISOString();
  switch (test.op) {
    case "before":
      return at < iso(test.value);
    case "after":
      return at >= iso(test.value);
    case "between":
      return at >= iso(test.from) && at < iso(test.to);
    case "inLast":
      return at >= iso(now - test.n * unitMs[test.unit]) && at <= iso(now);
    case "longerAgo":
      return at < iso(now - test.n * unitMs[test.unit]);
    case "inNext":
      return at > iso(now) && at <= iso(now + test.n * unitMs[test.unit]);
  }
}
