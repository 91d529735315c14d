import { describe, expect, it } from "vitest";
import type { Column } from "./column.ts";
import { inOrder, shortList } from "./short-list.ts";

interface Can {
  name: string;
  usedAt: string | null;
}

const columns: Column<Can>[] = [
  { key: "name", header: "Name", sort: "name", cell: ({ name }) => name, text: ({ name }) => name },
  { key: "usedAt", header: "Used", sort: "usedAt", first: "descending", cell: ({ usedAt }) => usedAt, text: ({ usedAt }) => usedAt ?? "" },
];
const cans: Can[] = [
  { name: "can 10", usedAt: "2026-11-20T08:00:00.000Z" },
  { name: "Can 2", usedAt: null },
  { name: "beans", usedAt: "2026-11-22T08:00:00.000Z" },
];
const sorted = (sort: string) => inOrder(cans, columns, sort).map(({ name }) => name);

describe("a short list", () => {
  it("is ordered as people order names", () => expect(sorted("name")).toEqual(["beans", "Can 2", "can 10"]));
  it("is turned round", () => expect(sorted("-name")).toEqual(["can 10", "Can 2", "beans"]));
  it("has rows without a value last in both directions", () => {
    expect([sorted("usedAt"), sorted("-usedAt")]).toEqual([
      ["can 10", "beans", "Can 2"],
      ["beans", "can 10", "Can 2"],
    ]);
  });
  it("stays as it came for an order no column has", () => expect(sorted("colour")).toEqual(cans.map(({ name }) => name)));
  it("is read to its end before it is ordered", async () => {
    const parts: Record<string, { items: Can[]; next: string | null }> = { "": { items: cans.slice(0, 2), next: "more" }, more: { items: cans.slice(2), next: null } };
    const { items, next } = await shortList({ columns, sort: "name", part: async ({ after = "" }) => parts[after] ?? { items: [], next: null } });
    expect([items.map(({ name }) => name), next]).toEqual([["beans", "Can 2", "can 10"], null]);
  });
});
