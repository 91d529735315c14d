import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { parse } from "csv-parse/sync";
import * as fc from "fast-check";
import { afterAll, expect, test } from "vitest";
import { readRows, type Row } from "./read-rows.ts";
import { splitRows } from "./split-rows.ts";

const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-rows-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Text in which marks, delimiters and ends of line meet in every way. */
const csv = fc.array(fc.constantFrom('"', '"', ",", ";", "\n", "\r\n", "\r", "a", "bc", " ", "é", "ह", "😀", '""', '",', ',"'), { maxLength: 60 }).map((parts) => parts.join(""));

interface Parsed {
  record: string[];
  info: { bytes: number };
}

/** What csv-parse makes of it, up to a quotation that is never closed. */
function reference(text: string, delimiter: string): { fields: string[]; end: number }[] {
  const rows: { fields: string[]; end: number }[] = [];
  try {
    parse(text, {
      delimiter, info: true, record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true, relax_quotes: true,
      onRecord: ((row: Parsed) => void rows.push({ fields: row.record, end: row.info.bytes })) as never,
    });
  } catch (cause) {
    expect((cause as { code: string }).code).toBe("CSV_QUOTE_NOT_CLOSED");
  }
  return rows;
}

test("rows, fields and their ends are those that csv-parse finds", () => {
  fc.assert(
    fc.property(csv, fc.constantFrom(",", ";"), (text, delimiter) => {
      const bytes = Buffer.from(text);
      const { rows, rest } = splitRows(bytes, delimiter, true);
      const wanted = reference(text, delimiter);
      expect(rows).toEqual(wanted);
      expect(rest).toBe(wanted.at(-1)?.end ?? rest);
    }),
    { numRuns: 3_000 },
  );
});

test("where a file is cut between two reads makes no difference", () => {
  fc.assert(
    fc.property(csv, fc.nat(), (text, cut) => {
      const bytes = Buffer.from(text);
      const at = cut % (bytes.length + 1);
      const first = splitRows(bytes.subarray(0, at), ",", false);
      const second = splitRows(bytes.subarray(first.rest), ",", true);
      const ends = second.rows.map(({ fields, end }) => ({ fields, end: end + first.rest }));
      expect([...first.rows, ...ends]).toEqual(splitRows(bytes, ",", true).rows);
    }),
    { numRuns: 3_000 },
  );
});

async function rowsOf(text: string, from = { byte: 0, row: 0 }): Promise<Row[]> {
  const file = path.join(folder, "people.csv");
  writeFileSync(file, text);
  const rows: Row[] = [];
  for await (const group of readRows(file, ",", from)) rows.push(...group);
  return rows;
}

test("reading goes on from every row's end with the same rows and numbers", async () => {
  const text = 'a,b\n\n"x\ny",1\r\né,2\r"q""r",3\n\n';
  const rows = await rowsOf(text);
  expect(rows.map(({ number, fields }) => [number, fields])).toEqual([[1, ["a", "b"]], [3, ["x\ny", "1"]], [4, ["é", "2"]], [5, ['q"r', "3"]]]);
  for (const [i, { number, end }] of rows.entries()) expect(await rowsOf(text, { byte: end, row: number })).toEqual(rows.slice(i + 1));
});

test("rows longer than a read are whole, and one that grows too long costs its line alone", async () => {
  const long = "x".repeat(1_000_000);
  const endless = `"${`${"y".repeat(999)}\n`.repeat(9_000)}`;
  const rows = await rowsOf(`1,${long}\n2,"${long}\n${long}"\n${endless}3,z\n`);
  expect(rows.slice(0, 2).map(({ fields }) => fields?.map((field) => field.length))).toEqual([[1, 1_000_000], [1, 2_000_001]]);
  expect(rows[2]).toMatchObject({ number: 3, fields: null });
  expect(rows[3]).toMatchObject({ number: 4, fields: ["y".repeat(999)] });
  expect(rows.at(-1)).toMatchObject({ number: 9_003, fields: ["3", "z"] });
});

test("a quotation that the file ends in costs its line alone", async () => {
  expect((await rowsOf('a,b\n"c,d\ne,f\n')).map(({ number, fields }) => [number, fields])).toEqual([[1, ["a", "b"]], [2, null], [3, ["e", "f"]]]);
});
