import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import { Readable } from "node:stream";
import { pino } from "pino";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { accountsOnly, startTestServer } from "../../../tests/support/server.ts";
import type { TestServer } from "../../../tests/support/server.ts";
import { Secrets } from "./database/secrets.ts";
import { uuidv7 } from "./database/uuid.ts";
import { MediaFiles } from "./media/files.ts";
import { MediaLinks } from "./media/links.ts";
import { mediaRoutes } from "./media/routes.ts";
import { Retention, whatIsKept } from "./retention.ts";

const NOW = new Date("2026-11-22T12:00:00Z");
const daysAgo = (days: number): Date => new Date(NOW.getTime() - days * 86_400_000);

let server: TestServer;
let files: MediaFiles;
let links: MediaLinks;
let dataDir: string;
let workspaceId: string;
const providerId = uuidv7();
const deploymentId = uuidv7();

beforeAll(async () => {
  dataDir = mkdtempSync(path.join(os.tmpdir(), "tincan-retention-"));
  server = await startTestServer({
    build: (core) => {
      files = new MediaFiles({ db: core.database.db, dataDir, log: { warn: () => {} }, fetch: async (_workspace, _provider, id) => ({ mimeType: "image/jpeg", stream: Readable.from([Buffer.from(`the file ${id}`)]) }) });
      links = new MediaLinks({ files, secrets: new Secrets("the secret key of a test"), publicUrl: core.settings.publicUrl });
      return { ...accountsOnly(core), wire: [mediaRoutes({ files, links })] };
    },
  });
  const { body } = await (await server.admin()).get<{ id: string }>("/api/v1/workspace");
  workspaceId = body.id;
});
afterAll(async () => {
  await server.stop();
  rmSync(dataDir, { recursive: true, force: true });
});
beforeEach(async () => {
  await server.database.pool.query("truncate callbacks, callback_attempts, raw_webhooks, media_files, link_clicks");
});

const keepDays = { deliveredCallbacks: 30, rawWebhooks: 10, media: 90, clicks: 20 };
function sweep(days: Partial<typeof keepDays> = {}): Promise<Record<string, number>> {
  const { db } = server.database;
  return new Retention({ db, log: pino({ level: "silent" }), kinds: whatIsKept({ db, files, keepDays: { ...keepDays, ...days } }) }).sweep(NOW);
}

/** A callback made at that time, with one failed attempt behind it. */
async function callback(state: string, created: Date, delivered: Date | null = null): Promise<string> {
  const id = uuidv7(created.getTime());
  await server.database.pool.query(
    `insert into callbacks (workspace_id, id, deployment_id, kind, message_id, body, state, due_at, created_at, delivered_at) values ($1, $2, $3, 'status', $4, '{}', $5, $6, $6, $7)`,
    [workspaceId, id, deploymentId, uuidv7(), state, created, delivered],
  );
  await server.database.pool.query("insert into callback_attempts (workspace_id, callback_id, at, duration_ms) values ($1, $2, $3, 5)", [workspaceId, id, created]);
  return id;
}

async function ids(table: string, column = "id"): Promise<string[]> {
  return (await server.database.pool.query(`select ${column} as id from ${table} order by 1`)).rows.map((row: { id: string }) => row.id);
}

/** A file that came in at that time; answers the path of a good address of it. */
async function media(wireId: string, at: Date): Promise<{ id: string; url: string; path: string }> {
  const stored = await files.obtain(workspaceId, providerId, wireId);
  const id = uuidv7(at.getTime());
  await server.database.pool.query("update media_files set id = $2, created_at = $3 where id = $1", [stored.id, id, at]);
  return { id, url: `/media/${links.sign(workspaceId, id, "image/jpeg", Date.now() + 60_000)}`, path: stored.path };
}

test("delivered callbacks go with their attempts when they are old; parked ones wait for a person whatever their age", async () => {
  await callback("delivered", daysAgo(40), daysAgo(40));
  const late = await callback("delivered", daysAgo(32), daysAgo(29));
  const parked = await callback("parked", daysAgo(200));
  const fresh = await callback("delivered", daysAgo(29), daysAgo(29));
  expect(await sweep()).toMatchObject({ deliveredCallbacks: 1 });
  const left = [parked, late, fresh].toSorted();
  expect(await ids("callbacks")).toEqual(left);
  expect(await ids("callback_attempts", "callback_id")).toEqual(left);
});

