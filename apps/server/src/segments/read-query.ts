/**
 * Reads a query as it came in: every node has a known form, and the tree is no larger than it may be. Whether what it names is there
 * (lists, segments, properties) is for resolve.ts to say.
 */
import { SEGMENT_CONDITIONS, SEGMENT_DEPTH, segmentConditions } from "@tincan/api";
import type { SegmentLeaf, SegmentQuery } from "@tincan/api";
import { ApiError } from "../http/errors.ts";
import { checker } from "../http/validation.ts";

/** Groups may be empty, so conditions alone do not bound the tree. */
const MOST_NODES = 300;

const kinds = Object.keys(segmentConditions);
const checks = new Map(Object.entries(segmentConditions).map(([kind, schema]) => [kind, checker(schema)]));
const groups = ["all", "any", "not"] as const;

/** Throws invalid_input with the path of what is wrong, beginning with `field`. */
export function readQuery(value: unknown, field: string): SegmentQuery {
  let nodes = 0;
  let conditions = 0;

  const read = (node: unknown, at: string, depth: number): SegmentQuery => {
    if (++nodes > MOST_NODES) throw refused(field, `a query of at most ${MOST_NODES} parts`);
    if (typeof node !== "object" || node === null || Array.isArray(node)) throw refused(at, 'an object: {"all": …}, {"any": …}, {"not": …} or a condition');
    const group = groups.find((name) => Object.hasOwn(node, name));
    if (group === undefined) {
      if (++conditions > SEGMENT_CONDITIONS) throw refused(field, `a query of at most ${SEGMENT_CONDITIONS} conditions`);
      return readCondition(node, at);
    }
    if (depth === SEGMENT_DEPTH) throw refused(at, `groups at most ${SEGMENT_DEPTH} deep`);
    const extra = Object.keys(node).find((name) => name !== group);
    if (extra !== undefined) throw refused(`${at}.${extra}`, `left out: it cannot stand beside ${group}`);
    const held: unknown = (node as Record<string, unknown>)[group];
    if (group === "not") return { not: read(held, `${at}.not`, depth + 1) };
    if (!Array.isArray(held)) throw refused(`${at}.${group}`, "a list");
    const children = held.map((child, i) => read(child, `${at}.${group}[${i}]`, depth + 1));
    return group === "all" ? { all: children } : { any: children };
  };
  return read(value, field, 0);
}

function readCondition(node: object, at: string): SegmentLeaf {
  const kind = "kind" in node ? node.kind : undefined;
  const check = typeof kind === "string" ? checks.get(kind) : undefined;
  if (!check) throw refused(`${at}.kind`, `one of ${kinds.join(", ")}`);
  const misfit = check(node);
  if (misfit) throw refused(below(at, misfit.field), misfit.expected);
  if (JSON.stringify(node).includes("\\u0000")) throw refused(at, "without the character NUL, which no text here holds");
  return node as SegmentLeaf;
}

function below(at: string, field: string): string {
  return field === "" || field.startsWith("[") ? at + field : `${at}.${field}`;
}

/** The error for a part of a query or an audience that cannot be. */
export function refused(field: string, expected: string): ApiError {
  return new ApiError("invalid_input", { field, expected });
}
