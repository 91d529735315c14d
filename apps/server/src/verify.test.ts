import { execFile } from "node:child_process";
import path from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../tests/support/database.ts";
import { addCounts } from "./campaigns/reactions/add-counts.ts";
import { uuidv7 } from "./database/uuid.ts";
import { accept } from "./ledger/accept.ts";
import { verify } from "./verify.ts";

const workspaceId = uuidv7();
const [campaignId, runId, cellId] = [uuidv7(), uuidv7(), uuidv7()];
let database: TestDatabase;

beforeAll(async () => {
  database = await createTestDatabase();
  await database.pool.query("insert into campaigns (workspace_id, id, name, state, definition, created_by_name) values ($1, $2, 'Spring', 'running', '{}', 'Ada')", [workspaceId, campaignId]);
  await database.pool.query("insert into campaign_runs (workspace_id, id, campaign_id, number, state, definition, due_at, handed_over) values ($1, $2, $3, 1, 'running', '{}', now(), 1)", [workspaceId, runId, campaignId]);
  await database.pool.query("insert into campaign_cells (workspace_id, id, campaign_id, run_id, variant) values ($1, $2, $3, $4, 'A')", [workspaceId, cellId, campaignId, runId]);
  await accept(database.db, workspaceId, [{ id: uuidv7(), providerId: uuidv7(), originKind: "campaign", originId: cellId, externalId: uuidv7(), recipient: "+15550100123", category: "marketing", content: { type: "template", name: "spring", language: "en" } }], []);
  await addCounts(database.db, workspaceId, [{ cellId, at: new Date(), queued: 1 }]);
});
afterAll(() => database.drop());

/** The command, as `npm run verify` starts it. */
const command = (env: Record<string, string>) =>
  new Promise<{ code: number; said: string }>((resolve) => {
    execFile(process.execPath, [path.join(import.meta.dirname, "verify-main.ts")], { env: { ...process.env, ...env } }, (error, stdout, stderr) => resolve({ code: typeof error?.code === "number" ? error.code : 0, said: stdout + stderr }));
  });

test("what was counted as it happened adds up", async () => {
  expect(await verify(database.db)).toEqual([]);
  expect(await command({ DATABASE_URL: database.url })).toEqual({ code: 0, said: "Everything adds up.\n" });
});

test("a counter that says more than there is, and a message without its place in the queue, are told and end with code 1", async () => {
  await addCounts(database.db, workspaceId, [{ cellId, at: new Date(), delivered: 2 }]);
  await database.pool.query("delete from outbox");
  const found = await verify(database.db);
  expect(found.map(({ what, counted, kept }) => [what.split(" ").slice(0, 1).join(" "), counted, kept])).toEqual([["delivered", 0, 2], ["priced", 2, 0], ["message", 1, 0]]);
  const { code, said } = await command({ DATABASE_URL: database.url });
  expect(code).toBe(1);
  expect(said).toContain(`delivered of cell ${cellId}: 0 counted, 2 kept`);
});

test("a folder without a database is named", async () => {
  expect(await command({ DATABASE_URL: "", DATA_DIR: "/nowhere" })).toEqual({ code: 1, said: expect.stringContaining("There is no database in /nowhere/postgres") });
});