test("many more than a batch go in one sweep, past those that stay", async () => {
  const from = daysAgo(50).getTime();
  await server.database.pool.query(
    `insert into callbacks (workspace_id, id, deployment_id, kind, message_id, body, state, due_at, created_at, delivered_at)
     select $1, i.id, $2, 'status', i.id, '{}', case when i.n % 2 = 0 then 'delivered' else 'parked' end, $3, $3, $3
     from unnest($4::uuid[]) with ordinality as i (id, n)`,
    [workspaceId, deploymentId, daysAgo(50), Array.from({ length: 9_000 }, (_, i) => uuidv7(from + i))],
  );
  expect(await sweep()).toMatchObject({ deliveredCallbacks: 4_500 });
  expect(await sweep()).toMatchObject({ deliveredCallbacks: 0 });
  expect(await ids("callbacks")).toHaveLength(4_500);
});

test("raw webhooks go when they are old", async () => {
  const [old, fresh] = [uuidv7(daysAgo(11).getTime()), uuidv7(daysAgo(9).getTime())];
  for (const id of [old, fresh]) await server.database.pool.query("insert into raw_webhooks (workspace_id, id, provider_id, field, body) values ($1, $2, $3, 'x', '{}')", [workspaceId, id, providerId]);
  expect(await sweep()).toMatchObject({ rawWebhooks: 1 });
  expect(await ids("raw_webhooks")).toEqual([fresh]);
});

test("clicks go when they are old", async () => {
  const [old, fresh] = [uuidv7(daysAgo(21).getTime()), uuidv7(daysAgo(19).getTime())];
  for (const id of [old, fresh]) await server.database.pool.query("insert into link_clicks (workspace_id, id, code, at, agent) values ($1, $2, 'Ab12Cd34Ef', now(), 'Chrome')", [workspaceId, id]);
  expect(await sweep()).toMatchObject({ clicks: 1 });
  expect(await ids("link_clicks")).toEqual([fresh]);
});

test("hours of a provider's callbacks go when they are old, also of one that nobody calls any more", async () => {
  await server.database.pool.query("insert into providers (workspace_id, id, kind, nickname, number, secrets, max_concurrency) values ($1, $2, 'generic', 'P', '+15550100199', '', 30)", [workspaceId, providerId]);
  const hours = [daysAgo(91), daysAgo(89), daysAgo(1)];
  for (const hour of hours) await server.database.pool.query("insert into provider_callback_hours (workspace_id, provider_id, hour, received, refused) values ($1, $2, $3, 5, 0)", [workspaceId, providerId, hour]);
  expect(await sweep()).toMatchObject({ callbackHours: 1 });
  const { rows } = await server.database.pool.query<{ hour: Date }>("select hour from provider_callback_hours order by hour");
  expect(rows.map(({ hour }) => hour)).toEqual(hours.slice(1));
});

test("an old file goes with its row, and its address is then not found; a younger one is still handed out", async () => {
  const [old, fresh] = [await media("old", daysAgo(91)), await media("fresh", daysAgo(89))];
  const visitor = server.visitor();
  expect(await visitor.get(old.url)).toMatchObject({ status: 200, body: "the file old" });
  expect(await sweep()).toMatchObject({ media: 1 });
  expect(existsSync(old.path)).toBe(false);
  expect((await visitor.get(old.url)).status).toBe(404);
  expect(await visitor.get(fresh.url)).toMatchObject({ status: 200, body: "the file fresh" });
  expect(await ids("media_files")).toEqual([fresh.id]);
});

test("a crash between a file and its row leaves an address that is not found, and the next sweep takes the row", async () => {
  const torn = await media("torn", daysAgo(91));
  await rm(torn.path);
  expect((await server.visitor().get(torn.url)).status).toBe(404);
  expect(await sweep()).toMatchObject({ media: 1 });
  expect(await ids("media_files")).toEqual([]);
});

test("folders that have become empty go too", async () => {
  await rm(path.join(dataDir, "media"), { recursive: true, force: true });
  await media("alone", daysAgo(91));
  await sweep();
  expect(readdirSync(path.join(dataDir, "media", workspaceId))).toEqual([]);
});

test("what is kept forever stays", async () => {
  await callback("delivered", daysAgo(4_000), daysAgo(4_000));
  const kept = await media("kept", daysAgo(4_000));
  expect(await sweep({ deliveredCallbacks: Infinity, media: Infinity })).toEqual({ rawWebhooks: 0, callbackHours: 0, unmatchedRows: 0, clicks: 0 });
  expect((await server.visitor().get(kept.url)).status).toBe(200);
  expect(await ids("callbacks")).toHaveLength(1);
});

test("two processes that sweep at once remove each thing once", async () => {
  for (let i = 0; i < 50; i++) await media(`shared ${i}`, daysAgo(91));
  const from = daysAgo(50).getTime();
  for (let i = 0; i < 50; i++) await callback("delivered", new Date(from + i), new Date(from));
  const sweeps = await Promise.all([sweep(), sweep()]);
  expect(sweeps.reduce((sum, each) => sum + each["deliveredCallbacks"]!, 0)).toBe(50);
  expect(await ids("callbacks")).toEqual([]);
  expect(await ids("media_files")).toEqual([]);
});
