import type { OverviewRow } from "@tincan/api";

/** What an overview may be sorted by. */
export const overviewFields = ["name", "queued", "sent", "delivered", "read", "clicked", "replied", "converted", "optedOut", "failed", "revenue", "cost"] as const;
type Field = (typeof overviewFields)[number];

/** Names as people sort them: 2 before 10, and capitals with the rest. */
const { compare } = new Intl.Collator(undefined, { numeric: true, sensitivity: "base" });

const isField = (text: string): text is Field => overviewFields.some((field) => field === text);

/** Rows in the order that the address asks for; a cost that is not known comes last in both directions. */
export function inOrder(rows: OverviewRow[], sort: string): OverviewRow[] {
  const field = sort.replace(/^-/, "");
  if (!isField(field)) return rows;
  const sign = sort.startsWith("-") ? -1 : 1;
  if (field === "name") return rows.toSorted((a, b) => sign * compare(a.name, b.name));
  const value = (row: OverviewRow): number | null => (field === "cost" ? row.cost.amount : row.counts[field]);
  return rows.toSorted((a, b) => {
    const [left, right] = [value(a), value(b)];
    if (left === null || right === null) return Number(left === null) - Number(right === null);
    return sign * (left - right);
  });
}
