import { OriginKind } from "@tincan/api";
import { describe, expect, it } from "vitest";
import { messageSearch, safePath, templateSearch } from "./search-params.ts";

describe("filters in the address", () => {
  it("keeps what a filter may hold", () => {
    expect(messageSearch({ q: "4471", state: "failed", origin: "deployment", from: "2026-11-22T10:00:00Z" })).toMatchObject({
      q: "4471", state: "failed", origin: "deployment", from: "2026-11-22T10:00:00.000Z",
    });
  });

  it("drops a state that does not exist, an empty search and a date that is none", () => {
    const search = messageSearch({ q: " ", state: "gone", from: "yesterday" });
    expect([search.q, search.state, search.from]).toEqual([undefined, undefined, undefined]);
  });

  it("knows everybody who may ask for a message", () => {
    for (const origin of OriginKind.enum) expect(messageSearch({ origin }).origin).toBe(origin);
  });

  it("drops an order the list does not have", () => {
    expect([messageSearch({ sort: "createdAt" }).sort, messageSearch({ sort: "name" }).sort, templateSearch({ sort: "-name" }).sort]).toEqual(["createdAt", undefined, "-name"]);
  });

  it("takes a number for text, since an address that looks like a number is read as one", () => {
    expect(messageSearch({ q: 15550100123 }).q).toBe("15550100123");
  });

  it("ignores members it does not know", () => expect(Object.keys(templateSearch({ evil: "x" }))).not.toContain("evil"));
});

describe("the way back after signing in", () => {
  it("stays on this site", () => {
    expect(["/messages?q=1", "//evil.example", "/\\evil.example", "https://evil.example", 5].map(safePath)).toEqual(["/messages?q=1", undefined, undefined, undefined, undefined]);
  });
});
