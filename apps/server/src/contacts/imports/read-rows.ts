/**
 * Reads a CSV file (UTF-8) from any byte where a row begins, telling of each row where it ends: the place to go on from after a crash. Rows come
 * in groups, since handing over each by itself costs more than reading it.
 *
 * A quotation mark that is never closed would make one row of all that follows. When a row grows beyond what a row may be, or the file ends
 * inside a quotation, only the line on which that row began is given up, and reading goes on with the next line.
 */
import { createReadStream } from "node:fs";
import { splitRows } from "./split-rows.ts";

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
const CHUNK_BYTES = 64 * 1024;

export async function* readRows(file: string, delimiter: string, from: Place): AsyncGenerator<Row[]> {
  let place = from;
  for (;;) {
    const broken = yield* readUntilBroken(file, delimiter, place);
    if (broken === null) return;
    const next = await endOfLine(file, broken.byte);
    if (next === null) return void (yield [{ number: broken.row + 1, fields: null, problem: UNCLOSED, end: broken.byte }]);
    place = { byte: next, row: broken.row + 1 };
    yield [{ number: place.row, fields: null, problem: UNCLOSED, end: next }];
  }
}

const UNCLOSED = "A quotation mark opens in this row and is never closed.";

/** Yields rows until the end (null) or until one that cannot be read; answers where that one begins. */
async function* readUntilBroken(file: string, delimiter: string, from: Place): AsyncGenerator<Row[], Place | null> {
  const place = { ...from };
  let bytes = Buffer.alloc(0);
  let parts: Buffer[] = [];
  let read = 0;
  /** A long row is looked at again when twice as much of it is there, and not after every chunk. */
  let enough = 0;

  const split = (isWhole: boolean): { rows: Row[]; broken: boolean } => {
    bytes = Buffer.concat([bytes, ...parts]);
    parts = [];
    const start = place.byte;
    const found = splitRows(bytes, delimiter, isWhole);
    const rows: Row[] = [];
    for (const { fields, end } of found.rows) {
      if (start + end - place.byte > MOST_ROW_BYTES) return { rows, broken: true };
      place.byte = start + end;
      place.row++;
      if (fields.length > 1 || fields[0] !== "") rows.push({ number: place.row, fields, end: place.byte });
    }
    bytes = bytes.subarray(found.rest);
    enough = Math.min(bytes.length * 2, MOST_ROW_BYTES + CHUNK_BYTES);
    return { rows, broken: bytes.length > (isWhole ? 0 : MOST_ROW_BYTES) };
  };

  for await (const chunk of createReadStream(file, { start: from.byte, highWaterMark: CHUNK_BYTES }) as AsyncIterable<Buffer>) {
    parts.push(chunk);
    read += chunk.length;
    if (from.byte + read - place.byte < enough) continue;
    const { rows, broken } = split(false);
    if (rows.length > 0) yield rows;
    if (broken) return place;
  }
  const { rows, broken } = split(true);
  if (rows.length > 0) yield rows;
  return broken ? place : null;
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
