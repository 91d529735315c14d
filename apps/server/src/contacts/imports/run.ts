/**
 * Works through an import, as a dry run or in earnest; both take the same way.
 *
 *   claim ──► batch of rows ──► people ──► stored with the place reached ──► next batch … ──► done
 *                  ▲ the next one is read while this one is stored
 *
 * A crash leaves the last checkpoint; whoever claims the import then goes on behind it. A cancellation is noticed at the next checkpoint, which
 * undoes its batch. Rows about somebody whom an earlier row was about are told by `Seen`, which a resumed run fills again from the file.
 */
import { existsSync } from "node:fs";
import { setImmediate as breath } from "node:timers/promises";
import type { ImportCounts } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { ContactDraft, UpsertOptions, UpsertResult } from "../types.ts";
import { upsertContacts } from "../upsert.ts";
import { removeFile } from "./files.ts";
import { checkpoint, claim, finish, keepProblems, release } from "./progress.ts";
import type { Claim, RowProblems } from "./progress.ts";
import { readRows } from "./read-rows.ts";
import type { Place, Row } from "./read-rows.ts";
import { rowReader } from "./row.ts";
import type { Problem, ReadRow } from "./row.ts";
import { Seen } from "./seen.ts";
import type { ImportRow } from "./store.ts";

export interface RunDeps {
  db: Database;
  /** The file as it is kept. */
  fileOf(row: { workspace_id: string; id: string }): string;
  /** Stop at the next checkpoint and leave the import to others. */
  stopping(): boolean;
  /** After every checkpoint. */
  moved(workspaceId: string): void;
}

/** Enough for the statements to be worth their price; the batch is what a crash loses and what is in memory twice. */
const BATCH_ROWS = 2_000;
/** The database's answers are heard after so many rows of reading ahead: it must not wait for us between two statements. */
const BREATH_ROWS = 50;
/** A batch of long rows is closed earlier. */
const BATCH_BYTES = 8 * 1024 * 1024;
/** Other writers of people may be in the way for a moment (SQLSTATE deadlock_detected, serialization_failure). */
const WORTH_REPEATING = new Set(["40P01", "40001"]);
const REPEATS = 3;

/**
 * A power cut may undo the last moments of rows and checkpoint together, which loses nothing: the rows are read again. Compressing the log of
 * pages that were split would take a tenth of Postgres's time; not everybody may turn it off.
 */
const hurry = statement(
  "import_hurry",
  `select set_config('synchronous_commit', 'off', true),
     case when has_parameter_privilege('wal_compression', 'set') then set_config('wal_compression', 'off', true) end`,
);

/** Another state or another runner was found at a checkpoint. */
class NotOurs extends Error {}

/** Answers what became of it: somebody else has it, it ended, it was cancelled meanwhile, or it was left to others. */
export async function runImport(deps: RunDeps, mine: Claim): Promise<"taken" | "ended" | "cancelled" | "left"> {
  const row = await claim(deps.db, mine);
  if (!row) return "taken";
  const file = deps.fileOf(row);
  if (!existsSync(file)) {
    await finish(deps.db, mine, { state: "failed", failure: "The uploaded file is not on this machine. All processes must share one DATA_DIR." });
    return "ended";
  }
  try {
    const complete = await new Run(deps, mine, row, file).work();
    if (complete) await finish(deps.db, mine, { state: row.state === "checking" ? "checked" : "done" });
    else await release(deps.db, mine);
    if (complete && row.state === "running") await removeFile(file);
    return complete ? "ended" : "left";
  } catch (cause) {
    if (cause instanceof NotOurs) return "cancelled";
    throw cause;
  } finally {
    deps.moved(row.workspace_id);
  }
}

/** Rows as they will be stored; read while the batch before is being stored. */
interface Batch {
  rows: number;
  refused: RowProblems[];
  candidates: Candidate[];
  end: Place;
}

/** A row that can become a person, and whether an earlier row was about the same one. */
interface Candidate {
  row: Row;
  draft: ContactDraft;
  again: boolean;
}

class Run {
  readonly #deps: RunDeps;
  readonly #mine: Claim;
  readonly #import: ImportRow;
  readonly #file: string;
  readonly #read: ReadRow;
  readonly #upsert: UpsertOptions;
  readonly #seen = new Seen();
  readonly #speed = new Speed();
  #counts: ImportCounts;
  #problems: number;

  constructor(deps: RunDeps, mine: Claim, row: ImportRow, file: string) {
    this.#deps = deps;
    this.#mine = mine;
    this.#import = row;
    this.#file = file;
    this.#read = rowReader(row.columns, row.settings);
    this.#upsert = { source: "csv", consentSource: "csv", defaultCountry: row.settings.defaultCountry, dryRun: row.state === "checking" };
    this.#counts = row.counts;
    this.#problems = row.problem_count;
  }

  /** Answers false when it stopped before the end. */
  async work(): Promise<boolean> {
    const { header_end: start, next_byte: byte, last_row: row } = this.#import;
    if (byte > start) await this.#remember({ byte: start, row: 1 }, byte);
    const batches = this.#batches({ byte, row });
    let next = batches.next();
    for (;;) {
      const { value: batch, done } = await next;
      if (done) return true;
      // Reading ahead may fail while this batch is stored; the failure is met at the top of the next turn.
      next = batches.next();
      next.catch(() => {});
      await this.#store(batch);
      if (this.#deps.stopping()) {
        await batches.return(undefined);
        return false;
      }
    }
  }

