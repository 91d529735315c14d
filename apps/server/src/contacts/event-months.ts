/**
 * The partitions of `events`, one per calendar month in UTC. A month's is made when its first event comes, whenever that month was, and
 * ahead of time for the months to come. Attaching a finished table, unlike creating it as a partition, lets others go on writing.
 */
import { sql } from "kysely";
import type { Database } from "../database/connection.ts";

/** Events before it share one partition, made by the migration. */
const FIRST_MONTH = "2016-01";
const AHEAD = 3;
const HALF_A_DAY_MS = 12 * 60 * 60 * 1000;

/** "2026-11" of a time. */
export function monthOf(at: Date): string {
  return at.toISOString().slice(0, 7);
}

/** Makes sure that events of these months can be written in this transaction. */
export async function ensureMonths(tx: Database, months: Iterable<string>): Promise<void> {
  const asked = [...new Set(months)].filter((month) => month >= FIRST_MONTH).sort();
  if (asked.length === 0 || (await missing(tx, asked)).length === 0) return;
  await sql`select pg_advisory_xact_lock(hashtextextended('tincan event months', 0))`.execute(tx);
  for (const month of await missing(tx, asked)) await make(tx, month);
}

/** This month and the next ones. */
export async function makeMonthsAhead(db: Database, now: Date): Promise<void> {
  const months = Array.from({ length: AHEAD }, (_, i) => monthOf(new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() + i, 1))));
  await db.transaction().execute((tx) => ensureMonths(tx, months));
}

async function missing(tx: Database, months: string[]): Promise<string[]> {
  const { rows } = await sql<{ month: string }>`
    select m.month from unnest(${months}::text[]) as m (month)
    where not exists (
      select from pg_inherits i join pg_class c on c.oid = i.inhrelid
      where i.inhparent = 'events'::regclass and c.relname = 'events_' || replace(m.month, '-', '_'))
    order by m.month
  `.execute(tx);
  return rows.map((row) => row.month);
}

async function make(tx: Database, month: string): Promise<void> {
  const [year = 0, number = 0] = month.split("-").map(Number);
  const end = new Date(Date.UTC(year, number, 1)).toISOString();
  const table = sql.table(`events_${month.replace("-", "_")}`);
  await sql`create table ${table} (like events including all)`.execute(tx);
  await sql`alter table events attach partition ${table} for values from (${sql.lit(`${month}-01T00:00:00Z`)}) to (${sql.lit(end)})`.execute(tx);
}

/** Makes the months to come now and twice a day, until the returned function is called. A failure is reported; the first event makes its month anyway. */
export function keepMonthsAhead(db: Database, onFailure: (cause: unknown) => void): () => void {
  const makeNow = (): void => void makeMonthsAhead(db, new Date()).catch(onFailure);
  makeNow();
  const timer = setInterval(makeNow, HALF_A_DAY_MS);
  return () => clearInterval(timer);
}
