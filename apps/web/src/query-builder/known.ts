import { useQuery } from "@tanstack/react-query";
import type { List, SegmentFields } from "@tincan/api";
import { api } from "../api.ts";
import { shortList } from "../pieces/short-list.ts";
import type { Names } from "./query-words.ts";

interface Named {
  id: string;
  name: string;
}

/** Everything of a kind by name; there are never so many that a choice could not hold them. */
const everyOne = <T extends Named>(part: (query: { limit: number; after: string | undefined; sort: "name" }) => Promise<List<T>>) =>
  shortList<T>({ columns: [], sort: "", part: (query) => part({ ...query, sort: "name" }) }).then(({ items }) => items);

/** What a query can ask about and refer to. */
export interface Known {
  fields: SegmentFields;
  lists: Named[];
  segments: Named[];
}

export function useKnown() {
  return useQuery({
    queryKey: ["segments", "known"],
    queryFn: async ({ signal }): Promise<Known> => {
      const [fields, lists, segments] = await Promise.all([
        api.segments.fields(signal),
        everyOne((query) => api.lists.list(query, signal)),
        everyOne((query) => api.segments.list(query, signal)),
      ]);
      return { fields, lists, segments };
    },
  });
}

/** Names for words; something that is not there any more is called so. */
export function namesOf({ lists, segments }: Pick<Known, "lists" | "segments">): Names {
  const nameIn = (all: Named[], what: string) => (id: string) => all.find((one) => one.id === id)?.name ?? `a ${what} that is gone`;
  return { list: nameIn(lists, "list"), segment: nameIn(segments, "segment") };
}
