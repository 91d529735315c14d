import { QueryClient } from "@tanstack/react-query";
import { describe, expect, it } from "vitest";
import { changeRows, dropRows } from "./cached-rows.ts";

const ada = { id: "a", name: "Ada" };
const ben = { id: "b", name: "Ben" };
const renamed = (row: { id: string; name: string }) => ({ ...row, name: "Grace" });

function holding(data: Record<string, unknown>): QueryClient {
  const client = new QueryClient();
  for (const [key, value] of Object.entries(data)) client.setQueryData(["members", key], value);
  return client;
}
const held = (client: QueryClient, key: string) => client.getQueryData(["members", key]);

describe("rows the browser holds", () => {
  it("change wherever they stand: in pages, in a list, alone", async () => {
    const client = holding({ pages: { pages: [{ items: [ada, ben], next: null }], pageParams: [undefined] }, list: { items: [ada] }, one: ada });
    await changeRows(client, ["members"], ["a"], renamed);
    expect(held(client, "pages")).toMatchObject({ pages: [{ items: [{ name: "Grace" }, ben] }], pageParams: [undefined] });
    expect(held(client, "list")).toEqual({ items: [{ id: "a", name: "Grace" }] });
    expect(held(client, "one")).toEqual({ id: "a", name: "Grace" });
  });

  it("go from lists, and stay on their own page", async () => {
    const client = holding({ pages: { pages: [{ items: [ada, ben], next: "x" }] }, one: ada });
    await dropRows(client, ["members"], ["a"]);
    expect(held(client, "pages")).toEqual({ pages: [{ items: [ben], next: "x" }] });
    expect(held(client, "one")).toEqual(ada);
  });

  it("come back as they were when the server refuses", async () => {
    const client = holding({ pages: { pages: [{ items: [ada, ben] }] }, other: { items: [ben] } });
    const putBack = await dropRows(client, ["members"], ["a"]);
    putBack();
    expect(held(client, "pages")).toEqual({ pages: [{ items: [ada, ben] }] });
  });

  it("of other topics and other data are left alone", async () => {
    const client = holding({ counts: { total: 3 }, nothing: null });
    client.setQueryData(["lanes"], { items: [ada] });
    await dropRows(client, ["members"], ["a"]);
    expect([held(client, "counts"), held(client, "nothing"), client.getQueryData(["lanes"])]).toEqual([{ total: 3 }, null, { items: [ada] }]);
  });
});
