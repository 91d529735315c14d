import type { Import, ImportColumn, ImportCounts, ImportSettings, ImportState } from "@tincan/api";
import type { ColumnType, Generated, JSONColumnType } from "kysely";

export interface ImportsTable {
  workspace_id: string;
  id: string;
  file_name: string;
  size: number;
  state: Generated<ImportState>;
  encoding: Import["encoding"];
  delimiter: Import["delimiter"];
  columns: JSONColumnType<ImportColumn[]>;
  sample_rows: JSONColumnType<string[][]>;
  settings: JSONColumnType<ImportSettings>;
  created_by: string;
  created_at: Generated<Date>;
  started_at: Date | null;
  finished_at: Date | null;
  stored_size: number;
  header_end: number;
  next_byte: number;
  last_row: Generated<number>;
  counts: ColumnType<ImportCounts, string | undefined, string>;
  dry_run: ColumnType<ImportCounts | null, string | null | undefined, string | null>;
  rows_per_second: number | null;
  problem_count: Generated<number>;
  failure: string | null;
  runner: string | null;
  lease_until: Generated<Date>;
  attempts: Generated<number>;
}

export interface ImportProblemsTable {
  workspace_id: string;
  import_id: string;
  row_number: number;
  place: number;
  column_name: string | null;
  value: string | null;
  reason: string;
  fields: string[] | null;
}

declare module "../../database/schema.ts" {
  interface Schema {
    imports: ImportsTable;
    import_problems: ImportProblemsTable;
  }
}
