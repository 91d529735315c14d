import { expect, test } from "vitest";
import { csvHead, likelyColumn, readCsvHead } from "./csv-head.ts";

test("the names of the columns and the first rows are read, whatever separates them", () => {
  expect(csvHead('Name;"Phone; mobile"\r\n"Ada ""the first""\nOsei";+1555\r\n', false)).toEqual({ names: ["Name", "Phone; mobile"], rows: [['Ada "the first"\nOsei', "+1555"]] });
  expect(csvHead("a\tb\n1\t2", false)).toEqual({ names: ["a", "b"], rows: [["1", "2"]] });
});

test("a row that is cut off is left out", () => expect(csvHead("a,b\n1,2\n3", true).rows).toEqual([["1", "2"]]));

test("a file of another encoding is read", async () => {
  expect((await readCsvHead(new Blob([new Uint8Array([0x4e, 0xfc, 0x0a])]))).names).toEqual(["Nü"]);
  expect((await readCsvHead(new Blob(["\uFEFFTelefón,b\n"]))).names).toEqual(["Telefón", "b"]);
});

test("the column of the phone is chosen first, then one of an identity", () => {
  expect(likelyColumn(["Name", "Mobile no."])).toEqual({ index: 1, by: "phone" });
  expect(likelyColumn(["Name", "Customer ID"])).toEqual({ index: 1, by: "identity" });
  expect(likelyColumn(["a", "b"])).toEqual({ index: 0, by: "phone" });
});
