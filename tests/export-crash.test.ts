import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readdirSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import path from "node:path";
import type { ErrorBody, ReportExport, ReportSchedule } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { messagesOfCsv, messagesOfParquet } from "../apps/server/src/reports/test/read-files.ts";
import { workspaceOf } from "./support/campaigns.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

/*
 * A real server, killed while it writes a CSV and a Parquet file of one campaign and waits for the answer of a webhook that it brings a report.
 * The webhook outlives it.
 */
/** Three pages. */
const ROWS = 6_000;
const KEY = "tc_export_crash_test_key_entropy_01";
const patiently = { timeout: 60_000, interval: 50 };

let database: TestDatabase;
let tincan: Tincan;
let admin: Visitor;
let workspaceId: string;
const campaignId = randomUUID();
let csv: ReportExport;
let parquet: ReportExport;
let schedule: ReportSchedule;

/** What the webhook got; it answers nothing until it is told to. */
const delivered: { delivery: string; body: { period: { name: string } } }[] = [];
let answers = false;
const unanswered: ServerResponse[] = [];
const webhook = createServer((request, response) => {
  let text = "";
  request.setEncoding("utf8").on("data", (chunk: string) => (text += chunk));
  request.on("end", () => {
    delivered.push({ delivery: String(request.headers["x-tincan-delivery"]), body: JSON.parse(text) as { period: { name: string } } });
    if (answers) response.writeHead(204).end();
    else unanswered.push(response);
  });
});

async function addMessages(): Promise<void> {
  const definition = JSON.stringify({ name: "Sale", content: { mode: "single", variants: [{ key: "A", template: { name: "sale", language: "en" }, values: {} }] } });
  const [runId, cellId] = [randomUUID(), randomUUID()];
  const { db } = database;
  await sql`insert into campaigns (workspace_id, id, name, state, definition, created_by_name, launched_at) values (${workspaceId}, ${campaignId}, 'Sale', 'completed', ${definition}, 'Ada', now())`.execute(db);
  await sql`insert into campaign_runs (workspace_id, id, campaign_id, number, state, definition, due_at, ended_at) values (${workspaceId}, ${runId}, ${campaignId}, 1, 'completed', ${definition}, now(), now())`.execute(db);
  await sql`insert into campaign_cells values (${workspaceId}, ${cellId}, ${campaignId}, ${runId}, 'A')`.execute(db);
  await sql`insert into messages (workspace_id, id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template, state, accepted_at)
    select ${workspaceId}, gen_random_uuid(), gen_random_uuid(), 'campaign', ${cellId}, gen_random_uuid()::text, '+1555' || (1000000 + n), 'template', 'marketing', 'sale', 'submitted', now()
    from generate_series(1, ${ROWS}) n`.execute(db);
}

const ask = async (format: "csv" | "parquet"): Promise<ReportExport> => (await admin.post<ReportExport>("/api/v1/report-exports", { campaign: campaignId, format })).body;
const look = async (id: string): Promise<ReportExport> => (await admin.get<ReportExport>(`/api/v1/report-exports/${id}`)).body;
const fileOf = async ({ id }: ReportExport) => (await admin.get<ErrorBody>(`/api/v1/report-exports/${id}/file`)).body;
const folder = (): string => path.join(tincan.folder, "data/exports", workspaceId);

const lock = sql`lock table campaign_responses in access exclusive mode`;
const queued = async (): Promise<number> => (await sql`select from pg_locks where relation = 'campaign_responses'::regclass and not granted`.execute(database.db)).rows.length;

/**
 * Kills it while the exports that `begin` asks for are under way. Each page reads what people answered, so a lock on that table stops them at
 * their first page; a second one, which waits in line behind them, stops them at their next.
 */
async function crashWithin(begin: () => Promise<ReportExport[]>): Promise<ReportExport[]> {
  const { db } = database;
  const [first, second] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const holding = db.transaction().execute(async (tx) => {
    await lock.execute(tx);
    await first.promise;
  });
  const exports = await begin();
  await vi.waitFor(async () => expect(await queued()).toBe(exports.length), patiently);
  const holdingNext = db.transaction().execute(async (tx) => {
    await lock.execute(tx);
    await second.promise;
  });
  await vi.waitFor(async () => expect(await queued()).toBe(exports.length + 1), patiently);
  first.resolve();
  await holding;
  await vi.waitFor(async () => {
    for (const { id } of exports) {
      const { state, rows } = await look(id);
      expect([state, rows > 0, rows < ROWS]).toEqual(["running", true, true]);
    }
  }, patiently);
  await tincan.crash();
  second.resolve();
  await holdingNext;
  await tincan.start();
  return exports;
}

