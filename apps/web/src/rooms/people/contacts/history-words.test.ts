import { describe, expect, it } from "vitest";
import { changed, fieldName, plain } from "./history-words.ts";

describe("a person's history in words", () => {
  it("says what a field was and became", () => expect(changed({ from: "Pune", to: "Goa" })).toBe("Pune → Goa"));
  it("names nothing where there was or is nothing", () => expect([changed({ from: null, to: "Goa" }), changed({ from: ["tea"] })]).toEqual(["nothing → Goa", "tea → nothing"]));
  it("calls fields as the form does, and properties by their own name", () => expect([fieldName("timeZone"), fieldName("properties.City")]).toEqual(["Time zone", "City"]));
  it("writes values of every shape on one line", () => expect([plain(true), plain(3.5), plain(["a", "b"]), plain({ a: 1 })]).toEqual(["yes", "3.5", "a, b", '{"a":1}']));
});
