import { describe, expect, it } from "vitest";
import { directionOf, nextSort, sortChoices } from "./sorting.ts";

const name = { header: "Name", sort: "name" };
const asked = { header: "Asked", sort: "createdAt", first: "descending" as const };

describe("the order of a list", () => {
  it("begins with the column's own direction", () => expect([nextSort(undefined, name), nextSort("name", asked)]).toEqual(["name", "-createdAt"]));
  it("turns round at the second click", () => expect([nextSort("name", name), nextSort("-name", name), nextSort("-createdAt", asked)]).toEqual(["-name", "name", "createdAt"]));
  it("belongs to one column at a time", () => expect([directionOf("-name", "name"), directionOf("-name", "createdAt")]).toEqual(["descending", undefined]));
  it("is offered in words where there are no headers", () => {
    expect(sortChoices([name, { header: "State" }, asked])).toEqual([
      { value: "name", label: "Name, A to Z" },
      { value: "-name", label: "Name, Z to A" },
      { value: "-createdAt", label: "Asked, newest first" },
      { value: "createdAt", label: "Asked, oldest first" },
    ]);
  });
  it("speaks of amounts by their size", () => {
    expect(sortChoices([{ header: "Read", sort: "read", first: "descending", amounts: true }]).map(({ label }) => label)).toEqual(["Read, largest first", "Read, smallest first"]);
  });
});
