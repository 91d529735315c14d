import { UUID } from "@tincan/api";
import { ApiError } from "./errors.ts";
import { isStorable } from "./validation.ts";

/** What a part of a cursor must be, so that the database can compare it. */
export type CursorPart = "text" | "id";

/**
 * Keyset paging. A cursor is the sort key of a page's last row, as opaque text: reading on needs no counting and is not upset by
 * rows that came in meanwhile. Read `limit + 1` rows to know whether there is a next page.
 */
export function pageOf<Row, Item>(rows: Row[], limit: number, shape: { item(row: Row): Item; key(row: Row): string[] }): { items: Item[]; next: string | null } {
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map((row) => shape.item(row)), next: rows.length > limit && last !== undefined ? writeCursor(shape.key(last)) : null };
}

/** The sort key in a cursor of ours, one text per part; undefined for the first page. Throws ApiError for anything else. */
export function readCursor(after: string | undefined, parts: readonly CursorPart[]): string[] | undefined {
  if (after === undefined) return undefined;
  try {
    const key: unknown = JSON.parse(Buffer.from(after, "base64url").toString("utf8"));
    if (Array.isArray(key) && key.length === parts.length && key.every((part, i) => typeof part === "string" && (parts[i] === "id" ? UUID.test(part) : isStorable(part)))) return key;
  } catch {
    // Falls through to the error below.
  }
  throw new ApiError("invalid_input", { field: "after", expected: "the `next` of a page" });
}

/** A sort key as a cursor, for lists that find out by themselves whether there is more. */
export function writeCursor(key: string[]): string {
  return Buffer.from(JSON.stringify(key)).toString("base64url");
}
