/**
 * What a run writes about itself. Whoever works on an import holds its lease and writes its own mark (`runner`) into the row; every batch is
 * stored together with the place it reached, on the condition that the mark and the state are still what they were. So a batch counts once,
 * a cancelled import stops without a trace of the batch under way, and a process that lost its lease can store nothing more.
 */
import type { ImportCounts } from "@tincan/api";
import { sql } from "kysely";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { Place } from "./read-rows.ts";
import type { Problem } from "./row.ts";
import { shorten } from "./row.ts";
import type { ImportRow } from "./store.ts";

/** Longer than a batch ever takes, short enough to go on soon after a crash. */
const LEASE_SECONDS = 10;
/** Taken up this often without coming further, an import is given up. */
const MOST_ATTEMPTS = 5;
/** Problems kept; later ones are only counted. */
const MOST_PROBLEMS = 100_000;

export interface Claim {
  workspaceId: string;
  id: string;
  runner: string;
}

/** The problems of one row; `fields` is the row as it is in the file. */
export interface RowProblems {
  row: number;
  fields: readonly string[];
  problems: readonly Problem[];
}

/** Imports that nobody works on and somebody should, of every workspace, oldest first. Reads the index imports_at_work. */
export async function waiting(db: Database, limit: number): Promise<{ workspace_id: string; id: string }[]> {
  return db
    .selectFrom("imports")
    .select(["workspace_id", "id"])
    .where("state", "in", ["checking", "running"])
    .where("lease_until", "<", sql<Date>`now()`)
    .orderBy("id")
    .limit(limit)
    .execute();
}

/** Takes the import up; undefined when somebody else has it, or when it was given up just now. */
export async function claim(db: Database, { workspaceId, id, runner }: Claim): Promise<ImportRow | undefined> {
  const row = await db
    .updateTable("imports")
    .set((set) => ({ runner, attempts: set("attempts", "+", 1), lease_until: lease }))
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("state", "in", ["checking", "running"])
    .where("lease_until", "<", sql<Date>`now()`)
    .returningAll()
    .executeTakeFirst();
  if (row === undefined || row.attempts <= MOST_ATTEMPTS) return row;
  await finish(db, { workspaceId, id, runner }, { state: "failed", failure: `The rows after row ${row.last_row} could not be stored, after several attempts. The server's log says why.` });
  return undefined;
}

const lease = sql<Date>`now() + make_interval(secs => ${LEASE_SECONDS})`;

/** Notes how far the work has come and renews the lease. Answers false when the import is no longer this runner's to work on. */
export async function checkpoint(tx: Database, { workspaceId, id, runner }: Claim, state: ImportRow["state"], at: { place: Place; counts: ImportCounts; rate: number | null; problems: number }): Promise<boolean> {
  const moved = await tx
    .updateTable("imports")
    .set({ next_byte: at.place.byte, last_row: at.place.row, counts: JSON.stringify(at.counts), rows_per_second: at.rate, problem_count: at.problems, attempts: 0, lease_until: lease })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("runner", "=", runner)
    .where("state", "=", state)
    .returning("id")
    .executeTakeFirst();
  return moved !== undefined;
}

/** Ends it well or badly. A dry run's counts stay as what a run would do. */
export async function finish(db: Database, { workspaceId, id, runner }: Claim, end: { state: "checked" | "done" } | { state: "failed"; failure: string }): Promise<boolean> {
  const ended = await db
    .updateTable("imports")
    .set({
      state: end.state, runner: null, rows_per_second: null, failure: end.state === "failed" ? end.failure : null,
      ...(end.state === "checked" ? { dry_run: sql<string>`counts` } : { finished_at: sql<Date>`now()` }),
    })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("runner", "=", runner)
    .where("state", "in", ["checking", "running"])
    .returning("id")
    .executeTakeFirst();
  return ended !== undefined;
}

/** Gives the import back, for anybody to go on with at once. */
export async function release(db: Database, { workspaceId, id, runner }: Claim): Promise<void> {
  await db
    .updateTable("imports")
    .set({ runner: null, attempts: 0, lease_until: sql<Date>`'-infinity'` })
    .where("workspace_id", "=", workspaceId)
    .where("id", "=", id)
    .where("runner", "=", runner)
    .execute();
}

/** Keeps the problems of a batch, as long as there is room. `before` is how many there were; answers how many there are now. */
export async function keepProblems(tx: Database, { workspaceId, id }: Claim, before: number, rows: readonly RowProblems[]): Promise<number> {
  const flat = rows.flatMap(({ row, fields, problems }) => problems.map((problem, place) => ({ row, place, ...problem, fields: place === 0 ? JSON.stringify(fields.map(shorten)) : null })));
  const kept = flat.slice(0, Math.max(0, MOST_PROBLEMS - before));
  if (kept.length > 0) {
    await insertProblems.run(tx, [
      workspaceId, id, kept.map((p) => p.row), kept.map((p) => p.place), kept.map((p) => p.column), kept.map((p) => p.value), kept.map((p) => p.reason), kept.map((p) => p.fields),
    ]);
  }
  return before + flat.length;
}

const insertProblems = statement(
  "import_problems_insert",
  `insert into import_problems (workspace_id, import_id, row_number, place, column_name, value, reason, fields)
   select $1, $2, p.row_number, p.place, p.column_name, p.value, p.reason,
          case when p.fields is not null then array(select jsonb_array_elements_text(p.fields::jsonb)) end
   from unnest($3::integer[], $4::smallint[], $5::text[], $6::text[], $7::text[], $8::text[]) as p (row_number, place, column_name, value, reason, fields)`,
);
