/** Which messages an export's file holds, read by others than those that wrote it. */
import { DuckDBInstance } from "@duckdb/node-api";
import { parse } from "csv-parse/sync";

export function messagesOfCsv(text: string): string[] {
  return (parse(text, { columns: true, bom: true }) as { message_id: string }[]).map((row) => row.message_id);
}

export async function messagesOfParquet(file: string): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const read = await connection.runAndReadAll(`select message_id from read_parquet('${file}')`);
    return read.getRows().map(([id]) => String(id));
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}
