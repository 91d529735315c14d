import { describe, expect, test } from "vitest";
import { dynamicUrlSuffix } from "./dynamic-url.ts";

describe("tolerance 10: the value of a dynamic URL", () => {
  test.each([
    ["is the suffix as it is", "t/88", "https://example.org/{{1}}", "t/88"],
    ["loses the template's prefix", "https://example.org/t/88", "https://example.org/{{1}}", "t/88"],
    ["loses what follows the template's variable", "https://example.org/88/track", "https://example.org/{{1}}/track", "88"],
    ["loses the variable's mark", "https://example.org/{{1}}", "https://example.org/{{1}}", ""],
    ["keeps a URL of another site", "https://other.example/88", "https://example.org/{{1}}", "https://other.example/88"],
    ["stays whole when the template has no variable", "t/88", "https://example.org/", "t/88"],
  ])("%s", (_name, text, templateUrl, suffix) => {
    expect(dynamicUrlSuffix(text, templateUrl)).toBe(suffix);
  });
});