/** As if the dead process's leases had run out. */
async function endLeases(of: "report_exports" | "report_schedules"): Promise<void> {
  await sql`update ${sql.table(of)} set lease_until = '-infinity'`.execute(database.db);
}

beforeAll(async () => {
  [database] = await Promise.all([createTestDatabase({ migrated: false }), once(webhook.listen(0, "127.0.0.1"), "listening")]);
  tincan = await Tincan.prepare({
    env: { DATABASE_URL: database.url, TINCAN_ALLOWED_HOSTS: "127.0.0.1", TINCAN_SANDBOX: "off" },
    provision: { workspace: { name: "Exports" }, admin: { email: "admin@example.com", password: "correct horse battery" }, apiKeys: [{ name: "test", key: KEY, role: "admin" }] },
  });
  await tincan.start();
  admin = new Visitor(tincan.url, { authorization: `Bearer ${KEY}` });
  workspaceId = await workspaceOf(database.db);
  await addMessages();
  const address = webhook.address();
  const url = `http://127.0.0.1:${typeof address === "object" && address ? address.port : 0}/reports`;
  // Twelve hours from now, so that no other time comes while the test runs.
  const time = new Date(Date.now() + 12 * 3_600_000).toISOString().slice(11, 16);
  schedule = (await admin.post<ReportSchedule>("/api/v1/report-schedules", { name: "Daily", every: "day", time, by: "campaign", to: { kind: "webhook", url } })).body;
  await sql`update report_schedules set due_at = due_at - interval '1 day', try_at = now()`.execute(database.db);
  await vi.waitFor(() => expect(delivered).toHaveLength(1), patiently);
  [csv, parquet] = (await crashWithin(async () => [await ask("csv"), await ask("parquet")])) as [ReportExport, ReportExport];
});
afterAll(async () => {
  await tincan?.remove();
  webhook.closeAllConnections();
  webhook.close();
  await database?.drop();
});

it("files whose making was killed are not offered half, and end complete", async () => {
  for (const each of [csv, parquet]) expect(await fileOf(each)).toMatchObject({ error: { code: "report_export_not_done" } });
  await endLeases("report_exports");
  for (const { id } of [csv, parquet]) await expect.poll(async () => (await look(id)).state, patiently).toBe("done");
  expect([(await look(csv.id)).rows, (await look(parquet.id)).rows]).toEqual([ROWS, ROWS]);

  const { rows } = await sql<{ id: string }>`select id from messages order by id`.execute(database.db);
  const kept = rows.map(({ id }) => id);
  expect(messagesOfCsv((await admin.get<string>(`/api/v1/report-exports/${csv.id}/file`)).body).sort()).toEqual(kept);
  expect((await messagesOfParquet(path.join(folder(), `${parquet.id}.parquet`))).sort()).toEqual(kept);
  // What the killed ones left beside them is gone.
  expect(readdirSync(folder()).sort()).toEqual([`${csv.id}.csv`, `${parquet.id}.parquet`].sort());
});

it("a report whose delivery was killed is delivered again under the same name, and then at its next time", async () => {
  answers = true;
  await endLeases("report_schedules");
  await expect.poll(async () => (await admin.get<{ items: ReportSchedule[] }>("/api/v1/report-schedules")).body.items[0]?.lastAt, patiently).not.toBe(null);
  expect(delivered).toHaveLength(2);
  expect(delivered[1]).toMatchObject({ delivery: delivered[0]!.delivery, body: { period: delivered[0]!.body.period } });
  const [after] = (await admin.get<{ items: ReportSchedule[] }>("/api/v1/report-schedules")).body.items;
  expect(after).toMatchObject({ lastFailure: null, nextAt: schedule.nextAt });
});

it("an export that is killed at every attempt fails with a reason, and can be asked for again", async () => {
  const [doomed] = await crashWithin(async () => [await ask("csv")]);
  // As if it had been the fourth time.
  await sql`update report_exports set attempts = 4 where id = ${doomed!.id}`.execute(database.db);
  await endLeases("report_exports");
  await expect.poll(async () => (await look(doomed!.id)).state, patiently).toBe("failed");
  expect(await look(doomed!.id)).toMatchObject({ failure: expect.stringContaining("several attempts") });
  expect(await fileOf(doomed!)).toMatchObject({ error: { code: "report_export_not_done" } });
  const again = await ask("csv");
  await expect.poll(async () => (await look(again.id)).state, patiently).toBe("done");
  expect((await look(again.id)).rows).toBe(ROWS);
});
