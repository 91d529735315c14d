/** What uses a segment or a list. Rooms above tell of theirs through `UsedBy`; segments that name others are found here. */
import type { SegmentQuery, SegmentUse } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError, type ErrorCode } from "../http/errors.ts";

export interface Used {
  kind: "segment" | "list";
  id: string;
}

/** Answers what of another feature uses it, as far as that is still to happen. */
export type UsedBy = (db: Database, workspaceId: string, used: Used) => Promise<SegmentUse[]>;

/** How many users an error names. */
const NAMED = 5;

export async function usesOf(db: Database, workspaceId: string, used: Used, others: readonly UsedBy[]): Promise<SegmentUse[]> {
  const segments = await (used.kind === "segment" ? ofSegment : ofList).run(db, [workspaceId, used.id]);
  const further = await Promise.all(others.map((usedBy) => usedBy(db, workspaceId, used)));
  return [...segments.map(({ id, name }): SegmentUse => ({ kind: "segment", id, name })), ...further.flat()];
}

/** Throws `code`, naming the users, when there are any. */
export async function refuseInUse(db: Database, workspaceId: string, used: Used, others: readonly UsedBy[], code: ErrorCode): Promise<void> {
  const uses = await usesOf(db, workspaceId, used, others);
  if (uses.length === 0) return;
  const named = uses.slice(0, NAMED).map(({ kind, name }) => `the ${kind} "${name}"`);
  throw new ApiError(code, { detail: `It is used by ${named.join(", ")}${uses.length > NAMED ? ` and ${uses.length - NAMED} more` : ""}.` });
}

/** The segments and lists that a query itself names. */
export function namedIn(query: SegmentQuery): { segmentIds: string[]; listIds: string[] } {
  const [segmentIds, listIds] = [new Set<string>(), new Set<string>()];
  const look = (node: SegmentQuery): void => {
    if ("all" in node) node.all.forEach(look);
    else if ("any" in node) node.any.forEach(look);
    else if ("not" in node) look(node.not);
    else if (node.kind === "segment") segmentIds.add(node.segmentId);
    else if (node.kind === "list") listIds.add(node.listId);
  };
  look(query);
  return { segmentIds: [...segmentIds], listIds: [...listIds] };
}

const ofSegment = statement<{ id: string; name: string }>("segments_using_segment", `select id, name from segments where workspace_id = $1 and $2::uuid = any (segment_ids) order by name`);
const ofList = statement<{ id: string; name: string }>("segments_using_list", `select id, name from segments where workspace_id = $1 and $2::uuid = any (list_ids) order by name`);
