import type { ContactProperty, SegmentLeaf, SegmentQuery, ValueTest } from "@tincan/api";
import { endOf, startOf } from "../../../query-builder/days.ts";
import type { ContactSearch } from "../../../search-params.ts";

/** The filters of the contacts' list that a segment can ask for too; words that are searched for it cannot. */
export type ContactFilters = Pick<ContactSearch, "consent" | "source" | "property" | "value">;

/** Those filters, when there are any and nothing else is asked for. */
export function askedOf({ q, consent, source, property, value }: ContactSearch): ContactFilters | null {
  if (q !== undefined || (consent ?? source ?? property) === undefined) return null;
  return { consent, source, property, value };
}

/** The same people as a query. */
export function queryOf({ consent, source, property, value }: ContactFilters, known: readonly Pick<ContactProperty, "key" | "type">[]): SegmentQuery {
  const parts: SegmentQuery[] = [];
  const marketing: SegmentLeaf = { kind: "consent", category: "marketing", is: "allowed" };
  if (consent) parts.push(consent === "in" ? marketing : { not: marketing });
  if (source) parts.push({ kind: "field", field: "source", test: { type: "text", op: "is", value: source } });
  if (property !== undefined) parts.push({ kind: "property", key: property, test: testOf(known.find(({ key }) => key === property)?.type, value) });
  return { all: parts };
}

function testOf(type: ContactProperty["type"] | undefined, value: string | undefined): ValueTest {
  if (value === undefined) return { type: "any", op: "known" };
  switch (type) {
    case "number":
      return { type, op: "equals", value: Number(value) };
    case "boolean":
      return { type, op: value === "true" ? "isTrue" : "isFalse" };
    case "date":
      return { type, op: "between", from: startOf(value.slice(0, 10), "utc"), to: endOf(value.slice(0, 10), "utc") };
    case "list":
      return { type, op: "has", value };
    default:
      return { type: "text", op: "is", value };
  }
}
