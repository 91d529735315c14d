/** Writes an export's file, row by row. */
import { createWriteStream } from "node:fs";
import { rm, stat } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import type { ReportExport } from "@tincan/api";
import { stringify } from "csv-stringify";
import { toCsv } from "../../contacts/csv.ts";
import { makeFolderOf } from "./files.ts";
import { columns } from "./rows.ts";

/** Columns are compressed together for so many rows. */
const ROW_GROUP = 50_000;
const MEMORY = "256MB";

const header = columns.map(([name]) => name);

/** Answers the file's size. What a failure leaves, beside the file too, is removed by whoever asked. */
export async function writeExport(file: string, format: ReportExport["format"], rows: AsyncIterable<string[]>): Promise<number> {
  await makeFolderOf(file);
  if (format === "csv") await pipeline(toCsv(header, rows), createWriteStream(file, { mode: 0o600 }));
  else await writeParquet(file, rows);
  return (await stat(file)).size;
}

/** Parquet is written by columns, so the rows go through a file first; DuckDB then reads it piece by piece. */
async function writeParquet(file: string, rows: AsyncIterable<string[]>): Promise<void> {
  const between = `${file}.csv`;
  await pipeline(Readable.from(withHeader(rows)), stringify(), createWriteStream(between, { mode: 0o600 }));
  // Loading it takes a while, which a CSV file need not wait for.
  const { DuckDBInstance } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:", {
    threads: "1", memory_limit: MEMORY, temp_directory: `${file}.tmp`, autoinstall_known_extensions: "false", autoload_known_extensions: "false",
  });
  try {
    const connection = await instance.connect();
    try {
      const types = columns.map(([name, type]) => `'${name}': '${type}'`).join(", ");
      const read = `read_csv(${quoted(between)}, header = true, auto_detect = false, delim = ',', quote = '"', escape = '"', columns = {${types}})`;
      await connection.run(`copy (select * from ${read}) to ${quoted(file)} (format parquet, compression zstd, row_group_size ${ROW_GROUP})`);
    } finally {
      connection.closeSync();
    }
  } finally {
    instance.closeSync();
    await rm(between, { force: true });
  }
}

async function* withHeader(rows: AsyncIterable<string[]>): AsyncGenerator<readonly string[]> {
  yield header;
  yield* rows;
}

function quoted(text: string): string {
  return `'${text.replaceAll("'", "''")}'`;
}
