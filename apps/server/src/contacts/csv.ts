/**
 * Writes CSV files that spreadsheets open safely: UTF-8 with a byte order mark, and a cell that a spreadsheet would reckon out (=, @, +, -)
 * behind an apostrophe (OWASP: CSV injection). Numbers, phone numbers among them, stay as they are. Reading takes the apostrophe away.
 */
import { Readable } from "node:stream";
import { stringify } from "csv-stringify";

export function toCsv(header: readonly string[], rows: AsyncIterable<readonly string[]>): Readable {
  const all = async function* (): AsyncGenerator<string[]> {
    yield header.map(withoutFormula);
    for await (const row of rows) yield row.map(withoutFormula);
  };
  const source = Readable.from(all());
  const text = stringify({ bom: true, record_delimiter: "windows" });
  source.on("error", (cause) => text.destroy(cause));
  text.on("close", () => source.destroy());
  return source.pipe(text);
}

function withoutFormula(cell: string): string {
  return /^[=@+\-\t\r]/.test(cell) && !/^[+-]?\d[\d.,]*$/.test(cell) ? `'${cell}` : cell;
}

/** Undoes what `toCsv` does to a cell. */
export function withFormula(cell: string): string {
  return /^'[=@+\-\t\r]/.test(cell) ? cell.slice(1) : cell;
}
