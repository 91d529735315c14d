import { describe, expect, it } from "vitest";
import { tokensOf } from "./json-tokens.ts";

const joined = (text: string) => tokensOf(text).map((token) => token.text).join("");

describe("colouring JSON", () => {
  it("tells keys from strings", () => {
    const kinds = tokensOf('{"a": "b"}').filter((token) => token.kind !== "plain");
    expect(kinds).toEqual([{ kind: "key", text: '"a"' }, { kind: "string", text: '"b"' }]);
  });

  it("keeps quotes and colons inside a string together", () => {
    const text = JSON.stringify({ say: 'she said "a: 1"' }, null, 2);
    expect(tokensOf(text).find((token) => token.kind === "string")?.text).toBe('"she said \\"a: 1\\""');
  });

  it("never changes the text", () => {
    const text = JSON.stringify({ a: [1, -2.5e10, true, null], b: { c: "é\n" } }, null, 2);
    expect(joined(text)).toBe(text);
  });

  it("leaves text that is not JSON as it is", () => {
    expect(tokensOf("<html>oops</html>")).toEqual([{ kind: "plain", text: "<html>oops</html>" }]);
  });
});
