import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../../tests/support/database.ts";
import type { Database } from "../../database/connection.ts";
import { accept } from "../../ledger/accept.ts";
import { makePlace, message, type Place } from "../../ledger/test-builders.ts";
import { TierWatch } from "./tier.ts";

/* Two watches of one number that know nothing of each other, as in two processes. */
let database: TestDatabase;
beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());

async function number(tier: string): Promise<{ place: Place; open(): Promise<TierWatch> }> {
  const here = await makePlace(database.db);
  await sql`insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency, health)
    values (${here.workspaceId}, ${here.providerId}, 'generic', 'Number', '+918000000001', '{}', '', 30, ${JSON.stringify({ facts: { tier } })})`.execute(database.db);
  return { place: here, open: () => TierWatch.open(database.db, here.workspaceId, here.providerId, { alone: true }) };
}

let last = 0;
const send = (tx: Database, at: Place, people: number) =>
  accept(tx, at.workspaceId, Array.from({ length: people }, () => message(at, { recipient: `+1555${String(++last).padStart(7, "0")}` })), []);
const roomOf = async (watch: TierWatch): Promise<number | undefined> => (await watch.room(database.db, new Date()))?.people;

test.each([["TIER_250", 250, 200], ["TIER_10K", 10_000, 300]])("%s: a batch that holds the number sees what another process has just handed over", async (tier, limit, others) => {
  const { place: here, open } = await number(tier);
  const [ours, theirs] = [await open(), await open()];
  expect([await roomOf(ours), await roomOf(theirs)]).toEqual([limit, limit]);
  const [holds, goesOn] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const handingOver = database.db.transaction().execute(async (tx) => {
    await theirs.hold(tx, new Date());
    holds.resolve();
    await goesOn.promise;
    await send(tx, here, others);
  });
  await holds.promise;
  const held = database.db.transaction().execute((tx) => ours.hold(tx, new Date()));
  goesOn.resolve();
  await Promise.all([handingOver, held]);
  expect(await roomOf(ours)).toBe(limit - others);
});

test("a number without a limit is held by nobody", async () => {
  const { open } = await number("TIER_UNLIMITED");
  const watch = await open();
  await database.db.transaction().execute(async (tx) => {
    await watch.hold(tx, new Date());
    expect((await sql`select from pg_locks where locktype = 'advisory' and pid = pg_backend_pid()`.execute(tx)).rows).toEqual([]);
  });
  expect(await roomOf(watch)).toBe(undefined);
});
