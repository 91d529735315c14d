import type { LiveTopic } from "@tincan/api";
import { useQueryClient, type QueryClient, type QueryFilters } from "@tanstack/react-query";
import { useEffect } from "react";
import type { Topic } from "./api.ts";

/** What a change of a topic makes stale, beside the topic's own queries. */
const alsoStale: Partial<Record<LiveTopic, Topic[]>> = {
  messages: ["overview", "timeline", "figures", "campaigns"],
  campaigns: ["figures"],
  reports: ["figures"],
  contacts: ["timeline"],
  lanes: ["overview"],
  callbacks: ["deployments", "overview", "messages"],
  providers: ["lanes", "overview"],
  deployments: ["lanes", "overview"],
  workspace: ["session"],
  members: ["session"],
  // Keys have no topic of their own; making and revoking one is audited.
  audit: ["api-keys"],
};

/** Under load changes come many times a second; the screen follows at this pace. */
const settleMs = 400;

/** The server counts for the overview once in two seconds: after the last change it is read again, when that count is over. */
const overviewMs = 2_300;

/** Reports add up much: while messages leave they are read again no more often than this. */
const figuresMs = 2_000;

function topicOf(data: string): LiveTopic | undefined {
  try {
    const { topic } = JSON.parse(data) as { topic?: LiveTopic };
    return topic;
  } catch {
    return undefined;
  }
}

/** Reads again what is stale. What is being read is let finish first: it may be the next page that somebody asked for. */
function readAgain(client: QueryClient, stale: QueryFilters): void {
  const cache = client.getQueryCache();
  for (const { promise, queryKey } of cache.findAll({ ...stale, fetchStatus: "fetching" })) {
    void Promise.allSettled([promise]).then(() => client.invalidateQueries({ queryKey, exact: true }));
  }
  void client.invalidateQueries({ ...stale, fetchStatus: "idle" });
}

/**
 * Keeps what is on screen up to date without reload. Whenever the stream opens, what is visible is read again: it may have been read before
 * the stream was there to tell of its change. What could not be read waits for whoever tries again.
 */
export function useLiveUpdates(): void {
  const client = useQueryClient();
  useEffect(() => {
    const source = new EventSource("/api/v1/live");
    const waiting = new Set<Topic>();
    let timer: ReturnType<typeof setTimeout> | undefined;
    let last: ReturnType<typeof setTimeout> | undefined;
    let figures: ReturnType<typeof setTimeout> | undefined;

    const flush = () => {
      timer = undefined;
      if (waiting.delete("figures")) {
        figures ??= setTimeout(() => {
          figures = undefined;
          readAgain(client, { queryKey: ["figures"] });
        }, figuresMs);
      }
      for (const topic of waiting) readAgain(client, { queryKey: [topic] });
      if (waiting.has("overview")) {
        clearTimeout(last);
        last = setTimeout(() => readAgain(client, { queryKey: ["overview"] }), overviewMs);
      }
      waiting.clear();
    };
    source.addEventListener("changed", (event: MessageEvent<string>) => {
      const topic = topicOf(event.data);
      if (!topic) return;
      for (const stale of [topic, ...(alsoStale[topic] ?? [])]) waiting.add(stale);
      timer ??= setTimeout(flush, settleMs);
    });
    let lost = false;
    source.addEventListener("error", () => {
      lost = true;
    });
    source.addEventListener("open", () => {
      const again = lost;
      lost = false;
      readAgain(client, { predicate: ({ state }) => again || state.status !== "error" });
    });
    return () => {
      clearTimeout(timer);
      clearTimeout(last);
      clearTimeout(figures);
      source.close();
    };
  }, [client]);
}
