import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import type { AuditEntry, Contact, ReportExport } from "@tincan/api";
import { parse } from "csv-parse/sync";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startReportWorld, type ReportWorld } from "../test/world.ts";
import { sweepExports } from "./sweep.ts";

let world: ReportWorld;
const dataDir = mkdtempSync(path.join(os.tmpdir(), "tincan-exports-"));

beforeAll(async () => {
  world = await startReportWorld({ DATA_DIR: dataDir });
  await world.features.start();
});
afterAll(async () => {
  await world.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await world.database.pool.query("truncate campaigns, campaign_runs, campaign_cells, campaign_counts, campaign_responses, messages, contacts, contact_identities, report_exports");
});

/** Messages of a cell: one of each contact, or `count` of nobody we know. */
async function messages(cellId: string, to: readonly Contact[] | number, change = sql`null`): Promise<void> {
  const ids = typeof to === "number" ? Array.from({ length: to }, () => randomUUID()) : to.map(({ id }) => id);
  await sql`insert into messages (workspace_id, id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template, state, accepted_at, delivered_at, error, pricing)
    select ${world.workspaceId}, gen_random_uuid(), gen_random_uuid(), 'campaign', ${cellId}, id, coalesce((select phone from contacts where contacts.id::text = u.id), '+10'), 'template', 'marketing', 'sale', 'delivered',
      '2026-03-01T10:00:00.5Z', '2026-03-01T10:00:02Z', ${change}::json, '{"category": "marketing", "billable": true}'
    from unnest(${ids}::text[]) as u (id)`.execute(world.database.db);
}

const ask = async (campaign: string, format: "csv" | "parquet" = "csv"): Promise<ReportExport> => (await world.api.post<ReportExport>("/api/v1/report-exports", { campaign, format })).body;
const look = async (id: string): Promise<ReportExport> => (await world.api.get<ReportExport>(`/api/v1/report-exports/${id}`)).body;
const done = async (id: string): Promise<ReportExport> => {
  await expect.poll(async () => (await look(id)).state, { timeout: 20_000 }).toBe("done");
  return look(id);
};
const read = async (id: string): Promise<Record<string, string>[]> => parse((await world.api.get<string>(`/api/v1/report-exports/${id}/file`)).body, { columns: true, bom: true });
const person = async (name: string, phone: string): Promise<Contact> => (await world.api.post<Contact>("/api/v1/contacts", { name, phone, identity: `id-${name}` })).body;

