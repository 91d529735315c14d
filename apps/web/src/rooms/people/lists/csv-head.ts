/*
 * The beginning of a CSV file, read in the browser so that a column can be chosen before anything is sent. The server reads the file again and
 * has the last word.
 */

export interface CsvHead {
  names: string[];
  /** The first rows below the header. */
  rows: string[][];
}

/** Enough for a header and a few rows. */
const readBytes = 64 * 1024;
const shownRows = 5;

export async function readCsvHead(file: Blob): Promise<CsvHead> {
  const bytes = new Uint8Array(await file.slice(0, readBytes).arrayBuffer());
  return csvHead(decoded(bytes), file.size > readBytes);
}

function decoded(bytes: Uint8Array): string {
  if (bytes[0] === 0xff && bytes[1] === 0xfe) return new TextDecoder("utf-16le").decode(bytes);
  if (bytes[0] === 0xfe && bytes[1] === 0xff) return new TextDecoder("utf-16be").decode(bytes);
  try {
    // As a stream: a letter cut in two at the end is no fault.
    return new TextDecoder("utf-8", { fatal: true }).decode(bytes, { stream: true });
  } catch {
    return new TextDecoder("windows-1252").decode(bytes);
  }
}

/** `isCut`: the text ends somewhere in the file, so its last row is not whole. */
export function csvHead(text: string, isCut: boolean): CsvHead {
  const all = parsed(text, delimiterOf(text));
  const rows = (isCut ? all.slice(0, -1) : all).filter((row) => row.some((cell) => cell.trim() !== ""));
  const [names = [], ...rest] = rows;
  return { names: names.map((name) => name.trim()), rows: rest.slice(0, shownRows) };
}

/** Whichever of the usual ones the first line has most of. */
function delimiterOf(text: string): string {
  const line = text.slice(0, text.search(/[\r\n]|$/)).replaceAll(/"[^"]*"/g, "");
  const count = (delimiter: string) => line.split(delimiter).length;
  return [",", ";", "\t", "|"].reduce((best, one) => (count(one) > count(best) ? one : best));
}

function parsed(text: string, delimiter: string): string[][] {
  const rows: string[][] = [];
  let row: string[] = [];
  let cell = "";
  let isQuoted = false;
  const endRow = () => {
    rows.push([...row, cell]);
    row = [];
    cell = "";
  };
  for (let i = 0; i < text.length; i++) {
    const letter = text[i]!;
    if (isQuoted) {
      if (letter !== '"') cell += letter;
      else if (text[i + 1] === '"') cell += text[++i];
      else isQuoted = false;
    } else if (letter === '"' && cell === "") isQuoted = true;
    else if (letter === delimiter) {
      row.push(cell);
      cell = "";
    } else if (letter === "\n" || letter === "\r") {
      endRow();
      if (letter === "\r" && text[i + 1] === "\n") i++;
      // The header and a few rows are all that is wanted; empty ones may be among them.
      if (rows.length > shownRows * 4) return rows;
    } else cell += letter;
  }
  if (cell !== "" || row.length > 0) endRow();
  return rows;
}

export type KeyKind = "phone" | "identity" | "id";

/** The column that most likely says who somebody is. */
export function likelyColumn(names: readonly string[]): { index: number; by: KeyKind } {
  const find = (pattern: RegExp) => names.findIndex((name) => pattern.test(name));
  const phone = find(/phone|mobile|whatsapp|msisdn|\btel\b|telephone/i);
  if (phone >= 0) return { index: phone, by: "phone" };
  const identity = find(/identity|customer|user|\bid\b/i);
  return identity >= 0 ? { index: identity, by: "identity" } : { index: 0, by: "phone" };
}
