import { textOf } from "../json.ts";
import type { GraphCall } from "./call.ts";
import { GraphError } from "./graph-error.ts";

/** One page of a list as Graph answers it: `limit` items after, or before, the one that the cursor names. */
export function pageOf<Item extends { id: string }>({ world, query, version, node, edge }: GraphCall, matching: readonly Item[]): { items: Item[]; paging: object } {
  const limit = Math.min(Math.max(1, Number(query["limit"] ?? 25) || 25), 1000);
  const after = positionOf(matching, query["after"]);
  const before = positionOf(matching, query["before"]);
  const start = after !== undefined ? after + 1 : before !== undefined ? Math.max(0, before - limit) : 0;
  const items = matching.slice(start, before !== undefined ? Math.min(before, start + limit) : start + limit);
  const [first, last] = [items[0], items.at(-1)];
  const link = (direction: "after" | "before", item: Item) => {
    const address = new URL(`${world.address}/${[version, node, edge].filter((part) => part !== "").join("/")}`);
    for (const [name, value] of Object.entries(query)) if (!["after", "before", "access_token"].includes(name)) address.searchParams.set(name, textOf(value));
    address.searchParams.set("limit", String(limit));
    address.searchParams.set(direction, cursorOf(item));
    return address.href;
  };
  const paging = first && last && {
    cursors: { before: cursorOf(first), after: cursorOf(last) },
    ...(start + items.length < matching.length && { next: link("after", last) }),
    ...(start > 0 && { previous: link("before", first) }),
  };
  return { items, paging: paging ? { paging } : {} };
}

/** Cursors say nothing to the client: base64 of the id, with Meta's usual beginning. */
function cursorOf({ id }: { id: string }): string {
  return `QVFIUj${Buffer.from(id).toString("base64url")}`;
}

function positionOf(list: readonly { id: string }[], cursor: unknown): number | undefined {
  if (cursor === undefined || cursor === "") return undefined;
  const index = list.findIndex((item) => cursorOf(item) === cursor);
  if (index < 0) throw new GraphError(100, { message: "(#100) Invalid cursors values" });
  return index;
}
