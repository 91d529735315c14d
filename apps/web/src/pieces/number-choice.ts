import { useQuery } from "@tanstack/react-query";
import type { Provider } from "@tincan/api";
import { api } from "../api.ts";
import { useMay } from "../session.ts";
import type { Filter } from "./ListFilters.tsx";

/** The filter by number, where there is more than one to choose from. */
export function useNumberChoice<S extends { provider?: string | undefined }>(): Filter<S>[] {
  const numbers = useNumbers();
  if (numbers.length < 2) return [];
  return [{ kind: "choice", key: "provider", label: "Number", any: "Any number", options: numbers.map((one) => ({ value: one.id, label: one.nickname })) }];
}

/** Whether what is sent and received must say through which number. */
export function useSeveralNumbers(): boolean {
  return useNumbers().length > 1;
}

function useNumbers(): Provider[] {
  const may = useMay("providers.read");
  const { data } = useQuery({ queryKey: ["providers", "choice"], queryFn: ({ signal }) => api.providers.list({ limit: 200 }, signal), enabled: may });
  return data?.items ?? [];
}
