import { useQuery } from "@tanstack/react-query";
import { api } from "../api.ts";
import { useMay } from "../session.ts";
import type { Filter } from "./ListFilters.tsx";

/** The filter by number, where there is more than one to choose from. */
export function useNumberChoice<S extends { provider?: string | undefined }>(): Filter<S>[] {
  const may = useMay("providers.read");
  const { data } = useQuery({ queryKey: ["providers", "choice"], queryFn: ({ signal }) => api.providers.list({ limit: 200 }, signal), enabled: may });
  if (!data || data.items.length < 2) return [];
  return [{ kind: "choice", key: "provider", label: "Number", any: "Any number", options: data.items.map((one) => ({ value: one.id, label: one.nickname })) }];
}