  async *#batches(from: Place): AsyncGenerator<Batch, undefined> {
    let batch: Batch = { rows: 0, refused: [], candidates: [], end: { ...from } };
    let began = from.byte;
    let sinceBreath = 0;
    for await (const group of readRows(this.#file, this.#import.delimiter, from)) {
      for (const row of group) {
        this.#add(batch, row);
        if (batch.rows === BATCH_ROWS || row.end - began >= BATCH_BYTES) {
          yield batch;
          batch = { rows: 0, refused: [], candidates: [], end: { ...batch.end } };
          began = row.end;
        } else if (++sinceBreath === BREATH_ROWS) {
          sinceBreath = 0;
          await breath();
        }
      }
    }
    if (batch.rows > 0) yield batch;
    return undefined;
  }

  #add(batch: Batch, row: Row): void {
    batch.rows++;
    batch.end.byte = row.end;
    batch.end.row = row.number;
    if (row.fields === null) {
      batch.refused.push({ row: row.number, fields: [], problems: [{ column: null, value: null, reason: row.problem ?? "" }] });
      return;
    }
    const { draft, problems } = this.#read(row.fields);
    if (problems) batch.refused.push({ row: row.number, fields: row.fields, problems });
    else batch.candidates.push({ row, draft, again: this.#seen.add(draft) });
  }

  /** Fills `Seen` with the rows that a run before a crash has dealt with. */
  async #remember(from: Place, until: number): Promise<void> {
    for await (const group of readRows(this.#file, this.#import.delimiter, from)) {
      for (const row of group) {
        if (row.end > until) return;
        const { draft } = row.fields ? this.#read(row.fields) : {};
        if (draft) this.#seen.add(draft);
      }
    }
  }

  async #store({ rows, refused, candidates, end }: Batch): Promise<void> {
    const rate = this.#speed.after(rows);
    const { counts, problems } = await this.#transaction(async (tx) => {
      const outcome = await this.#people(tx, rows, refused, candidates);
      const place = { place: end, counts: outcome.counts, rate, problems: outcome.problems };
      if (!(await checkpoint(tx, this.#mine, this.#import.state, place))) throw new NotOurs();
      return outcome;
    });
    this.#counts = counts;
    this.#problems = problems;
    this.#deps.moved(this.#mine.workspaceId);
  }

  async #people(tx: Database, rows: number, refused: readonly RowProblems[], candidates: readonly Candidate[]): Promise<{ counts: ImportCounts; problems: number }> {
    const first = candidates.filter(({ again }) => !again);
    const again = candidates.filter((candidate) => candidate.again);
    const told: RowProblems[] = [...refused];
    const upsert = async (some: readonly Candidate[]): Promise<UpsertResult & { taken: number }> => {
      const result = await upsertContacts(tx, this.#mine.workspaceId, some.map(({ draft }) => draft), this.#upsert);
      told.push(...this.#explain(some, result));
      const lost = new Set(result.problems.filter((problem) => problem.refused).map(({ index }) => index));
      return { ...result, taken: some.length - lost.size };
    };
    const one = await upsert(first);
    const two = again.length > 0 ? await upsert(again) : { taken: 0, created: 0 };
    const taken = one.taken + two.taken;
    // A dry run does not know the people that earlier rows would have made.
    const created = one.created + (this.#upsert.dryRun ? 0 : two.created);
    const merged = one.repeated + two.taken - (created - one.created);
    const before = this.#counts;
    const counts = {
      rows: before.rows + rows,
      created: before.created + created,
      updated: before.updated + taken - created - merged,
      merged: before.merged + merged,
      rejected: before.rejected + rows - taken,
    };
    return { counts, problems: await keepProblems(tx, this.#mine, this.#problems, told) };
  }

  /** What storing had to say, row by row. */
  #explain(candidates: readonly Candidate[], { problems }: UpsertResult): RowProblems[] {
    const byRow = new Map<number, Problem[]>();
    for (const { index, field, message, refused } of problems) {
      const column = this.#columnOf(field);
      const value = column === undefined ? null : (candidates[index]!.row.fields?.[column] ?? null);
      const reason = refused ? message : `${message} The rest of the row was taken.`;
      const list = byRow.get(index) ?? [];
      list.push({ column: column === undefined ? null : this.#import.columns[column]!.name, value, reason });
      byRow.set(index, list);
    }
    return [...byRow].map(([index, list]) => ({ row: candidates[index]!.row.number, fields: candidates[index]!.row.fields ?? [], problems: list }));
  }

  #columnOf(field: string): number | undefined {
    const found = this.#import.settings.mapping.findIndex((target) => (target.kind === "property" ? `properties.${target.key}` === field : target.kind === field));
    return found < 0 ? undefined : found;
  }

  async #transaction<T>(work: (tx: Database) => Promise<T>): Promise<T> {
    for (let attempt = 1; ; attempt++) {
      try {
        return await this.#deps.db.transaction().execute(async (tx) => {
          await hurry.run(tx);
          return work(tx);
        });
      } catch (cause) {
        const code = cause instanceof Error && "code" in cause ? String(cause.code) : "";
        if (!WORTH_REPEATING.has(code) || attempt === REPEATS) throw cause;
      }
    }
  }
}

/** Rows a second over the last few seconds. */
class Speed {
  #marks: { at: number; rows: number }[] = [{ at: performance.now(), rows: 0 }];

  after(rows: number): number | null {
    const now = performance.now();
    this.#marks.push({ at: now, rows: this.#marks.at(-1)!.rows + rows });
    while (this.#marks.length > 2 && this.#marks[0]!.at < now - 5_000) this.#marks.shift();
    const [first] = this.#marks;
    const last = this.#marks.at(-1)!;
    return now - first!.at < 200 ? null : ((last.rows - first!.rows) / (now - first!.at)) * 1000;
  }
}
