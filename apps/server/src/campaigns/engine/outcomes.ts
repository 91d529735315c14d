/** What became of the people of a batch, as rows: who waits, who was left out and why, and who need not be remembered any more. */
import type { LossReason, TemplateContent } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Category } from "../../ledger/types.ts";
import type { Candidate, RunRow } from "../types.ts";

export type Outcome =
  | { kind: "send"; messageId: string; content: TemplateContent; category: Category; cellId: string; leaveBy: Date | null }
  | { kind: "wait"; dueAt: Date; cellId: string | null }
  /** Until the winner of a test is known. */
  | { kind: "held" }
  | { kind: "lost"; reason: LossReason; detail: string | null; cellId: string | null };

/** Somebody to decide about; `row` is theirs in campaign_people, when they waited. */
export interface Person {
  candidate: Candidate | null;
  row?: { id: string; contactId: string; attempt: number };
}

/** A person with what becomes of them. */
export interface Decided {
  person: Person;
  outcome: Outcome;
}

/** Longer reasons are cut; they may hold what a person's profile says. */
const MOST_DETAIL = 300;

/** @returns how many more wait than did before */
export async function noteOutcomes(tx: Database, run: RunRow, decided: readonly Decided[], now: Date): Promise<{ waiting: number }> {
  const sent = decided.flatMap(({ person, outcome }) => (outcome.kind === "send" && person.row ? [person.row.id] : []));
  if (sent.length > 0) await forget.run(tx, [run.workspace_id, run.id, sent]);
  const kept = decided.flatMap(({ person, outcome }) => (outcome.kind === "send" ? [] : [{ person, outcome }]));
  if (kept.length > 0) {
    const waited = (outcome: Exclude<Outcome, { kind: "send" }>) => (outcome.kind === "wait" ? outcome.dueAt : null);
    await note.run(tx, [
      run.workspace_id,
      run.id,
      kept.map(({ person }) => person.row?.id ?? uuidv7()),
      kept.map(({ person }) => person.row?.contactId ?? person.candidate!.contactId),
      kept.map(({ outcome }) => (outcome.kind === "held" ? null : outcome.cellId)),
      kept.map(({ outcome }) => (outcome.kind === "wait" ? "waiting" : outcome.kind)),
      kept.map(({ outcome }) => (outcome.kind === "lost" ? outcome.reason : null)),
      kept.map(({ outcome }) => (outcome.kind === "lost" ? (outcome.detail?.slice(0, MOST_DETAIL).toWellFormed() ?? null) : null)),
      kept.map(({ outcome }) => waited(outcome)),
      now,
    ]);
    await countLosses(tx, run, kept.flatMap(({ outcome }) => (outcome.kind === "lost" ? [outcome.reason] : [])));
  }
  const wait = kept.filter(({ outcome }) => outcome.kind !== "lost").length;
  return { waiting: wait - decided.filter(({ person }) => person.row).length };
}

async function countLosses(tx: Database, run: RunRow, reasons: readonly LossReason[]): Promise<void> {
  if (reasons.length === 0) return;
  const people = new Map<string, number>();
  for (const reason of reasons) people.set(reason, (people.get(reason) ?? 0) + 1);
  const rows = [...people].sort(([a], [b]) => (a < b ? -1 : 1));
  await addLosses.run(tx, [run.workspace_id, run.id, rows.map(([reason]) => reason), rows.map(([, n]) => n)]);
}

/** Everybody of the run who still waits, up to `limit` of them, is left out because it was stopped. @returns how many they were */
export async function dropWaiting(tx: Database, run: RunRow, limit: number): Promise<number> {
  const [row] = await drop.run(tx, [run.workspace_id, run.id, limit]);
  return row?.people ?? 0;
}

const forget = statement("engine_forget_people", `delete from campaign_people where workspace_id = $1 and run_id = $2 and id = any ($3::uuid[])`);

const note = statement(
  "engine_note_people",
  `insert into campaign_people (workspace_id, run_id, id, contact_id, cell_id, state, reason, detail, due_at, at)
   select $1, $2, p.*, $10 from unnest($3::uuid[], $4::uuid[], $5::uuid[], $6::text[], $7::text[], $8::text[], $9::timestamptz[]) p
   on conflict (workspace_id, run_id, id) do update
   set cell_id = coalesce(excluded.cell_id, campaign_people.cell_id), state = excluded.state, reason = excluded.reason, detail = excluded.detail, due_at = excluded.due_at, at = excluded.at`,
);

const addLosses = statement(
  "engine_add_losses",
  `insert into campaign_losses as l (workspace_id, run_id, reason, people) select $1, $2, * from unnest($3::text[], $4::integer[])
   on conflict (workspace_id, run_id, reason) do update set people = l.people + excluded.people`,
);

const drop = statement<{ people: number }>(
  "engine_drop_waiting",
  `with dropped as (
     update campaign_people set state = 'lost', reason = 'stopped', due_at = null
     where workspace_id = $1 and run_id = $2 and state <> 'lost' and id = any (array(
       select id from campaign_people where workspace_id = $1 and run_id = $2 and state <> 'lost' limit $3 for update))
     returning id
   ), counted as (
     insert into campaign_losses as l (workspace_id, run_id, reason, people)
     select $1, $2, 'stopped', count(*) from dropped having count(*) > 0
     on conflict (workspace_id, run_id, reason) do update set people = l.people + excluded.people
   )
   select count(*)::int as people from dropped`,
);
