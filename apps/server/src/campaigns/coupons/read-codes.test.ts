import { expect, test } from "vitest";
import { readCodes } from "./read-codes.ts";

test("codes stand one to a line, each counted once", () => {
  expect(readCodes("SAVE1\r\nSAVE2\n\n  SAVE3 \rSAVE1\n").codes).toEqual(["SAVE1", "SAVE2", "SAVE3"]);
});

test("of a CSV the first column is read, its heading and quotation marks aside", () => {
  expect(readCodes('\ufeffCode;Value\n"A-1";10\nB-2,20\nC-3\t30').codes).toEqual(["A-1", "B-2", "C-3"]);
});

test("lines that hold no code are named", () => {
  expect(readCodes(`GOOD\nTWO WORDS\n${"x".repeat(21)}\n,empty`)).toEqual({
    codes: ["GOOD"],
    refused: [{ line: 2, text: "TWO WORDS" }, { line: 3, text: "x".repeat(21) }, { line: 4, text: "" }],
  });
});
