import type { ContactSearch } from "../../../search-params.ts";

/** Where the server writes everybody who matches as a CSV file. */
export function exportUrl(search: ContactSearch): string {
  const given = new URLSearchParams();
  for (const [key, value] of Object.entries(search)) if (typeof value === "string") given.set(key, value);
  return `/api/v1/exports/contacts.csv${given.size === 0 ? "" : `?${given}`}`;
}
