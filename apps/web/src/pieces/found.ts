import { useDebouncedValue } from "@mantine/hooks";
import { useQueries, useQuery } from "@tanstack/react-query";
import type { List } from "@tincan/api";

export interface Named {
  id: string;
  name: string;
}

/** Things of which there may be more than one page: the server finds them by words, and knows each by its id. */
export interface Source<T extends Named = Named> {
  /** Begins with the topic, so that its news reach what was found. */
  key: readonly string[];
  find: (q: string | undefined, signal: AbortSignal) => Promise<List<T>>;
  get: (id: string, signal: AbortSignal) => Promise<Named>;
  /** What one is called that is not there any more. */
  gone: string;
}

/** Of one page; those who look for something else type more of its name. */
export const FOUND_AT_ONCE = 50;
const PAUSE_MS = 200;

/** What fits the words, a moment after the last key. Nothing is found while words are new: an option never changes under the one who is choosing. */
export function useFound<T extends Named>({ key, find }: Source<T>, words: string) {
  const typed = words.trim();
  const [asked] = useDebouncedValue(typed, PAUSE_MS);
  const { data, isError } = useQuery({ queryKey: [...key, "found", asked], queryFn: ({ signal }) => find(asked || undefined, signal) });
  const settled = asked === typed ? data : undefined;
  return { items: settled?.items ?? [], isMore: settled?.next != null, isSearching: settled === undefined && !isError, isError };
}

/** What is typed, without the note in brackets that some names end with here, which the server knows nothing of: a language, a count. */
export const withoutNote = (q: string | undefined): string | undefined => q?.replace(/ \([^()]*\)?$/, "");

/** The key under which a name is remembered. */
export const nameKey = ({ key }: Source, id: string): string[] => [...key, "name", id];

/** What these are called, as far as it is known by now. */
export function useNames(source: Source, ids: readonly string[]): ReadonlyMap<string, string> {
  return useQueries({
    queries: ids.map((id) => ({ queryKey: nameKey(source, id), queryFn: async ({ signal }: { signal: AbortSignal }) => (await source.get(id, signal)).name })),
    combine: (results) => new Map(results.flatMap(({ data, isError }, index): [string, string][] => (data !== undefined || isError ? [[ids[index]!, data ?? source.gone]] : []))),
  });
}

/** What is said of a search to those who do not see the options. */
export function foundWords({ items, isMore, isSearching }: ReturnType<typeof useFound>, nothingFound: string): string {
  if (isSearching) return "";
  if (items.length === 0) return nothingFound;
  return isMore ? `The first ${items.length} of more` : `${items.length} found`;
}

/** The last line of the options when there are more. */
export const moreOption = { value: "more", label: "There are more: type a part of the name", disabled: true };
