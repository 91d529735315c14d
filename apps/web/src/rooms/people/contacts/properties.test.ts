import type { ContactProperty, PropertyType, PropertyValue } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { changedProperties, type PropertyRow, rowProblems, rowsOf } from "./properties.ts";

const known = (key: string, type: PropertyType): ContactProperty => ({ key, type, contacts: 1, createdAt: "2026-11-22T00:00:00.000Z" });
const row = (changes: Partial<PropertyRow>): PropertyRow => ({ id: 0, key: "City", type: "text", text: "Pune", items: [], ...changes });
const problemOf = (changes: Partial<PropertyRow>) => rowProblems([row(changes)]).get(0);

const before: Record<string, PropertyValue> = { City: "Pune", Age: 36, Member: true, Born: "1990-05-03T00:00:00.000Z", Likes: ["tea"] };
const rows = () => rowsOf(before, [known("Born", "date")]);

describe("editing custom properties", () => {
  it("changes nothing when nothing was changed, whatever the types", () => expect(changedProperties(rows(), before)).toEqual({}));

  it("sends a changed value in its type", () => {
    const texts: Record<string, string> = { City: "Goa", Age: "36,5", Member: "false", Born: "1990-05-04" };
    const edited = rows().map((one) => (one.type === "list" ? { ...one, items: ["tea", "rice"] } : { ...one, text: texts[one.key] ?? "" }));
    expect(changedProperties(edited, before)).toEqual({ City: "Goa", Age: 36.5, Member: false, Born: { date: "1990-05-04T00:00:00.000Z" }, Likes: ["tea", "rice"] });
  });

  it("takes away what was removed, and the old name of what was renamed", () => {
    const edited = rows().filter((one) => one.key !== "Age").map((one) => (one.key === "City" ? { ...one, key: "Town" } : one));
    expect(changedProperties(edited, before)).toEqual({ Age: null, City: null, Town: "Pune" });
  });

  it("says how much too long a name, a value, a list is", () => {
    expect(problemOf({ key: "k".repeat(121) })?.key).toContain("this has 121");
    expect(problemOf({ text: "v".repeat(513) })?.value).toContain("this has 513");
    expect(problemOf({ type: "list", items: Array.from({ length: 101 }, String) })?.value).toContain("this has 101");
  });

  it("wants a name, a value, and figures for a number", () => {
    expect([problemOf({ key: " " })?.key, problemOf({ text: "" })?.value, problemOf({ type: "number", text: "many" })?.value]).toEqual([
      "A name, like City",
      "A value, or remove the property",
      "A number, like 12 or 3.5",
    ]);
  });

  it("does not take one name twice; capitals make another name", () => {
    expect([...rowProblems([row({ id: 1 }), row({ id: 2, key: "City " }), row({ id: 3, key: "city" })])]).toEqual([[2, { key: "This name is used above" }]]);
  });
});
