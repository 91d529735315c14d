import { queryOptions } from "@tanstack/react-query";
import type { Trace } from "@tincan/api";
import { api } from "../api.ts";

/** For this long after its last step a trace is also asked for on a beat, in case a live update got lost. */
const freshMs = 2 * 60_000;

function isFresh(trace: Trace | undefined): boolean {
  const last = trace?.steps.reduce((latest, step) => Math.max(latest, Date.parse(step.at)), 0);
  return last === undefined || last === 0 || Date.now() - last < freshMs;
}

export const traceQuery = (id: string) =>
  queryOptions({
    queryKey: ["messages", "trace", id],
    queryFn: ({ signal }) => api.messages.trace(id, signal),
    refetchInterval: ({ state }) => (isFresh(state.data) ? 2000 : false),
  });
