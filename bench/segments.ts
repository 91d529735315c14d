import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { SegmentQuery } from "@tincan/api";
import { sql } from "kysely";
import { ensureMonths, monthOf } from "../apps/server/src/contacts/event-months.ts";
import { openDatabase, type Database, type DatabaseHandle } from "../apps/server/src/database/connection.ts";
import { startEmbeddedPostgres } from "../apps/server/src/database/embedded-postgres.ts";
import { migrate } from "../apps/server/src/database/migrate.ts";
import { countAudience } from "../apps/server/src/segments/audience.ts";
import { compileTree } from "../apps/server/src/segments/compile.ts";
import { resolveAudience } from "../apps/server/src/segments/resolve.ts";
import { defineBench } from "./bench.ts";

const CONTACTS = 1_000_000;
const EVENTS = 10_000_000;
const MONTHS = 12;
const RUNS = 5;
const WORKSPACE = "01980000-0000-7000-8000-0000000000aa";
/** The clock of /proc: ticks of 10 ms. */
const TICK_MS = 10;

/** Opted in, gold or silver or over 39, and either ordered twice in 90 days or did not open the app for 30. */
const nested: SegmentQuery = {
  all: [
    { kind: "consent", category: "marketing", is: "allowed" },
    { any: [{ kind: "property", key: "Tier", test: { type: "text", op: "in", values: ["gold", "silver"] } }, { kind: "property", key: "Age", test: { type: "number", op: "atLeast", value: 40 } }] },
    {
      any: [
        { kind: "event", name: "Order placed", did: true, count: { op: "atLeast", n: 2 }, within: { last: { n: 90, unit: "days" } } },
        { kind: "event", name: "App opened", did: false, within: { last: { n: 30, unit: "days" } } },
      ],
    },
  ],
};
/** What else is told beside it. */
const others: Record<string, SegmentQuery> = {
  "ever ordered": { kind: "event", name: "Order placed", did: true },
  "ordered over 500 in 90 days": {
    kind: "event", name: "Order placed", did: true, within: { last: { n: 90, unit: "days" } }, where: [{ key: "amount", test: { type: "number", op: "moreThan", value: 500 } }],
  },
};

interface Filled {
  database: DatabaseHandle;
  postgres: number;
  stop(): Promise<void>;
}

async function fill(withEvents: boolean): Promise<Filled> {
  const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-bench-"));
  const postgres = await startEmbeddedPostgres({ home: path.join(folder, "postgres") });
  const database = await openDatabase(postgres.url, { connections: 4 });
  const stop = async (): Promise<void> => {
    await database.close();
    await postgres.stop();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    await migrate(database.db);
    await database.db.connection().execute(async (db) => {
      await sql`select set_config('maintenance_work_mem', '512MB', false), set_config('synchronous_commit', 'off', false)`.execute(db);
      await writeContacts(db);
      if (withEvents) await withoutIndexes(db, () => writeEvents(db));
      await sql`reset all`.execute(db);
    });
    for (const table of ["contacts", "consents", ...(withEvents ? ["events"] : [])]) await sql`vacuum analyze ${sql.table(table)}`.execute(database.db);
  } catch (cause) {
    await stop();
    throw cause;
  }
  return { database, postgres: postgres.pid, stop };
}

/** A UUIDv7 by its number: the time, then the number itself. */
const contactId = (n: ReturnType<typeof sql>) => sql`(lpad(to_hex(1730000000000 + ${n} * 1000), 12, '0') || '70008000' || lpad(to_hex(${n}), 12, '0'))::uuid`;

async function writeContacts(db: Database): Promise<void> {
  await sql`insert into workspaces (id, name) values (${WORKSPACE}, 'Bench')`.execute(db);
  for (const [key, type] of [["Tier", "text"], ["City", "text"], ["Age", "number"]]) await sql`insert into contact_properties (workspace_id, key, type, contacts) values (${WORKSPACE}, ${key}, ${type}, ${CONTACTS})`.execute(db);
  await sql`
    insert into contacts (workspace_id, id, identity, phone, name, email, language, time_zone, properties, msg_whatsapp, source, sort_name, words, created_at, last_seen_at)
    select ${WORKSPACE}, ${contactId(sql`i`)}, 'c-' || i, '+9198' || (10000000 + i), 'Person ' || i, 'p' || i || '@example.com', (array['en', 'hi', 'de'])[1 + i % 3], 'Asia/Kolkata',
      jsonb_build_object('Tier', (array['gold', 'silver', 'bronze', 'none'])[1 + i % 4], 'City', (array['Pune', 'Berlin', 'Lima', 'Oslo', 'Quito'])[1 + i % 5], 'Age', i % 80),
      i % 10 < 7, 'csv', 'person ' || i, ('00aaperson 00aa' || i)::tsvector, now() - (i % 400) * interval '1 day', now() - (i % 90) * interval '1 day'
    from generate_series(1, ${sql.lit(CONTACTS)}::bigint) i`.execute(db);
  await sql`
    insert into consents (workspace_id, contact_id, category, state, source, at)
    select ${WORKSPACE}, ${contactId(sql`i`)}, 'marketing', case when i % 12 = 0 then 'out' else 'in' end, 'csv', now() from generate_series(1, ${sql.lit(CONTACTS)}::bigint, 3) i`.execute(db);
}

