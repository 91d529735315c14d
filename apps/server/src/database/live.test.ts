import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase } from "../../../../tests/support/database.ts";
import type { TestDatabase } from "../../../../tests/support/database.ts";
import { Live } from "./live.ts";

const ours = "01900000-0000-7000-8000-000000000001";
const theirs = "01900000-0000-7000-8000-000000000002";
let database: TestDatabase;
let here: Live;
let there: Live;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  here = new Live(database);
  there = new Live(database);
});
afterAll(async () => {
  await here.close();
  await there.close();
  await database.drop();
});

/** Subscribes and waits until the listening connection stands. */
async function listen(live: Live, workspaceId: string): Promise<string[]> {
  const heard: string[] = [];
  live.subscribe(workspaceId, (topic) => heard.push(topic));
  await expect.poll(async () => (await database.pool.query("select 1 from pg_stat_activity where application_name = 'tincan live' and query like 'listen%' and state = 'idle'")).rowCount).toBe(1);
  await sleep(20);
  return heard;
}

test("a change made in one process is heard in another, by its own workspace only", async () => {
  const heard = await listen(there, ours);
  here.changed(theirs, "lanes");
  here.changed(ours, "messages");
  await expect.poll(() => heard).toEqual(["messages"]);
  for (let i = 0; i < 1_000; i++) here.changed(ours, "callbacks");
  await expect.poll(() => heard).toEqual(["messages", "callbacks"]);
});

test("after its connection was lost a subscriber is told that anything may have changed", async () => {
  const heard: string[] = [];
  there.subscribe(theirs, (topic) => heard.push(topic));
  await database.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tincan live'");
  await expect.poll(() => heard, { timeout: 5_000 }).toEqual(["all"]);
  here.changed(theirs, "lanes");
  await expect.poll(() => heard).toEqual(["all", "lanes"]);
});
