import type { ContactProperty } from "@tincan/api";
import type { Filter } from "../../../pieces/ListFilters.tsx";
import type { ContactSearch } from "../../../search-params.ts";

/** One of the workspace's properties to choose, and then what it holds: nothing chosen there means everybody who has it. */
export function propertyFilters(properties: readonly ContactProperty[], chosen: string | undefined): Filter<ContactSearch>[] {
  if (properties.length === 0) return [];
  const choice: Filter<ContactSearch> = {
    kind: "choice", key: "property", label: "Property", any: "Any property", options: properties.map(({ key }) => ({ value: key, label: key })),
    // The value of another property says nothing about this one.
    change: (property) => ({ property, value: undefined }),
  };
  const type = properties.find(({ key }) => key === chosen)?.type;
  if (chosen === undefined || type === undefined) return [choice];
  if (type === "boolean") return [choice, { kind: "choice", key: "value", label: `Value of ${chosen}`, any: "Any value", options: [{ value: "true", label: "Yes" }, { value: "false", label: "No" }] }];
  return [choice, { kind: "search", key: "value", label: `Value of ${chosen}`, placeholder: type === "date" ? "2026-05-03" : "Exactly this value" }];
}
