import type { QueryClient } from "@tanstack/react-query";
import type { Topic } from "./api.ts";

/*
 * What the browser already holds of a topic, changed before the server has answered: lists page by page, lists in one piece, and single
 * things, wherever a row with the id stands.
 */

interface Row {
  id: string;
}

/** The row as it will be; null when it goes. */
type RowChange = (row: Row) => Row | null;

/**
 * Changes the rows with these ids in everything held of the topics, and answers how to put it all back. A running read is given up first:
 * its answer would bring the old state back.
 */
export async function changeRows<T extends Row>(client: QueryClient, topics: Topic[], ids: string[], change: (row: T) => T | null): Promise<() => void> {
  const before: [readonly unknown[], unknown][] = [];
  for (const topic of topics) {
    await client.cancelQueries({ queryKey: [topic] });
    for (const [key, data] of client.getQueriesData({ queryKey: [topic] })) {
      // Whoever names the topic knows what its rows are.
      const next = withRows(data, new Set(ids), change as RowChange);
      if (next === data) continue;
      before.push([key, data]);
      client.setQueryData(key, next);
    }
  }
  return () => {
    for (const [key, data] of before) client.setQueryData(key, data);
  };
}

/** Takes rows out of every list held of the topics. */
export function dropRows(client: QueryClient, topics: Topic[], ids: string[]): Promise<() => void> {
  return changeRows(client, topics, ids, () => null);
}

/** The data with its rows changed; the same object when none is in it. A single thing that goes stays as it was: its page says what happened. */
function withRows(data: unknown, ids: ReadonlySet<string>, change: RowChange): unknown {
  if (isRow(data)) return ids.has(data.id) ? (change(data) ?? data) : inMembers(data, ids, change);
  if (Array.isArray(data)) return inArray(data, ids, change);
  return typeof data === "object" && data !== null ? inMembers(data, ids, change) : data;
}

function inArray(list: unknown[], ids: ReadonlySet<string>, change: RowChange): unknown[] {
  let changed = false;
  const next = list.flatMap((item) => {
    const now = isRow(item) && ids.has(item.id) ? change(item) : withRows(item, ids, change);
    if (now !== item) changed = true;
    return now === null && item !== null ? [] : [now];
  });
  return changed ? next : list;
}

/** The members that hold rows: pages of a list, its items, the lanes of an overview. */
const holding = ["pages", "items", "lanes"] as const;

function inMembers(data: object, ids: ReadonlySet<string>, change: RowChange): object {
  let next = data;
  for (const member of holding) {
    const held: unknown = member in data ? data[member as keyof typeof data] : undefined;
    if (!Array.isArray(held)) continue;
    const now = inArray(held, ids, change);
    if (now !== held) next = { ...next, [member]: now };
  }
  return next;
}

function isRow(value: unknown): value is Row {
  return typeof value === "object" && value !== null && "id" in value && typeof value.id === "string";
}
