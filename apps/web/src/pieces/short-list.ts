import type { List } from "@tincan/api";
import type { Column } from "./column.ts";
import { directionOf } from "./sorting.ts";

/*
 * Lists that stay short, such as the people of a team: the server has no order to choose for them, so they are read whole and put in
 * order here, by what the chosen column says as text.
 */

/** The largest part the server hands out at once. */
const partSize = 200;
/** A list this long is no longer short; what follows is not read. */
const mostParts = 25;

interface ShortList<T> {
  columns: Column<T>[];
  sort: string;
  part: (query: { limit: number; after: string | undefined }) => Promise<List<T>>;
}

/** The whole list in order, as its only page. */
export async function shortList<T>({ columns, sort, part }: ShortList<T>): Promise<List<T>> {
  const items: T[] = [];
  let after: string | undefined;
  for (let count = 0; count < mostParts; count++) {
    const { items: some, next } = await part({ limit: partSize, after });
    items.push(...some);
    if (next === null) break;
    after = next;
  }
  return { items: inOrder(items, columns, sort), next: null };
}

/** Names as people sort them: 2 before 10, and capitals with the rest. */
const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

/** Rows without a value come last in both directions: "never" is not an early time. */
export function inOrder<T>(items: T[], columns: Column<T>[], sort: string): T[] {
  const column = columns.find((one) => one.sort !== undefined && directionOf(sort, one.sort) !== undefined);
  const text = column?.text;
  if (!column?.sort || !text) return items;
  const sign = directionOf(sort, column.sort) === "descending" ? -1 : 1;
  return items.toSorted((a, b) => {
    const [left, right] = [text(a), text(b)];
    if (left === "" || right === "") return Number(left === "") - Number(right === "");
    return sign * compare(left, right);
  });
}
