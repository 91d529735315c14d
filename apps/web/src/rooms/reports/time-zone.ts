import { useQuery } from "@tanstack/react-query";
import { api } from "../../api.ts";

/** The workspace's time zone, in which days of reports begin. */
export function useTimeZone() {
  return useQuery({ queryKey: ["campaigns", "settings"], queryFn: ({ signal }) => api.campaigns.settings(signal), select: ({ timeZone }) => timeZone, staleTime: 60_000 });
}
