import { queryOptions } from "@tanstack/react-query";
import type { GenericProvider, Provider } from "@tincan/api";
import { api } from "../../api.ts";

/** The numbers one may write templates for: all that are not archived. */
export const providersInUse = queryOptions({
  queryKey: ["providers", "choice"],
  queryFn: ({ signal }) => api.providers.list({ limit: 200 }, signal),
  select: ({ items }) => items.filter((one) => !one.archivedAt),
});

/** Whether a provider lists its templates somewhere. */
export const importable = (provider: Provider): provider is GenericProvider => provider.kind === "generic" && provider.templateImport !== null;
