import { useDebouncedValue } from "@mantine/hooks";
import { useQuery } from "@tanstack/react-query";
import type { ApiFailure, Audience, AudienceCount } from "@tincan/api";
import { api } from "../api.ts";
import { asFailure } from "../change.ts";

/** After the last change of whoever edits. */
const settleMs = 300;

/** A count reads through everybody: looking at another window and coming back asks for no new one. */
const freshMs = 60_000;

export interface LiveCount {
  /** Of the audience before, while the next is counted. */
  data: AudienceCount | undefined;
  failure: ApiFailure | null;
  isCounting: boolean;
  /** The audience that was counted, as text; null where there is none. */
  counted: string | null;
  again: () => void;
}

/**
 * Counts an audience again whenever it changes; a count that is no longer wanted is cancelled. Null for an audience that is not complete. No
 * live topic makes a count stale: people change all the time.
 */
export function useAudienceCount(audience: Audience | null): LiveCount {
  const text = audience === null ? null : JSON.stringify(audience);
  const [counted] = useDebouncedValue(text, settleMs);
  const query = useQuery({
    queryKey: ["audience", "count", counted],
    queryFn: ({ signal }) => api.segments.count(audienceOf(counted), signal),
    enabled: counted !== null && counted === text,
    staleTime: freshMs,
    placeholderData: (before) => before,
    retry: false,
  });
  return {
    data: query.data,
    failure: query.error ? asFailure(query.error) : null,
    isCounting: text !== null && (text !== counted || query.isFetching),
    counted: text === counted ? counted : null,
    again: () => void query.refetch(),
  };
}

/** An audience out of the text that this file made of it. */
export const audienceOf = (text: string | null): Audience => JSON.parse(text ?? '{"everyone":true}') as Audience;
