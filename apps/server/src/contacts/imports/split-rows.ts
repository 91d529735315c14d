/**
 * Splits the bytes of a CSV file (UTF-8) into rows. A row without a quotation mark, as most are, is cut at the delimiters as it stands.
 *
 * A quotation opens only at the beginning of a field; inside it, two marks are one. A mark anywhere else is a character like any other, and a
 * field that goes on behind its closing mark is taken as it is written, marks and all. A row ends with LF, CR or CRLF.
 */

export interface SplitRow {
  fields: string[];
  /** The byte after the row. */
  end: number;
}

export interface Split {
  rows: SplitRow[];
  /** Where the row begins that does not end within these bytes; their length when there is none. */
  rest: number;
}

const QUOTE = 0x22;
const LF = 0x0a;
const CR = 0x0d;

/** `isWhole` says that the file ends with these bytes: the last row then needs no end of line, but its quotations must be closed. */
export function splitRows(bytes: Buffer, delimiter: string, isWhole: boolean): Split {
  const rows: SplitRow[] = [];
  let begin = 0;
  let quote = place(bytes, QUOTE, 0);
  let lf = place(bytes, LF, 0);
  let cr = place(bytes, CR, 0);
  while (begin < bytes.length) {
    if (quote < begin) quote = place(bytes, QUOTE, begin);
    if (lf < begin) lf = place(bytes, LF, begin);
    if (cr < begin) cr = place(bytes, CR, begin);
    const end = lf < cr ? lf : cr;
    const row = quote < end ? quotedRow(bytes, begin, delimiter, isWhole) : plainRow(bytes, begin, end, delimiter, isWhole);
    if (row === undefined) break;
    rows.push(row);
    begin = row.end;
  }
  return { rows, rest: begin };
}

/** The next such byte, or the length when there is none. */
function place(bytes: Buffer, byte: number, from: number): number {
  const found = bytes.indexOf(byte, from);
  return found < 0 ? bytes.length : found;
}

function plainRow(bytes: Buffer, begin: number, at: number, delimiter: string, isWhole: boolean): SplitRow | undefined {
  const end = endOfRow(bytes, at, isWhole);
  return end === undefined ? undefined : { fields: bytes.toString("utf8", begin, at).split(delimiter), end };
}

/** The byte after the end of line at `at`; undefined when what follows these bytes must be known. */
function endOfRow(bytes: Buffer, at: number, isWhole: boolean): number | undefined {
  if (at + 1 < bytes.length) return bytes[at] === CR && bytes[at + 1] === LF ? at + 2 : at + 1;
  if (isWhole) return bytes.length;
  return at < bytes.length && bytes[at] === LF ? at + 1 : undefined;
}

/** Reads a row that has quotation marks; undefined when it does not end within these bytes. */
function quotedRow(bytes: Buffer, begin: number, delimiter: string, isWhole: boolean): SplitRow | undefined {
  const separator = delimiter.charCodeAt(0);
  const fields: string[] = [];
  let at = begin;
  for (;;) {
    let field = "";
    if (bytes[at] === QUOTE) {
      const quoted = quotation(bytes, at, separator, isWhole);
      if (quoted === undefined) return undefined;
      field = quoted.text;
      at = quoted.end;
    }
    const plain = at;
    while (at < bytes.length && bytes[at] !== separator && bytes[at] !== LF && bytes[at] !== CR) at++;
    fields.push(field + bytes.toString("utf8", plain, at));
    if (at < bytes.length && bytes[at] === separator) {
      at++;
      continue;
    }
    const end = endOfRow(bytes, at, isWhole);
    return end === undefined ? undefined : { fields, end };
  }
}

/** Reads from an opening mark to behind the closing one; undefined when there is none, or when what follows it must be known. */
function quotation(bytes: Buffer, open: number, separator: number, isWhole: boolean): { text: string; end: number } | undefined {
  let text = "";
  let from = open + 1;
  for (;;) {
    const mark = bytes.indexOf(QUOTE, from);
    if (mark < 0) return undefined;
    const next = bytes[mark + 1];
    if (next === undefined && !isWhole) return undefined;
    text += bytes.toString("utf8", from, mark);
    if (next === QUOTE) {
      text += '"';
      from = mark + 2;
      continue;
    }
    const isClosed = next === undefined || next === separator || next === LF || next === CR;
    return { text: isClosed ? text : `"${text}"`, end: mark + 1 };
  }
}
