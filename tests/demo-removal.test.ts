/** A newcomer has seen enough of the demo and takes it away, on a real server with its own database and phones. */
import { existsSync, readdirSync } from "node:fs";
import path from "node:path";
import type { AuditEntry, DemoData, Deployment, ErrorBody, List, MessageSummary, Overview, Session, TestRequestResult } from "@tincan/api";
import { sandboxAccount } from "@tincan/sandbox";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase } from "./support/database.ts";
import type { TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

const PHONE = "15550100123";

let database: TestDatabase;
let tincan: Tincan;
let newcomer: Visitor;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  tincan = await Tincan.prepare({ env: { DATABASE_URL: database.url } });
  newcomer = await enter();
});
afterAll(async () => {
  await tincan.remove();
  await database.drop();
});

/** Starts the server and signs in by the link it prints. */
async function enter(): Promise<Visitor> {
  const before = tincan.said.length;
  await tincan.start();
  const token = await vi.waitFor(() => /welcome\?token=([\w-]+)/.exec(tincan.said.slice(before))![1], { timeout: 5000 });
  const visitor = new Visitor(tincan.url);
  await visitor.get(`/welcome?token=${token}`);
  return visitor;
}

const session = async (): Promise<Session> => (await newcomer.get<Session>("/api/v1/session")).body;
const count = async (path: string): Promise<number> => (await newcomer.get<List<unknown>>(path)).body.items.length;

/** Somebody writes to the demo's number from a phone. */
async function write(message: object): Promise<void> {
  const answer = await fetch(`${tincan.sandboxUrl}/sandbox/phones/${PHONE}/messages`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(message) });
  expect(answer.ok).toBe(true);
}

test("the session says that there is demo data, and removing it leaves nothing but people, keys and the audit log", async () => {
  expect((await session()).demoData).toBe(true);
  const { body: providers } = await newcomer.get<List<{ id: string }>>("/api/v1/providers");
  const made = (await newcomer.get<DemoData>("/api/v1/demo")).body.items.find((item) => item.kind === "provider")?.ids;
  expect(new Set(made)).toEqual(new Set(providers.items.map(({ id }) => id)));
  const { body: deployments } = await newcomer.get<List<Deployment>>("/api/v1/deployments");
  expect([await count("/api/v1/campaigns"), await count("/api/v1/segments")]).toEqual([1, 1]);
  await write({ type: "text", text: "hello" });
  await expect.poll(async () => (await newcomer.get<Overview>("/api/v1/overview")).body.numbers.replied, { timeout: 5000 }).toBe(1);
  const sent = await vi.waitFor(async () => {
    const answer = await newcomer.post<TestRequestResult>(`/api/v1/deployments/${deployments.items[0]!.id}/test-request`, { to: `+${PHONE}`, kind: "text" });
    expect(answer.body.messageId).toBeDefined();
    return answer;
  });
  expect(sent.status).toBe(200);
  await expect.poll(async () => (await newcomer.get<List<MessageSummary>>("/api/v1/messages")).body.items[0]).toMatchObject({ state: expect.stringMatching(/delivered|read/) });

  expect((await newcomer.delete("/api/v1/demo")).status).toBe(204);

  expect((await session()).demoData).toBe(false);
  expect((await newcomer.get<DemoData>("/api/v1/demo")).body.items).toEqual([]);
  for (const path of ["providers", "deployments", "templates", "messages", "lanes", "campaigns", "segments"]) expect([path, await count(`/api/v1/${path}`)]).toEqual([path, 0]);
  expect(await leftovers()).toEqual({});
  const { body: log } = await newcomer.get<List<AuditEntry>>("/api/v1/audit?limit=200");
  expect(log.items[0]).toMatchObject({ action: "workspace.demo_removed", actor: { kind: "user" } });
});

test("there is nothing to remove twice", async () => {
  expect(await newcomer.delete<ErrorBody>("/api/v1/demo")).toMatchObject({ status: 404, body: { error: { code: "demo_not_found" } } });
});

test("a restart lets the newcomer in again and does not bring the demo back", async () => {
  await tincan.stop();
  newcomer = await enter();
  expect(await session()).toMatchObject({ user: { name: "Demo admin" }, demoData: false });
  expect(await count("/api/v1/providers")).toBe(0);
});

test("the number can be connected again by hand, and is then nobody's demo", async () => {
  const { number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken } = sandboxAccount;
  const input = { kind: "cloud-api", nickname: "Mine", baseUrl: tincan.sandboxUrl, number, wabaId, phoneNumberId, accessToken, appSecret, verifyToken };
  expect((await newcomer.post("/api/v1/providers", input)).status).toBe(201);
  expect((await session()).demoData).toBe(false);
  expect((await newcomer.delete("/api/v1/demo")).status).toBe(404);
});

/** Tables that keep rows: the workspace itself, its people, its record. */
const KEPT = new Set(["workspaces", "memberships", "sessions", "audit_log"]);

/** How many rows of any workspace each other table still has, and how many media files there are. */
async function leftovers(): Promise<Record<string, number>> {
  const { rows: tables } = await database.pool.query<{ name: string }>(
    "select table_name as name from information_schema.columns where table_schema = 'public' and column_name = 'workspace_id' order by 1",
  );
  const counts: Record<string, number> = {};
  for (const { name } of tables) {
    if (KEPT.has(name)) continue;
    const { rows } = await database.pool.query<{ count: number }>(`select count(*) as count from "${name}"`);
    if (rows[0]!.count > 0) counts[name] = rows[0]!.count;
  }
  const media = path.join(tincan.folder, "data/media");
  const files = existsSync(media) ? readdirSync(media, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile()).length : 0;
  return files === 0 ? counts : { ...counts, files };
}
