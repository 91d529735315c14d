/** A query answered one person at a time in plain code, as docs/segments.md says it: what the SQL is held against. */
import type { ConsentCategory, ConsentState, EventCondition, EventValue, PropertyValue, SegmentLeaf, SegmentQuery, TimeUnit, ValueTest } from "@tincan/api";

export interface PlainEvent {
  name: string;
  at: Date;
  properties: Record<string, EventValue>;
}

export interface PlainPerson {
  id: string;
  name: string | null;
  phone: string | null;
  email: string | null;
  identity: string | null;
  language: string | null;
  timeZone: string | null;
  source: string;
  createdAt: Date;
  lastSeenAt: Date | null;
  properties: Record<string, PropertyValue>;
  msgWhatsapp: boolean;
  consent: Partial<Record<ConsentCategory, ConsentState>>;
  dnd: boolean;
  lists: string[];
  events: PlainEvent[];
}

const UNIT_MS: Record<TimeUnit, number> = { minutes: 6e4, hours: 36e5, days: 864e5, weeks: 7 * 864e5, months: 30 * 864e5 };

/** `segments` are the saved queries by id. */
export function means(query: SegmentQuery, person: PlainPerson, now: Date, segments: Record<string, SegmentQuery> = {}): boolean {
  if ("all" in query) return query.all.every((each) => means(each, person, now, segments));
  if ("any" in query) return query.any.some((each) => means(each, person, now, segments));
  if ("not" in query) return !means(query.not, person, now, segments);
  if (query.kind === "segment") return means(segments[query.segmentId]!, person, now, segments) === query.in;
  return fits(query, person, now);
}

function fits(leaf: Exclude<SegmentLeaf, { kind: "segment" }>, person: PlainPerson, now: Date): boolean {
  switch (leaf.kind) {
    case "field":
      return passes(person[leaf.field], leaf.test, now);
    case "property":
      return passes(person.properties[leaf.key], leaf.test, now);
    case "consent": {
      const said = person.consent[leaf.category];
      if (leaf.is === "optedOut") return said === "out";
      if (leaf.is === "notOptedIn") return said === undefined && !person.msgWhatsapp;
      return !person.dnd && (said === undefined ? person.msgWhatsapp : said === "in");
    }
    case "doNotDisturb":
      return person.dnd === leaf.is;
    case "list":
      return person.lists.includes(leaf.listId) === leaf.in;
    case "event":
      return happened(leaf, person, now) === leaf.did;
  }
}

function happened({ name, which, count = { op: "atLeast", n: 1 }, within, where = [] }: EventCondition, person: PlainPerson, now: Date): boolean {
  const inside = (at: Date): boolean => {
    if (!within) return true;
    if ("last" in within) return at.getTime() >= now.getTime() - within.last.n * UNIT_MS[within.last.unit];
    return (within.from === undefined || at >= new Date(within.from)) && (within.to === undefined || at < new Date(within.to));
  };
  const passing = person.events.filter((event) => event.name === name && where.every(({ key, test }) => passes(event.properties[key], test, now, true))).sort((a, b) => a.at.getTime() - b.at.getTime());
  if (which) {
    const one = which === "first" ? passing[0] : passing.at(-1);
    return one !== undefined && inside(one.at);
  }
  const n = passing.filter(({ at }) => inside(at)).length;
  return count.op === "atLeast" ? n >= count.n : count.op === "atMost" ? n <= count.n : n === count.n;
}

function passes(value: unknown, test: ValueTest, now: Date, loose = false): boolean {
  const known = value !== undefined && value !== null;
  switch (test.type) {
    case "any":
      return known === (test.op === "known");
    case "boolean":
      return value === (test.op === "isTrue");
    case "text": {
      const text = typeof value === "string" ? value.toLowerCase() : undefined;
      const wanted = ("values" in test ? test.values : [test.value]).map((each) => each.toLowerCase());
      if (test.op === "is" || test.op === "in") return text !== undefined && wanted.includes(text);
      if (test.op === "isNot" || test.op === "notIn") return text === undefined || !wanted.includes(text);
      if (test.op === "startsWith") return text?.startsWith(wanted[0]!) === true;
      return (text?.includes(wanted[0]!) === true) === (test.op === "contains");
    }
    case "number": {
      const number = typeof value === "number" ? value : undefined;
      if (test.op === "notEquals") return number !== test.value;
      if (number === undefined) return false;
      if (test.op === "between") return number >= test.from && number <= test.to;
      return { equals: number === test.value, lessThan: number < test.value, atMost: number <= test.value, moreThan: number > test.value, atLeast: number >= test.value }[test.op];
    }
    case "list": {
      const items = Array.isArray(value) ? value.filter((item) => typeof item === "string").map((item) => item.toLowerCase()) : undefined;
      const has = (item: string): boolean => items?.includes(item.toLowerCase()) === true;
      if ("value" in test) return has(test.value) === (test.op === "has");
      return test.op === "hasAny" ? test.values.some(has) : test.values.every(has);
    }
    case "date": {
      const at = timeOf(value, loose);
      if (at === undefined) return false;
      if ("value" in test) return test.op === "before" ? at < Date.parse(test.value) : at >= Date.parse(test.value);
      if ("from" in test) return at >= Date.parse(test.from) && at < Date.parse(test.to);
      const span = test.n * UNIT_MS[test.unit];
      if (test.op === "inLast") return at >= now.getTime() - span && at <= now.getTime();
      if (test.op === "longerAgo") return at < now.getTime() - span;
      return at > now.getTime() && at <= now.getTime() + span;
    }
  }
}

function timeOf(value: unknown, loose: boolean): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value !== "string") return undefined;
  if (!loose) return Date.parse(value);
  if (!/^\d{4}-\d\d-\d\d(T\d\d:\d\d:\d\d(\.\d+)?Z)?$/.test(value)) return undefined;
  return Math.floor(Date.parse(value) / 1000) * 1000;
}
