import type { Import, ImportProgress, ImportSummary } from "@tincan/api";
import type { ImportRow, ProblemRow } from "./store.ts";

/** Rows of the file that an answer holds, and how much of a cell. */
const ROWS_SHOWN = 10;

export function presentSummary(row: ImportRow): ImportSummary {
  return {
    id: row.id,
    fileName: row.file_name,
    size: row.size,
    state: row.state,
    createdBy: row.created_by,
    createdAt: row.created_at.toISOString(),
    startedAt: row.started_at?.toISOString() ?? null,
    finishedAt: row.finished_at?.toISOString() ?? null,
    counts: row.counts,
    progress: progressOf(row),
    failure: row.failure,
  };
}

export function presentImport(row: ImportRow, problems: readonly ProblemRow[]): Import {
  return {
    ...presentSummary(row),
    encoding: row.encoding,
    delimiter: row.delimiter,
    columns: row.columns,
    rows: row.sample_rows.slice(0, ROWS_SHOWN),
    settings: row.settings,
    dryRun: row.dry_run,
    problems: problems.map((problem) => ({ row: problem.row_number, column: problem.column_name, value: problem.value, reason: problem.reason })),
  };
}

function progressOf(row: ImportRow): ImportProgress {
  const all = row.stored_size - row.header_end;
  const done = row.next_byte - row.header_end;
  const fraction = row.state === "done" || row.state === "checked" || all <= 0 ? 1 : row.state === "draft" ? 0 : done / all;
  if (row.rows_per_second === null || row.counts.rows === 0 || done <= 0) return { fraction, rowsPerSecond: null, secondsLeft: null };
  const bytesPerRow = done / row.counts.rows;
  return { fraction, rowsPerSecond: Math.round(row.rows_per_second), secondsLeft: Math.ceil((all - done) / bytesPerRow / row.rows_per_second) };
}
