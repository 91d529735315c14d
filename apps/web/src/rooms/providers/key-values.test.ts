import { describe, expect, it } from "vitest";
import { customKeyProblem, headerProblem, newRow, pairsOf, rowsOf } from "./key-values.ts";

const row = (key: string, value: string | null, stored?: string) => ({ ...newRow(), key, value, ...(stored ? { stored } : {}) });

describe("rows of names and values", () => {
  it("sends a stored value back as it was shown, which keeps it", () =>
    expect(pairsOf(rowsOf([{ key: "Token", value: "••••9f2c" }], { masked: true }))).toEqual([{ key: "Token", value: "••••9f2c" }]));
  it("sends the new value of a replaced one", () => expect(pairsOf([row("Token", "fresh", "••••9f2c")])).toEqual([{ key: "Token", value: "fresh" }]));
  it("leaves out rows that are empty", () => expect(pairsOf([newRow(), row(" Token ", "abc")])).toEqual([{ key: "Token", value: "abc" }]));
});

describe("problems of header rows", () => {
  it("finds none in what can be sent", () => expect(headerProblem([row("Token", "abc"), row("X-Account", null, "••••1"), newRow()])).toBeNull());
  it("wants a name", () => expect(headerProblem([row("", "abc")])).toBe("A value without a name cannot be sent."));
  it("wants a name that HTTP allows", () => expect(headerProblem([row("my token", "abc")])).toContain("“my token” is no header name"));
  it("wants a value", () => expect(headerProblem([row("Token", "")])).toBe("The header Token needs a value."));
  it("sees the same name twice, whatever its case", () => expect(headerProblem([row("Token", "a"), row("token", "b")])).toBe("The header token is there twice."));
});

describe("problems of custom keys", () => {
  it("allows spaces and empty values", () => expect(customKeyProblem([row("team name", "")])).toBeNull());
  it("sees the same name twice", () => expect(customKeyProblem([row("team", "a"), row("team", "b")])).toBe("The key team is there twice."));
});
