import { SEGMENT_CONDITIONS, type EventFilter, type EventPeriod, type SegmentLeaf, type SegmentQuery, type ValueTest } from "@tincan/api";

/*
 * A query while it is edited. Parts carry numbers, so that a row stays itself while others come and go, and values may still be missing:
 * an empty text, an empty list and a number that is not one (NaN) wait to be filled in.
 */

/** How the parts of a group go together. */
export type How = "all" | "any" | "none" | "notAll";

export interface Row {
  id: number;
  /** Null until somebody has said what it is about. */
  leaf: SegmentLeaf | null;
}

export interface Group {
  id: number;
  how: How;
  parts: Part[];
}

export type Part = Row | Group;

/** The outermost group. */
export type QueryDraft = Group;

export const isGroup = (part: Part): part is Group => "parts" in part;

let lastId = 0;
export const newId = (): number => ++lastId;

export const newRow = (leaf: SegmentLeaf | null = null): Row => ({ id: newId(), leaf });
export const newGroup = (how: How, parts: Part[] = []): Group => ({ id: newId(), how, parts });

/** A draft to edit: of a query, or of everybody. */
export function draftOf(query: SegmentQuery = { all: [] }): QueryDraft {
  const part = partOf(query);
  return isGroup(part) ? part : newGroup("all", [part]);
}

/** Where a condition is still to be chosen there is an empty group of the query. */
const insideOf = (query: SegmentQuery): Part => ("all" in query && query.all.length === 0 ? newRow() : partOf(query));

function partOf(query: SegmentQuery): Part {
  if ("all" in query) return newGroup("all", query.all.map(insideOf));
  if ("any" in query) return newGroup("any", query.any.map(insideOf));
  if (!("not" in query)) return newRow(query);
  const { not } = query;
  if ("any" in not) return newGroup("none", not.any.map(insideOf));
  if ("all" in not) return newGroup("notAll", not.all.map(insideOf));
  return newGroup("none", [partOf(not)]);
}

/** What a draft says. */
export interface ReadDraft {
  /** Null while something is missing. */
  query: SegmentQuery | null;
  /** The query as far as it goes, to come back to. */
  soFar: SegmentQuery;
  /** What is missing, by the number of the part. */
  missing: ReadonlyMap<number, string>;
  /** Where each part stands in the query, written as the server writes it in an error: `query.all[1].any[0]`. */
  paths: ReadonlyMap<number, string>;
}

export function readDraft(draft: QueryDraft): ReadDraft {
  const missing = new Map<number, string>();
  const paths = new Map<number, string>();

  const read = (part: Part, at: string): SegmentQuery => {
    paths.set(part.id, at);
    if (!isGroup(part)) {
      const lack = part.leaf === null ? "Choose what this is about." : lackOf(part.leaf);
      if (lack) missing.set(part.id, lack);
      return part.leaf ?? { all: [] };
    }
    if (part.parts.length === 0 && part !== draft) missing.set(part.id, "Add a condition, or remove the group.");
    const [only] = part.parts;
    // One level less deep, and no different.
    if (part.how === "none" && part.parts.length === 1 && only && !isGroup(only)) return { not: read(only, `${at}.not`) };
    const inside = part.how === "none" ? `${at}.not.any` : part.how === "notAll" ? `${at}.not.all` : `${at}.${part.how}`;
    const children = part.parts.map((child, i) => read(child, `${inside}[${i}]`));
    switch (part.how) {
      case "all":
        return { all: children };
      case "any":
        return { any: children };
      case "none":
        return { not: { any: children } };
      case "notAll":
        return { not: { all: children } };
    }
  };

  const soFar = read(draft, "query");
  return { query: missing.size === 0 ? soFar : null, soFar, missing, paths };
}

/** The innermost part that an error's path lies in; undefined when it is about none of them. */
export function partAt({ paths }: ReadDraft, field: string | undefined): number | undefined {
  if (field === undefined) return undefined;
  const holds = (path: string) => field === path || field.startsWith(`${path}.`) || field.startsWith(`${path}[`);
  return [...paths].filter(([, path]) => holds(path)).sort(([, a], [, b]) => b.length - a.length)[0]?.[0];
}

/** What a condition still needs, in words; null when it is complete. */
function lackOf(leaf: SegmentLeaf): string | null {
  switch (leaf.kind) {
    case "field":
    case "property":
      return lackOfTest(leaf.test);
    case "list":
      return leaf.listId === "" ? "Choose a list." : null;
    case "segment":
      return leaf.segmentId === "" ? "Choose a segment." : null;
    case "event":
      return leaf.name.trim() === "" ? "Name the event." : lackOfCount(leaf.count?.n) ?? lackOfPeriod(leaf.within) ?? lackOfFilters(leaf.where);
    default:
      return null;
  }
}

/** What filters on an event's properties still need; null when they are complete. */
export function lackOfFilters(filters: EventFilter[] = []): string | null {
  return filters.map(({ key, test }) => (key.trim() === "" ? "Name the event's property." : lackOfTest(test))).find(Boolean) ?? null;
}

const lackOfCount = (n: number | undefined): string | null => (n !== undefined && Number.isNaN(n) ? "Say how many times." : null);

const lackOfSpan = (n: number): string | null => (Number.isNaN(n) ? "Say how long." : null);

function lackOfPeriod(within: EventPeriod | undefined): string | null {
  if (within === undefined) return null;
  if ("last" in within) return lackOfSpan(within.last.n);
  return within.from === "" || within.to === "" ? "Choose the day." : null;
}

function lackOfTest(test: ValueTest): string | null {
  if ("n" in test) return lackOfSpan(test.n);
  if ("values" in test) return test.values.length === 0 ? "Type at least one value." : null;
  const given = "value" in test ? [test.value] : "from" in test ? [test.from, test.to] : [];
  if (given.every((value) => (typeof value === "number" ? !Number.isNaN(value) : value !== ""))) return null;
  return test.type === "date" ? "Choose the day." : test.type === "number" ? "Type a number." : "Type a value.";
}

/** How many conditions a query may have still. */
export function roomLeft(draft: QueryDraft): number {
  const count = (part: Part): number => (isGroup(part) ? part.parts.reduce((sum, child) => sum + count(child), 0) : 1);
  return SEGMENT_CONDITIONS - count(draft);
}
