import { describe, expect, it } from "vitest";
import { csvOf } from "./csv.ts";

describe("CSV export", () => {
  it("quotes commas, quotes and line ends", () => expect(csvOf([["a,b", 'say "x"', "l\nm"]])).toBe('\uFEFF"a,b","say ""x""","l\nm"\r\n'));
  it("keeps phone numbers as they are", () => expect(csvOf([["+15550100123"]])).toBe("\uFEFF+15550100123\r\n"));
  it("disarms a cell that starts a formula", () => expect(csvOf([["=1+1", "@x"]])).toBe("\uFEFF'=1+1,'@x\r\n"));
});
