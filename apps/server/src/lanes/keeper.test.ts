import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { Live } from "../database/live.ts";
import { accept } from "../ledger/accept.ts";
import { claimMessages, type OutboundMessage } from "../ledger/claim.ts";
import { releaseMessages, settleMessages, type Settlement } from "../ledger/settle.ts";
import { recoverClaimed, sweepOutbox } from "../ledger/sweep.ts";
import { makePlace, message, type Place } from "../ledger/test-builders.ts";
import { LaneKeeper } from "./keeper.ts";
import { listLanes } from "./lanes.routes.ts";
import type { LaneWork, Outcome, Settled } from "./work.ts";

let database: TestDatabase;
let live: Live;
let keepers: LaneKeeper[] = [];
const sentBy = new Map<string, string[]>();

beforeAll(async () => {
  database = await createTestDatabase({ connections: 20 });
  live = new Live(database);
});
afterEach(async () => {
  await Promise.all(keepers.map((keeper) => keeper.stop()));
  keepers = [];
  sentBy.clear();
});
afterAll(async () => {
  await live.close();
  await database.drop();
});

/** A provider's lane whose far end is this test. */
function openProvider(name: string, answer: () => Outcome) {
  return async (workspaceId: string, laneId: string): Promise<LaneWork<unknown>> => {
    const work: LaneWork<OutboundMessage> = {
      limits: { concurrency: 30, timeoutMs: 1000 },
      claim: (owner, limit) => claimMessages(database.db, workspaceId, laneId, owner, limit),
      send: async (job): Promise<Outcome> => {
        sentBy.set(job.messageId, [...(sentBy.get(job.messageId) ?? []), name]);
        return answer();
      },
      settle: (settled) => settleMessages(database.db, workspaceId, laneId, settled.map(settlement), []),
      release: (jobs) => releaseMessages(database.db, workspaceId, jobs.map((job) => job.messageId)),
      restore: async () => {},
      recover: async () => void (await recoverClaimed(database.db, workspaceId, laneId, { until: new Date(Date.now() + 60_000), repeatIsHarmless: false })),
      sweep: (now) => sweepOutbox(database.db, workspaceId, laneId, now),
      close: async () => {},
    };
    return work as LaneWork<unknown>;
  };
}

function settlement({ job, outcome, startedAt, endedAt }: Settled<OutboundMessage>): Settlement {
  const common = { messageId: job.messageId, startedAt, endedAt };
  return outcome.kind === "laneDown" ? { ...common, kind: "again", dueAt: endedAt, counted: false, error: outcome.error } : { ...common, kind: "submitted" };
}

async function startKeeper(name: string, answer: () => Outcome = () => ({ kind: "submitted" })): Promise<LaneKeeper> {
  const keeper = new LaneKeeper({
    database,
    live,
    log: { warn: () => {}, info: () => {} },
    open: { provider: openProvider(name, answer), platform: async () => null },
  });
  keepers.push(keeper);
  await keeper.start();
  return keeper;
}

async function acceptSome(place: Place, count: number): Promise<string[]> {
  const messages = Array.from({ length: count }, () => message(place));
  await accept(database.db, place.workspaceId, messages, []);
  return messages.map((m) => m.id);
}

const until = async (condition: () => boolean, withinMs = 10_000): Promise<void> => {
  const deadline = Date.now() + withinMs;
  while (!condition()) {
    if (Date.now() > deadline) throw new Error("The condition never came true");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
};

describe("a keeper of lanes", () => {
  it("sends what is accepted, at once when it is woken", async () => {
    const place = await makePlace(database.db);
    const keeper = await startKeeper("one");
    const ids = await acceptSome(place, 100);
    keeper.wake([place.providerId]);
    await until(() => ids.every((id) => sentBy.has(id)), 900);
    expect(sentBy.size).toBe(100);
  });

  it("hears another process's wake-up", async () => {
    const place = await makePlace(database.db);
    await startKeeper("owner");
    const other = await startKeeper("other");
    const ids = await acceptSome(place, 5);
    other.wake([place.providerId]);
    await until(() => ids.every((id) => sentBy.has(id)), 900);
    expect(new Set(ids.map((id) => sentBy.get(id)?.join()))).toEqual(new Set(["owner"]));
  });

  it("never shares a lane: each message leaves once though two processes want it", async () => {
    const places = [await makePlace(database.db), await makePlace(database.db)];
    await Promise.all([startKeeper("one"), startKeeper("two")]);
    const ids = (await Promise.all(places.map((place) => acceptSome(place, 200)))).flat();
    for (const keeper of keepers) keeper.wake(places.map((place) => place.providerId));
    await until(() => ids.every((id) => sentBy.has(id)));
    expect(ids.every((id) => sentBy.get(id)?.length === 1)).toBe(true);
  });

  it("hands its lanes over when it stops", async () => {
    const place = await makePlace(database.db);
    const first = await startKeeper("first");
    await startKeeper("second");
    await first.stop();
    keepers = keepers.filter((keeper) => keeper !== first);
    const ids = await acceptSome(place, 3);
    await until(() => ids.every((id) => sentBy.has(id)), 4_000);
    expect(sentBy.get(ids[0]!)).toEqual(["second"]);
  });

  it("takes over the lanes of a process that died within ten seconds", async () => {
    const place = await makePlace(database.db);
    await database.pool.query("update lanes set owner = gen_random_uuid(), lease_until = clock_timestamp() + interval '3 s' where id = $1", [place.providerId]);
    const [id] = await acceptSome(place, 1);
    await startKeeper("heir");
    await until(() => sentBy.has(id!), 7_000);
    expect(sentBy.get(id!)).toEqual(["heir"]);
  });

  it("pauses a lane within a second of being told", async () => {
    const place = await makePlace(database.db);
    const keeper = await startKeeper("one");
    await database.pool.query("update lanes set paused_at = now() where id = $1", [place.providerId]);
    await keeper.changed([place.providerId]);
    await new Promise((resolve) => setTimeout(resolve, 900));
    const [id] = await acceptSome(place, 1);
    keeper.wake([place.providerId]);
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(sentBy.has(id!)).toBe(false);
  });

  it("shows a breaker as closed at once when the settings changed, and sends with them", async () => {
    const place = await makePlace(database.db);
    const refused: Outcome = { kind: "laneDown", cause: "credentials", error: { source: "meta", code: 190, title: "The access token has expired" } };
    let answer = refused as Outcome;
    const keeper = await startKeeper("one", () => answer);
    const breaker = async () => (await listLanes(database.db, place.workspaceId))[0]!.breaker;
    const [id] = await acceptSome(place, 1);
    keeper.wake([place.providerId]);
    await expect.poll(breaker, { timeout: 5_000 }).toMatchObject({ state: "open", why: "The access token has expired" });
    answer = { kind: "submitted" };
    const before = sentBy.get(id!)!.length;
    await keeper.changed([place.providerId]);
    await expect.poll(breaker, { timeout: 500, interval: 20 }).toMatchObject({ state: "closed", why: null, since: null });
    await until(() => sentBy.get(id!)!.length > before, 1_500);
    expect(await breaker()).toMatchObject({ state: "closed" });
  });
});