describe("an export", () => {
  test("holds a row for each message, with people as they are now and what they did", async () => {
    const { id: campaign, cells } = await world.campaign({ name: "Spring sale" });
    const [ann, bob] = [await person("Ann", "+15550200001"), await person("=Bob", "+15550200002")];
    await messages(cells["A"]!, [ann, bob]);
    await world.database.pool.query("insert into campaign_responses values ($1, $2, $3, 'converted', '2026-03-02T08:00Z', 12.5)", [world.workspaceId, cells["A"], ann.id]);
    await world.api.patch(`/api/v1/contacts/${ann.id}`, { name: "Anna" });
    await world.count(cells["A"]!, "2026-03-01T10:00Z", { queued: 2 });
    const { id, expected } = await ask(campaign);
    const finished = await done(id);
    expect([expected, finished.rows]).toEqual([2, 2]);
    const rows = await read(id);
    expect(rows.find(({ contact_id }) => contact_id === ann.id)).toMatchObject({
      campaign: "Spring sale", run: "1", variant: "A", name: "Anna", phone: "+15550200001", identity: "id-Ann", template: "sale", state: "delivered",
      queued_at: "2026-03-01T10:00:00.500Z", delivered_at: "2026-03-01T10:00:02.000Z", read_at: "", converted_at: "2026-03-02T08:00:00.000Z", revenue: "12.5", price_category: "marketing", billable: "true", failure: "",
    });
    // A spreadsheet must not reckon with names.
    expect(rows.find(({ contact_id }) => contact_id === bob.id)!["name"]).toBe("'=Bob");
    const file = await world.api.get(`/api/v1/report-exports/${id}/file`);
    expect(file.headers.get("content-disposition")).toMatch(/^attachment; filename="Spring-sale-messages-\d{4}-\d\d-\d\d\.csv"$/);
    expect(Number(file.headers.get("content-length"))).toBe(finished.size);
  });

  test("puts down what somebody did to one of their messages, the last before it that did not fail", async () => {
    const { id: campaign, cells } = await world.campaign();
    const ann = await person("Ann", "+15550200001");
    const again = async (externalId: string, at: string, state: string) =>
      void (await sql`insert into messages (workspace_id, id, provider_id, origin_kind, origin_id, external_id, recipient, type, category, template, state, accepted_at)
        values (${world.workspaceId}, gen_random_uuid(), gen_random_uuid(), 'campaign', ${cells["A"]!}, ${externalId}, '+15550200001', 'template', 'marketing', 'sale', ${state}, ${at})`.execute(world.database.db));
    await again(ann.id, "2026-03-01T10:00Z", "failed");
    await again(`${ann.id}#2`, "2026-03-02T10:00Z", "delivered");
    await again(`${ann.id}#3`, "2026-03-04T10:00Z", "delivered");
    await world.database.pool.query("insert into campaign_responses values ($1, $2, $3, 'converted', '2026-03-03T08:00Z', 12.5)", [world.workspaceId, cells["A"], ann.id]);
    const { id } = await ask(campaign);
    await done(id);
    expect((await read(id)).map(({ queued_at, revenue }) => [queued_at, revenue])).toEqual([["2026-03-01T10:00:00.000Z", ""], ["2026-03-02T10:00:00.000Z", "12.5"], ["2026-03-04T10:00:00.000Z", ""]]);
  });

  test("names the person whom the message's contact was merged into", async () => {
    const { id: campaign, cells } = await world.campaign();
    const [ann, annAgain] = [await person("Ann", "+15550200001"), await person("Ann2", "+15550200002")];
    await messages(cells["A"]!, [annAgain]);
    expect((await world.api.post(`/api/v1/contacts/${ann.id}/merge`, { with: annAgain.id })).status).toBe(200);
    const { id } = await ask(campaign);
    await done(id);
    expect(await read(id)).toMatchObject([{ contact_id: ann.id, identity: "id-Ann", name: "Ann", phone: "+15550200001" }]);
  });

  test("goes through more messages than a page of reading holds, of every variant and run", async () => {
    const { id: campaign, cells } = await world.campaign();
    await messages(cells["A"]!, 4_501);
    const { id } = await ask(campaign);
    expect((await done(id)).rows).toBe(4_501);
    const rows = await read(id);
    expect(new Set(rows.map(({ message_id }) => message_id)).size).toBe(4_501);
  });

  test("tells failures with their family", async () => {
    const { id: campaign, cells } = await world.campaign();
    await messages(cells["A"]!, 1, sql`'{"source": "meta", "code": 131026, "title": "Message undeliverable", "details": "Not on WhatsApp"}'`);
    const { id } = await ask(campaign);
    await done(id);
    expect((await read(id))[0]).toMatchObject({ failure_family: "delivery", failure: "meta:131026", failure_title: "Message undeliverable", failure_details: "Not on WhatsApp" });
  });

  test("may be Parquet, with times, numbers and texts as they are", async () => {
    const { id: campaign, cells } = await world.campaign({ name: 'A "sale", and\nmore' });
    await messages(cells["A"]!, [await person("=Bob", "+15550200002")]);
    await messages(cells["A"]!, 3_000);
    const { id } = await ask(campaign, "parquet");
    await done(id);
    const connection = await (await DuckDBInstance.create()).connect();
    const file = path.join(dataDir, "exports", world.workspaceId, `${id}.parquet`);
    const all = await connection.runAndReadAll(`select count(*)::int as rows, min(delivered_at)::varchar as at, max(name) as name, any_value(campaign) as campaign, max(run) as run, count(read_at)::int as reads from read_parquet('${file}')`);
    expect(all.getRowObjectsJson()).toEqual([{ rows: 3001, at: "2026-03-01 10:00:02", name: "=Bob", campaign: 'A "sale", and\nmore', run: 1, reads: 0 }]);
    const types = await connection.runAndReadAll(`select column_name, column_type from (describe from read_parquet('${file}'))`);
    expect(types.getRowObjectsJson()).toContainEqual({ column_name: "queued_at", column_type: "TIMESTAMP" });
    connection.closeSync();
    expect(readdirSync(path.dirname(file)).filter((name) => name.startsWith(id))).toEqual([`${id}.parquet`]);
  });

  test("is begun again when whoever made it died", async () => {
    const { id: campaign, cells } = await world.campaign();
    await messages(cells["A"]!, 10);
    const id = randomUUID();
    await sql`insert into report_exports (workspace_id, id, campaign_id, campaign_name, format, state, rows, created_by, runner, attempts, lease_until)
      values (${world.workspaceId}, ${id}, ${campaign}, 'Sale', 'csv', 'running', 4, 'Ada', gen_random_uuid(), 1, now() + interval '1 second')`.execute(world.database.db);
    expect((await done(id)).rows).toBe(10);
    expect(await read(id)).toHaveLength(10);
  });

  test("is given up after some attempts, and says so", async () => {
    const id = randomUUID();
    await sql`insert into report_exports (workspace_id, id, campaign_id, campaign_name, format, created_by, attempts) values (${world.workspaceId}, ${id}, gen_random_uuid(), 'Sale', 'csv', 'Ada', 4)`.execute(world.database.db);
    await expect.poll(async () => (await look(id)).state).toBe("failed");
    expect((await look(id)).failure).toContain("several attempts");
    expect((await world.api.get(`/api/v1/report-exports/${id}/file`)).status).toBe(409);
  });

  test("can be cancelled until it is done", async () => {
    const { id: campaign, cells } = await world.campaign();
    await messages(cells["A"]!, 20_000);
    const { id } = await ask(campaign);
    const cancelled = await world.api.post<ReportExport>(`/api/v1/report-exports/${id}/cancel`);
    expect([cancelled.status, cancelled.body.state]).toEqual([200, "cancelled"]);
    expect((await world.api.post(`/api/v1/report-exports/${id}/cancel`)).status).toBe(409);
    expect((await world.api.get(`/api/v1/report-exports/${id}/file`)).status).toBe(409);
  });

  test("is gone with its file after its time", async () => {
    const { id: campaign, cells } = await world.campaign();
    await messages(cells["A"]!, 1);
    const { id } = await ask(campaign);
    const { expiresAt, finishedAt } = await done(id);
    expect(Date.parse(expiresAt!) - Date.parse(finishedAt!)).toBe(7 * 86_400_000);
    await sql`update report_exports set expires_at = now()`.execute(world.database.db);
    expect((await world.api.get(`/api/v1/report-exports/${id}/file`)).status).toBe(404);
    await sweepExports(world.database.db, dataDir);
    expect(existsSync(path.join(dataDir, "exports", world.workspaceId, `${id}.csv`))).toBe(false);
  });

  test("expires at once when somebody in it is deleted, and others stay", async () => {
    const [sale, other] = [await world.campaign(), await world.campaign()];
    const ann = await person("Ann", "+15550200001");
    await messages(sale.cells["A"]!, [ann]);
    await messages(other.cells["A"]!, 1);
    const [one, two] = [await ask(sale.id), await ask(other.id)];
    await Promise.all([done(one.id), done(two.id)]);
    expect((await world.api.delete(`/api/v1/contacts/${ann.id}`)).status).toBe(204);
    expect((await world.api.get(`/api/v1/report-exports/${one.id}/file`)).status).toBe(404);
    expect((await world.api.get(`/api/v1/report-exports/${two.id}/file`)).status).toBe(200);
    const again = await ask(sale.id);
    await done(again.id);
    expect((await read(again.id))[0]).toMatchObject({ contact_id: "", name: "", phone: "" });
  });

  test("is noted in the audit log when it is made and when it is fetched, which takes the right to write", async () => {
    const { id: campaign } = await world.campaign({ name: "Noted" });
    const { id } = await ask(campaign);
    await done(id);
    const member = await world.script("member");
    expect((await member.get(`/api/v1/report-exports/${id}`)).status).toBe(200);
    expect((await member.get(`/api/v1/report-exports/${id}/file`)).status).toBe(403);
    expect((await member.post("/api/v1/report-exports", { campaign, format: "csv" })).status).toBe(403);
    expect(await read(id)).toEqual([]);
    const { items } = (await world.api.get<{ items: AuditEntry[] }>("/api/v1/audit?action=report_export&limit=10")).body;
    expect(items.filter(({ target }) => target.id === id).map(({ action }) => action)).toEqual(["report_export.downloaded", "report_export.created"]);
  });
});

test("exports are listed by page, newest first, and found by their campaign's name", async () => {
  for (const name of ["One", "Two", "Three"]) await ask((await world.campaign({ name })).id);
  const list = async (query: string) => (await world.api.get<{ items: ReportExport[]; next: string | null }>(`/api/v1/report-exports?${query}`)).body;
  const first = await list("limit=2");
  expect(first.items.map(({ campaign }) => campaign.name)).toEqual(["Three", "Two"]);
  expect((await list(`limit=2&after=${first.next}`)).items.map(({ campaign }) => campaign.name)).toEqual(["One"]);
  expect((await list("q=tw")).items.map(({ campaign }) => campaign.name)).toEqual(["Two"]);
});