/** In the order of time, over a year, each of somebody at random; one in ten is an order, two are the app opened, four a page viewed. */
async function writeEvents(db: Database): Promise<void> {
  const now = new Date();
  const months = Array.from({ length: MONTHS }, (_, i) => new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth() - i, 1)));
  await ensureMonths(db, months.map(monthOf));
  for (const name of ["Order placed", "App opened"]) await sql`insert into event_names (workspace_id, key, name) values (${WORKSPACE}, ${name.toLowerCase().replace(" ", "")}, ${name})`.execute(db);
  for (const start of months) {
    const end = new Date(Math.min(Date.UTC(start.getUTCFullYear(), start.getUTCMonth() + 1, 1), now.getTime()));
    await sql`
      insert into ${sql.table(`events_${monthOf(start).replace("-", "_")}`)} (workspace_id, id, contact_id, name, occurred_at, properties)
      select ${WORKSPACE}, (lpad(to_hex(${sql.lit(start.getTime())}::bigint + i), 12, '0') || '70008000' || lpad(to_hex(i), 12, '0'))::uuid, ${contactId(sql`who`)},
        (array['Page viewed', 'Page viewed', 'Page viewed', 'Page viewed', 'App opened', 'App opened', 'Product viewed', 'Order placed', 'Cart abandoned', 'Signed up'])[1 + i % 10],
        ${start.toISOString()}::timestamptz + (i - 1) * (${end.toISOString()}::timestamptz - ${start.toISOString()}::timestamptz) / ${sql.lit(EVENTS / MONTHS)}::float,
        jsonb_build_object('amount', who % 1000, 'currency', 'INR', 'category', (array['shoes', 'books', 'toys'])[1 + i % 3])
      from (select i, 1 + floor(random() * ${sql.lit(CONTACTS)})::bigint as who from generate_series(1, ${sql.lit(Math.floor(EVENTS / MONTHS))}::bigint) i) e`.execute(db);
  }
}

/** Building an index over rows that are there is some times faster than keeping it while they come. */
async function withoutIndexes(db: Database, act: () => Promise<void>): Promise<void> {
  const { rows } = await sql<{ name: string; definition: string }>`
    select i.relname as name, pg_get_indexdef(i.oid) as definition from pg_index x join pg_class i on i.oid = x.indexrelid where x.indrelid = 'events'::regclass and not x.indisprimary`.execute(db);
  for (const { name } of rows) await sql`drop index ${sql.id(name)}`.execute(db);
  await sql`alter table events drop constraint events_pkey`.execute(db);
  await act();
  await sql`alter table events add primary key (workspace_id, id, occurred_at)`.execute(db);
  for (const { definition } of rows) await sql.raw(definition.replace(" ON ONLY ", " ON ")).execute(db);
}

/** Processor time of a postmaster's children, those that have ended included. */
function cpuOf(postmaster: number): number {
  let ticks = 0;
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
      const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ").map(Number);
      if (fields[1] === postmaster) ticks += fields[11]! + fields[12]!;
      if (Number(pid) === postmaster) ticks += fields[13]! + fields[14]!;
    } catch {
      // It has ended since the folder was read.
    }
  }
  return ticks * TICK_MS;
}

/** The middle one of several runs. */
async function timed(filled: Filled, run: () => Promise<unknown>): Promise<{ ms: number; cpu: number }> {
  await run();
  const times: number[] = [];
  const before = cpuOf(filled.postgres);
  for (let i = 0; i < RUNS; i++) {
    const started = performance.now();
    await run();
    times.push(performance.now() - started);
  }
  return { ms: times.toSorted((a, b) => a - b)[Math.floor(RUNS / 2)]!, cpu: Math.round((cpuOf(filled.postgres) - before) / RUNS) };
}

/** Postgres counting the same people without asking anything of them. */
export const bareCount = defineBench("bare.count", "ms", async () => {
  const filled = await fill(false);
  try {
    const { ms, cpu } = await timed(filled, () => sql`select count(*) from contacts where workspace_id = ${WORKSPACE}`.execute(filled.database.db));
    return { value: ms, notes: `${cpu} ms of processor time` };
  } finally {
    await filled.stop();
  }
});

/** A nested question with two about events, asked of a million people and ten million events. BENCH_PLAN=1 prints how Postgres goes about it. */
export const segmentsCount = defineBench("segments.count", "ms", async () => {
  const filled = await fill(true);
  const { db } = filled.database;
  try {
    if (process.env.BENCH_PLAN) await printPlan(db);
    const people = await countAudience(db, WORKSPACE, { query: nested });
    const { ms, cpu } = await timed(filled, () => countAudience(db, WORKSPACE, { query: nested }));
    const notes = [`${people.toLocaleString("en")} people, ${cpu} ms of processor time`];
    for (const [name, query] of Object.entries(others)) {
      const other = await timed(filled, () => countAudience(db, WORKSPACE, { query }));
      notes.push(`${name}: ${Math.round(other.ms)} ms, ${other.cpu} ms of processor time`);
    }
    return { value: ms, notes: notes.join("; ") };
  } finally {
    await filled.stop();
  }
}, "bare.count");

async function printPlan(db: Database): Promise<void> {
  const tree = await resolveAudience(db, WORKSPACE, { query: nested });
  const [last] = (await sql<{ id: string }>`select id from contacts where workspace_id = ${WORKSPACE} order by id offset 62499 limit 1`.execute(db)).rows;
  const { sets, joins, where } = compileTree(tree, WORKSPACE, new Date(), { after: null, until: last!.id });
  const rows = await db.transaction().execute(async (tx) => {
    // As for every window; see bounded() in segments/audience.ts.
    await sql`select set_config('work_mem', '48MB', true), set_config('enable_nestloop', 'off', true), set_config('max_parallel_workers_per_gather', '0', true)`.execute(tx);
    return (await sql<{ "QUERY PLAN": string }>`explain (analyze, buffers, costs off) ${sets} select count(*) from contacts c ${joins} where ${where}`.execute(tx)).rows;
  });
  process.stdout.write(`\nOne of sixteen windows:\n${rows.map((row) => row["QUERY PLAN"]).join("\n")}\n`);
}
