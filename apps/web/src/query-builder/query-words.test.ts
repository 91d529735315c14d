import type { SegmentLeaf } from "@tincan/api";
import { expect, test } from "vitest";
import { endOf, lastDayOf, startOf } from "./days.ts";
import { conditionWords } from "./query-words.ts";

const names = { list: () => "VIP", segment: () => "Big spenders" };

test.each<[string, SegmentLeaf]>([
  ["Tier is gold", { kind: "property", key: "Tier", test: { type: "text", op: "is", value: "gold" } }],
  ["Tier is one of gold, silver or bronze", { kind: "property", key: "Tier", test: { type: "text", op: "in", values: ["gold", "silver", "bronze"] } }],
  ["Visits is between 1,000 and …", { kind: "property", key: "Visits", test: { type: "number", op: "between", from: 1000, to: Number.NaN } }],
  ["Member is yes", { kind: "property", key: "Member", test: { type: "boolean", op: "isTrue" } }],
  ["E-mail is not known", { kind: "field", field: "email", test: { type: "any", op: "unknown" } }],
  ["Added in the last 7 days", { kind: "field", field: "createdAt", test: { type: "date", op: "inLast", n: 7, unit: "days" } }],
  ["Last seen is known", { kind: "field", field: "lastSeenAt", test: { type: "any", op: "known" } }],
  ["Source is CSV import", { kind: "field", field: "source", test: { type: "text", op: "is", value: "csv" } }],
  ["may get marketing messages", { kind: "consent", category: "marketing", is: "allowed" }],
  ["never agreed to authentication codes", { kind: "consent", category: "authentication", is: "notOptedIn" }],
  ["is not on do not disturb", { kind: "doNotDisturb", is: false }],
  ["is in list VIP", { kind: "list", listId: "1", in: true }],
  ["is not in segment Big spenders", { kind: "segment", segmentId: "1", in: false }],
  ["did Order placed", { kind: "event", name: "Order placed", did: true }],
  ["did Order placed at least 2 times in the last 30 days", { kind: "event", name: "Order placed", did: true, count: { op: "atLeast", n: 2 }, within: { last: { n: 30, unit: "days" } } }],
  ["did not Order placed for the first time in the last 1 day", { kind: "event", name: "Order placed", did: false, which: "first", within: { last: { n: 1, unit: "days" } } }],
  [
    "did Order placed where amount is more than 100 and city is Pune",
    { kind: "event", name: "Order placed", did: true, where: [{ key: "amount", test: { type: "number", op: "moreThan", value: 100 } }, { key: "city", test: { type: "text", op: "is", value: "Pune" } }] },
  ],
])("%s", (words, leaf) => expect(conditionWords(leaf, names)).toBe(words));

test("a period of days holds its last day, and is read back with it", () => {
  for (const zone of ["utc", "viewer"] as const) {
    const [from, to] = [startOf("2026-05-01", zone), endOf("2026-05-31", zone)];
    expect(Date.parse(to) - Date.parse(from)).toBe(31 * 86_400_000);
    expect(lastDayOf(to, zone)).toBe("2026-05-31");
  }
  expect(startOf("2026-05-01", "utc")).toBe("2026-05-01T00:00:00.000Z");
  expect(conditionWords({ kind: "property", key: "Since", test: { type: "date", op: "between", from: "2026-05-01T00:00:00.000Z", to: "2026-06-01T00:00:00.000Z" } }, names)).toMatch(/^Since is between .*1.* and .*31/);
});
