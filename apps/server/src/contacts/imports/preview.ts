/** Looks at the beginning of an uploaded file: what separates its columns, what they are called, and what is in the first rows. */
import { open } from "node:fs/promises";
import { parse } from "csv-parse/sync";
import type { Import } from "@tincan/api";
import { UnreadableFile } from "./encoding.ts";
import { readRows } from "./read-rows.ts";

export type Delimiter = Import["delimiter"];

export interface Preview {
  delimiter: Delimiter;
  /** Column names, each once: a name that comes again gets a number, an empty one the column's place. */
  names: string[];
  /** The first rows below the header. */
  rows: string[][];
  /** The byte after the header. */
  headerEnd: number;
}

const delimiters: readonly Delimiter[] = [",", ";", "\t", "|"];
const SAMPLE_BYTES = 256 * 1024;
const SAMPLE_ROWS = 20;
/** Rows that guesses are made from. */
const PREVIEW_ROWS = 200;
const MOST_COLUMNS = 300;
const LONGEST_NAME = 120;

/** Throws UnreadableFile when there is no header or nothing below it. */
export async function preview(file: string): Promise<Preview> {
  const delimiter = tellDelimiter(await beginning(file));
  let header: string[] | undefined;
  let headerEnd = 0;
  const rows: string[][] = [];
  reading: for await (const group of readRows(file, delimiter, { byte: 0, row: 0 })) {
    for (const row of group) {
      if (!header) {
        if (row.fields === null) throw new UnreadableFile(`The first row should name the columns, but cannot be read: ${row.problem}`);
        header = row.fields;
        headerEnd = row.end;
        if (header.length > MOST_COLUMNS) throw new UnreadableFile(`The file has ${header.length} columns; at most ${MOST_COLUMNS} can be read.`);
      } else if (row.fields) {
        rows.push(row.fields);
      }
      if (rows.length === PREVIEW_ROWS) break reading;
    }
  }
  if (!header) throw new UnreadableFile("The file holds no rows.");
  if (rows.length === 0) throw new UnreadableFile("The file has a header, but no row below it that can be read.");
  return { delimiter, names: distinct(header), rows, headerEnd };
}

async function beginning(file: string): Promise<string> {
  const handle = await open(file);
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(SAMPLE_BYTES), 0, SAMPLE_BYTES, 0);
    return buffer.subarray(0, bytesRead).toString("utf8");
  } finally {
    await handle.close();
  }
}

/** The one by which most rows have as many columns as the header, and more than one. */
function tellDelimiter(text: string): Delimiter {
  let best: { delimiter: Delimiter; score: number } = { delimiter: ",", score: 0 };
  for (const delimiter of delimiters) {
    const records = readSample(text, delimiter);
    const width = records[0]?.length ?? 0;
    if (width < 2) continue;
    const score = (records.filter((record) => record.length === width).length / records.length) * 1000 + width;
    if (score > best.score) best = { delimiter, score };
  }
  return best.delimiter;
}

function readSample(text: string, delimiter: Delimiter): string[][] {
  try {
    return parse(text, { delimiter, to: SAMPLE_ROWS, relax_column_count: true, relax_quotes: true, skip_empty_lines: true });
  } catch {
    // An unclosed quotation: the header alone still tells.
    return [(text.split(/\r?\n/, 1)[0] ?? "").split(delimiter)];
  }
}

function distinct(header: readonly string[]): string[] {
  const taken = new Set<string>();
  return header.map((written, i) => {
    const plain = clean(written).slice(0, LONGEST_NAME) || `Column ${i + 1}`;
    let name = plain;
    for (let n = 2; taken.has(name); n++) name = `${plain} (${n})`;
    taken.add(name);
    return name;
  });
}

/** Without what cannot be stored or seen. */
export function clean(text: string): string {
  return text.toWellFormed().replaceAll(/\p{Cc}+/gu, " ").trim();
}
