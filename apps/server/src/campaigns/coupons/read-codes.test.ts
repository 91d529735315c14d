import { expect, test } from "vitest";
import { readCodes } from "./read-codes.ts";

test("codes stand one to a line, each counted once", () => {
  expect(readCodes("SAVE1\r\nSAVE2\n\n  SAVE3 \rSAVE1\n").codes).toEqual(["SAVE1", "SAVE2", "SAVE3"]);
});

test("of a CSV the first column is read, its heading and quotation marks aside", () => {
  expect(readCodes('\ufeffCode;Value\n"A-1";10\nB-2,20\nC-3\t30').codes).toEqual(["A-1", "B-2", "C-3"]);
});

test("lines that hold no code are named", () => {
  expect(readCodes(`${"x".repeat(15)}\nTWO WORDS\n${"x".repeat(16)}\n,empty`)).toEqual({
    codes: ["x".repeat(15)],
    refused: [{ line: 2, text: "TWO WORDS" }, { line: 3, text: "x".repeat(16) }, { line: 4, text: "" }],
  });
});
