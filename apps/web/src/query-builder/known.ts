import { useQuery } from "@tanstack/react-query";
import type { SegmentFields } from "@tincan/api";
import { api } from "../api.ts";
import { useNames } from "../pieces/found.ts";
import { listSource, segmentSource } from "../rooms/people/people-sources.ts";
import { type Group, isGroup, type Part } from "./draft.ts";
import type { Names } from "./query-words.ts";

/** What a query can ask about. */
export function useKnown() {
  return useQuery({ queryKey: ["segments", "fields"], queryFn: ({ signal }): Promise<SegmentFields> => api.segments.fields(signal) });
}

/** What the lists and segments are called that a query names. */
export function useQueryNames(draft: Group): Names {
  const lists = useNames(listSource, named(draft, (leaf) => (leaf.kind === "list" ? leaf.listId : "")));
  const segments = useNames(segmentSource, named(draft, (leaf) => (leaf.kind === "segment" ? leaf.segmentId : "")));
  return { list: (id) => lists.get(id) ?? "…", segment: (id) => segments.get(id) ?? "…" };
}

type Leaf = NonNullable<Exclude<Part, Group>["leaf"]>;

function named(part: Part, idOf: (leaf: Leaf) => string): string[] {
  if (isGroup(part)) return [...new Set(part.parts.flatMap((one) => named(one, idOf)))];
  const id = part.leaf ? idOf(part.leaf) : "";
  return id === "" ? [] : [id];
}
