/**
 * Reads a CSV file (UTF-8) from any byte where a row begins, row by row, telling where each one ends: the place to go on from after a crash.
 *
 * A quotation mark that is never closed would make one row of all that follows. When a row grows beyond what a row may be, or the file ends
 * inside a quotation, only the line on which that row began is given up, and reading goes on with the next line.
 */
import { createReadStream } from "node:fs";
import { CsvError, parse } from "csv-parse";

/** One row. `number` counts as a spreadsheet does, the header being 1; empty lines count too, but are not told. */
export interface Row {
  number: number;
  /** Null for a row that cannot be read; then `problem` says why. */
  fields: string[] | null;
  problem?: string;
  /** The byte after the row. */
  end: number;
}

export interface Place {
  byte: number;
  /** Number of the last row before that byte. */
  row: number;
}

/** A row of people may have this many bytes; a single field of 5 MB is read, and refused by its column's own limit. */
const MOST_ROW_BYTES = 8 * 1024 * 1024;
const CHUNK_BYTES = 256 * 1024;

interface Parsed {
  record: string[];
  info: { bytes: number; records: number };
}

export async function* readRows(file: string, delimiter: string, from: Place): AsyncGenerator<Row> {
  let place = from;
  for (;;) {
    const broken = yield* readUntilBroken(file, delimiter, place);
    if (broken === null) return;
    const next = await endOfLine(file, broken.byte);
    if (next === null) return void (yield { number: broken.row + 1, fields: null, problem: UNCLOSED, end: broken.byte });
    place = { byte: next, row: broken.row + 1 };
    yield { number: place.row, fields: null, problem: UNCLOSED, end: next };
  }
}

const UNCLOSED = "A quotation mark opens in this row and is never closed.";

/** Yields rows until the end (null) or until one that cannot be read; answers where that one begins. */
async function* readUntilBroken(file: string, delimiter: string, from: Place): AsyncGenerator<Row, Place | null> {
  const source = createReadStream(file, { start: from.byte, highWaterMark: CHUNK_BYTES });
  const parser = parse({
    delimiter, info: true, bom: false, columns: false, record_delimiter: ["\r\n", "\n", "\r"], relax_column_count: true, relax_quotes: true,
    max_record_size: MOST_ROW_BYTES,
  });
  source.on("error", (cause) => parser.destroy(cause));
  source.pipe(parser);
  let last = from;
  try {
    for await (const { record, info } of parser as AsyncIterable<Parsed>) {
      last = { byte: from.byte + info.bytes, row: from.row + info.records };
      if (record.length === 1 && record[0] === "") continue;
      yield { number: last.row, fields: record, end: last.byte };
    }
    return null;
  } catch (cause) {
    if (cause instanceof CsvError && (cause.code === "CSV_MAX_RECORD_SIZE" || cause.code === "CSV_QUOTE_NOT_CLOSED")) return last;
    throw cause;
  } finally {
    source.destroy();
  }
}

/** The byte after the line that `byte` is on; null when the file ends with it. */
async function endOfLine(file: string, byte: number): Promise<number | null> {
  let at = byte;
  for await (const chunk of createReadStream(file, { start: byte, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    const found = chunk.indexOf(0x0a);
    if (found >= 0) return at + found + 1;
    at += chunk.length;
  }
  return null;
}
