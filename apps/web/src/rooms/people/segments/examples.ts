import type { SegmentQuery } from "@tincan/api";

interface Example {
  key: string;
  name: string;
  query: SegmentQuery;
}

/** Segments that make sense in every workspace, whatever properties and events it has. */
export const examples: Example[] = [
  { key: "marketing", name: "May get marketing messages", query: { all: [{ kind: "consent", category: "marketing", is: "allowed" }] } },
  { key: "new", name: "Added in the last 7 days", query: { all: [{ kind: "field", field: "createdAt", test: { type: "date", op: "inLast", n: 7, unit: "days" } }] } },
  {
    key: "quiet",
    name: "Not seen for 90 days",
    query: {
      all: [
        { kind: "consent", category: "marketing", is: "allowed" },
        { any: [{ kind: "field", field: "lastSeenAt", test: { type: "date", op: "longerAgo", n: 90, unit: "days" } }, { kind: "field", field: "lastSeenAt", test: { type: "any", op: "unknown" } }] },
      ],
    },
  },
  { key: "nameless", name: "Have a phone and no name", query: { all: [{ kind: "field", field: "phone", test: { type: "any", op: "known" } }, { kind: "field", field: "name", test: { type: "any", op: "unknown" } }] } },
];
