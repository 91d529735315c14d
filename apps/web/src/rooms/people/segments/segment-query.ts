import { queryOptions } from "@tanstack/react-query";
import { api } from "../../../api.ts";

/** One segment and what uses it. */
export const segmentQuery = (id: string) => queryOptions({ queryKey: ["segments", "one", id], queryFn: ({ signal }) => api.segments.get(id, signal) });
