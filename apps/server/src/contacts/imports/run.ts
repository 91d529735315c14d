/**
 * Works through an import, as a dry run or in earnest; both take the same way.
 *
 *   claim ──► batch of rows ──► people ──► stored with the place reached ──► next batch … ──► done
 *                  ▲ the next one is read, and its people written down, while this one is stored
 *
 * Its people are taken for new ones until the database says otherwise; then the batch is done again, and those after it look everybody up until
 * nobody is found any more.
 *
 * A crash leaves the last checkpoint; whoever claims the import then goes on behind it. A cancellation is noticed at the next checkpoint, which
 * undoes its batch. Rows about somebody whom an earlier row was about are told by `Seen`, which a resumed run fills again from the file.
 */
import { existsSync } from "node:fs";
import type { ImportCounts } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { UpsertOptions, UpsertResult } from "../types.ts";
import { SomebodyKnown, type NewPeople } from "../upsert-new.ts";
import { readPropertyTypes } from "../upsert-store.ts";
import { upsertContacts } from "../upsert.ts";
import { BatchReader, type Batch, type Candidate } from "./batches.ts";
import { Doubt } from "./doubt.ts";
import { removeFile } from "./files.ts";
import { checkpoint, claim, finish, keepProblems, release } from "./progress.ts";
import type { Claim, RowProblems } from "./progress.ts";
import type { Problem } from "./row.ts";
import { SearchIndex } from "./search-index.ts";
import { Speed } from "./speed.ts";
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

/** Other writers of people may be in the way for a moment (SQLSTATE deadlock_detected, serialization_failure). */
const WORTH_REPEATING = new Set(["40P01", "40001"]);
const REPEATS = 3;

/**
 * A power cut may undo the last moments of rows and checkpoint together, which loses nothing: the rows are read again. Compressing the log of
 * pages that were split would take a tenth of Postgres's time; not everybody may turn it off. People wait for their entry in the search's index in
 * a list of up to 64 MB: as long as SearchIndex keeps up, no batch makes the entries itself.
 */
const hurry = statement(
  "import_hurry",
  `select set_config('synchronous_commit', 'off', true), set_config('gin_pending_list_limit', '64MB', true),
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

/** What storing a batch came to. */
interface Outcome {
  counts: ImportCounts;
  problems: number;
  /** An earlier import, or something else than a row of this file, had made somebody of the batch. */
  foundSomebody: boolean;
}

class Run {
  readonly #deps: RunDeps;
  readonly #mine: Claim;
  readonly #import: ImportRow;
  readonly #upsert: UpsertOptions;
  readonly #doubt = new Doubt();
  readonly #reader: BatchReader;
  readonly #speed = new Speed();
  readonly #searchIndex: SearchIndex;
  #counts: ImportCounts;
  #problems: number;

  constructor(deps: RunDeps, mine: Claim, row: ImportRow, file: string) {
    this.#deps = deps;
    this.#mine = mine;
    this.#import = row;
    this.#upsert = { source: "csv", consentSource: "csv", defaultCountry: row.settings.defaultCountry, dryRun: row.state === "checking" };
    this.#counts = row.counts;
    this.#problems = row.problem_count;
    this.#searchIndex = new SearchIndex(deps.db);
    this.#reader = new BatchReader(row, file, this.#upsert, () => !this.#upsert.dryRun && this.#doubt.areLikelyNew);
  }

  /** Answers false when it stopped before the end. */
  async work(): Promise<boolean> {
    await this.#reader.remember();
    this.#reader.types = await readPropertyTypes(this.#deps.db, this.#mine.workspaceId);
    const batches = this.#reader.batches();
    let next = batches.next();
    for (;;) {
      const { value: batch, done } = await next;
      if (done) {
        await this.#searchIndex.done();
        return true;
      }
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

  async #store(batch: Batch): Promise<void> {
    const rate = this.#speed.after(batch.rows);
    const { counts, problems } = await this.#asNewOrKnown(batch, (fresh) =>
      this.#transaction(async (tx) => {
        const outcome = await this.#people(tx, batch, fresh);
        const place = { place: batch.end, counts: outcome.counts, rate, problems: outcome.problems };
        if (!(await checkpoint(tx, this.#mine, this.#import.state, place))) throw new NotOurs();
        return outcome;
      }),
    );
    this.#counts = counts;
    this.#problems = problems;
    if (!this.#upsert.dryRun) this.#searchIndex.add(batch.rows);
    this.#deps.moved(this.#mine.workspaceId);
  }

  /** Takes people for new ones while that is likely; once more, looking everybody up, when it was wrong. */
  async #asNewOrKnown(batch: Batch, store: (fresh: NewPeople | undefined) => Promise<Outcome>): Promise<Outcome> {
    if (batch.fresh && this.#doubt.areLikelyNew) {
      try {
        return await store(batch.fresh);
      } catch (cause) {
        if (!(cause instanceof SomebodyKnown)) throw cause;
        this.#doubt.mistaken();
      }
    }
    const outcome = await store(undefined);
    this.#reader.types = await readPropertyTypes(this.#deps.db, this.#mine.workspaceId);
    this.#doubt.lookedUp(outcome.foundSomebody);
    return outcome;
  }

  async #people(tx: Database, { rows, refused, candidates }: Batch, fresh: NewPeople | undefined): Promise<Outcome> {
    const first = candidates.filter(({ again }) => !again);
    const again = candidates.filter((candidate) => candidate.again);
    const told: RowProblems[] = [...refused];
    const upsert = async (some: readonly Candidate[], ready?: NewPeople): Promise<UpsertResult & { taken: number }> => {
      const result = ready ? await ready.store(tx) : await upsertContacts(tx, this.#mine.workspaceId, some.map(({ draft }) => draft), this.#upsert);
      told.push(...this.#explain(some, result));
      const lost = new Set(result.problems.filter((problem) => problem.refused).map(({ index }) => index));
      return { ...result, taken: some.length - lost.size };
    };
    const one = await upsert(first, fresh);
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
    return { counts, problems: await keepProblems(tx, this.#mine, this.#problems, told), foundSomebody: one.updated + one.unchanged > 0 };
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
