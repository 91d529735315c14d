/**
 * Rows for `copy()` in PostgreSQL's binary format, as strings that have one character for each byte: those are put together faster than bytes
 * are. Each type is written as its `…_recv` function in Postgres reads it.
 */

/** A cell as the bytes that are sent. */
export type Cell = string;

/** A row of all its columns' cells, in their order. */
export function copyRow(cells: readonly Cell[]): string {
  return COUNTS[cells.length]! + cells.join("");
}

export const nullCell: Cell = "\xff\xff\xff\xff";

export function textCell(text: string | null): Cell {
  if (text === null) return nullCell;
  const bytes = utf8(text);
  return int(bytes.length) + bytes;
}

/** `text` is JSON. */
export function jsonbCell(text: string): Cell {
  const bytes = utf8(text);
  return `${int(bytes.length + 1)}\x01${bytes}`;
}

export function booleanCell(yes: boolean): Cell {
  return yes ? "\0\0\0\x01\x01" : "\0\0\0\x01\0";
}

/** A timestamp with time zone. */
export function timeCell(at: Date | null): Cell {
  if (at === null) return nullCell;
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64BE(BigInt(at.getTime() - YEAR_2000) * 1000n);
  return int(8) + bytes.toString("latin1");
}
const YEAR_2000 = Date.UTC(2000, 0, 1);

/** The cells of many ids: one at a time takes ten times as long. */
export function uuidCells(ids: readonly string[]): Cell[] {
  const bytes = Buffer.from(ids.join("").replaceAll("-", ""), "hex").toString("latin1");
  return ids.map((_, i) => SIXTEEN + bytes.slice(i * 16, i * 16 + 16));
}

/** A tsvector of words without places, each of them once. */
export function wordsCell(words: readonly string[]): Cell {
  // A word ends with a zero; no places are two more.
  const bytes = words.length === 0 ? "" : `${utf8(words.join(AFTER_WORD))}${AFTER_WORD}`;
  return int(bytes.length + 4) + int(words.length) + bytes;
}
const AFTER_WORD = "\0\0\0";

/** The bytes of a text in UTF-8. */
function utf8(text: string): string {
  return ASCII.test(text) ? text : Buffer.from(text).toString("latin1");
}
// oxlint-disable-next-line no-control-regex -- all letters of one byte
const ASCII = /^[\0-\x7f]*$/;

function int(n: number): string {
  return INTS[n] ?? String.fromCharCode((n >>> 24) & 255, (n >>> 16) & 255, (n >>> 8) & 255, n & 255);
}
const INTS = Array.from({ length: 1024 }, (_, n) => String.fromCharCode(0, 0, n >>> 8, n & 255));
const COUNTS = INTS.slice(0, 64).map((bytes) => bytes.slice(2));
const SIXTEEN = INTS[16]!;
