import { ApiFailure, createClient, type LiveTopic } from "@tincan/api";
import { QueryCache, QueryClient } from "@tanstack/react-query";

/** The server that serves this page. */
export const api = createClient();

/** Query keys begin with the topic of the live updates that make them stale. */
export type Topic = LiveTopic | "session" | "setup" | "overview" | "api-keys" | "invitation" | "search" | "consent" | "timeline" | "figures";

export const queryClient: QueryClient = new QueryClient({
  queryCache: new QueryCache({
    onError: (error) => {
      // The session ended somewhere else: the guard of the rooms reads it again and leads to the sign-in page.
      if (error instanceof ApiFailure && error.status === 401) void queryClient.invalidateQueries({ queryKey: ["session"] });
    },
  }),
  defaultOptions: {
    queries: {
      staleTime: 15_000,
      retry: (count, error) => count < 2 && error instanceof ApiFailure && (error.status === 0 || error.status >= 500),
    },
  },
});
