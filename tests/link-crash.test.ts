/** A real server, killed while many people open links: whoever was sent on has been counted. */
import { setTimeout as sleep } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { uuidv7 } from "../apps/server/src/database/uuid.ts";
import { accept } from "../apps/server/src/ledger/accept.ts";
import { makePlace, message } from "../apps/server/src/ledger/test-builders.ts";
import { createLinks } from "../apps/server/src/links/create.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";

const ROUNDS = 3;
const VISITORS = 20;
const BROWSER = "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0 Mobile Safari/537.36";

let database: TestDatabase;
let tincan: Tincan;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  tincan = await Tincan.prepare({ env: { DATABASE_URL: database.url } });
  await tincan.start();
});
afterAll(async () => {
  await tincan.remove();
  await database.drop();
});

test(`no click that was answered is lost, and no message clicked in part, over ${ROUNDS} rounds`, { timeout: 480_000 }, async () => {
  const { db, pool } = database;
  const place = await makePlace(db);
  const made = Array.from({ length: 50 }, () => message(place, { id: uuidv7() }));
  const codes = await db.transaction().execute(async (tx) => {
    await accept(tx, place.workspaceId, made, []);
    await sql`delete from outbox`.execute(tx);
    return createLinks(tx, place.workspaceId, made.map(({ id }) => ({ messageId: id, target: "https://shop.example/", place: "body" })));
  });
  const answered = new Map(codes.map((code) => [code, 0]));
  const asked = new Map(codes.map((code) => [code, 0]));
  const more = (times: Map<string, number>, code: string): void => void times.set(code, times.get(code)! + 1);

  for (let round = 0; round < ROUNDS; round++) {
    const load = new AbortController();
    const visit = async (): Promise<void> => {
      while (!load.signal.aborted) {
        const code = codes[Math.floor(Math.random() * codes.length)]!;
        more(asked, code);
        const status = await fetch(`${tincan.url}/l/${code}`, { redirect: "manual", headers: { "user-agent": BROWSER } }).then((answer) => answer.status, () => 0);
        if (status === 302) more(answered, code);
        else await sleep(10);
      }
    };
    const visits = Promise.all(Array.from({ length: VISITORS }, visit));
    await sleep(200 + Math.random() * 600);
    await tincan.crash();
    load.abort();
    await visits;
    await tincan.start();
  }

  const { rows } = await pool.query<{ code: string; clicks: number; kept: number; clicked: boolean }>(
    `select l.code, l.clicks, (select count(*)::int from link_clicks c where c.code = l.code) as kept, m.clicked_at is not null as clicked
     from links l join messages m on m.workspace_id = l.workspace_id and m.id = l.message_id where l.code = any ($1)`,
    [codes],
  );
  expect(rows).toHaveLength(codes.length);
  expect([...answered.values()].reduce((sum, count) => sum + count, 0)).toBeGreaterThan(100);
  for (const { code, clicks, kept, clicked } of rows) {
    expect(clicks).toBeGreaterThanOrEqual(answered.get(code)!);
    expect(clicks).toBeLessThanOrEqual(asked.get(code)!);
    if (clicks < 1_000) expect(kept).toBe(clicks);
    expect(clicked).toBe(clicks > 0);
  }
});
