import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import { uuidv7 } from "../database/uuid.ts";
import { accept } from "./accept.ts";
import { claimMessages } from "./claim.ts";
import { pauseOrigins, resumeOrigins } from "./paused-origins.ts";
import { applyReceipts } from "./receipts.ts";
import { settleMessages } from "./settle.ts";
import { countOutbox, countReady, stopOrigins } from "./stop-origins.ts";
import { recoverClaimed } from "./sweep.ts";
import { makePlace, message, type Place } from "./test-builders.ts";
import type { NewMessage, StatusChange } from "./types.ts";

/* What a campaign asks of the ledger: its messages paused, stopped and counted. */
let database: TestDatabase;
let place: Place;
const owner = randomUUID();

beforeAll(async () => {
  database = await createTestDatabase();
});
afterAll(() => database.drop());
beforeEach(async () => {
  place = await makePlace(database.db);
  await database.pool.query("update lanes set owner = $2, lease_until = now() + interval '1 hour' where id = $1", [place.providerId, owner]);
});

async function accepted(count: number, change: Partial<NewMessage> = {}): Promise<string[]> {
  const messages = Array.from({ length: count }, () => message(place, { originKind: "campaign", ...change }));
  await accept(database.db, place.workspaceId, messages, []);
  return messages.map((m) => m.id);
}
const claim = async (limit = 100): Promise<string[]> => (await claimMessages(database.db, place.workspaceId, place.providerId, owner, limit)).map((m) => m.messageId);
async function settle(ids: string[], told = new Map<string, number>()): Promise<Map<string, number>> {
  const at = new Date();
  await settleMessages(database.db, place.workspaceId, place.providerId, ids.map((messageId) => ({ messageId, kind: "submitted", startedAt: at, endedAt: at })), [], [
    async (_tx, _workspace, submitted) => submitted.forEach((n, origin) => told.set(origin, (told.get(origin) ?? 0) + n)),
  ]);
  return told;
}
async function stop(limit: number, told: StatusChange[] = []): Promise<number> {
  return stopOrigins(database.db, place.workspaceId, place.providerId, [place.originId], limit, [async (_tx, _workspace, changes) => void told.push(...changes)]);
}
async function states(ids: string[]): Promise<string[]> {
  const { rows } = await database.pool.query<{ state: string }>("select state from messages where id = any ($1) order by id", [ids]);
  return rows.map((row) => row.state);
}

describe("a paused origin", () => {
  it("keeps its messages, while others' leave", async () => {
    const paused = await accepted(3);
    const [other = ""] = await accepted(1, { originId: uuidv7() });
    await pauseOrigins(database.db, place.workspaceId, [place.originId]);
    expect(await claim()).toEqual([other]);
    await resumeOrigins(database.db, place.workspaceId, [place.originId]);
    expect((await claim()).toSorted()).toEqual(paused.toSorted());
  });

  it("may be paused twice and resumed once", async () => {
    await accepted(1);
    await pauseOrigins(database.db, place.workspaceId, [place.originId]);
    await pauseOrigins(database.db, place.workspaceId, [place.originId]);
    await resumeOrigins(database.db, place.workspaceId, [place.originId]);
    expect(await claim()).toHaveLength(1);
  });

  it("is one workspace's own", async () => {
    await accepted(1);
    await pauseOrigins(database.db, uuidv7(), [place.originId]);
    expect(await claim()).toHaveLength(1);
  });
});

describe("stopping an origin", () => {
  it("fails what waits, in batches, and tells the listeners each once", async () => {
    const ids = [...(await accepted(3)), ...(await accepted(2, { dueAt: new Date(Date.now() + 60_000) }))];
    const told: StatusChange[] = [];
    expect([await stop(2, told), await stop(2, told), await stop(2, told), await stop(2, told)]).toEqual([2, 2, 1, 0]);
    expect(told.map((change) => change.messageId).toSorted()).toEqual(ids.toSorted());
    expect(told[0]).toMatchObject({ status: "failed", category: "utility", error: { source: "tincan", title: "The campaign was stopped" } });
    expect(await states(ids)).toEqual(Array.from({ length: 5 }, () => "failed"));
    expect(await countOutbox(database.db, place.workspaceId, [place.originId])).toEqual({ leaving: 0, later: 0 });
  });

  it("lets what is on its way go on", async () => {
    const [first = ""] = await accepted(2);
    expect(await claim(1)).toEqual([first]);
    expect(await stop(10)).toBe(1);
    expect(await countOutbox(database.db, place.workspaceId, [place.originId])).toEqual({ leaving: 1, later: 0 });
    await settle([first]);
    expect((await states([first]))[0]).toBe("submitted");
  });

  it("says unknown of what may have left", async () => {
    const ids = await accepted(1);
    await claim();
    await recoverClaimed(database.db, place.workspaceId, place.providerId, { until: new Date(), repeatIsHarmless: false });
    await recoverClaimed(database.db, place.workspaceId, place.providerId, { until: new Date(), repeatIsHarmless: true });
    const told: StatusChange[] = [];
    expect(await stop(10, told)).toBe(1);
    expect(told).toEqual([]);
    expect(await states(ids)).toEqual(["unknown"]);
  });

  it("leaves other origins alone", async () => {
    await accepted(1, { originId: uuidv7() });
    expect(await stop(10)).toBe(0);
    expect(await claim()).toHaveLength(1);
  });
});

it("counts what is ready up to a limit", async () => {
  await accepted(5);
  const count = (limit: number): Promise<number> => countReady(database.db, place.workspaceId, place.providerId, [place.originId], limit);
  expect([await count(3), await count(100)]).toEqual([3, 5]);
});

describe("what was submitted", () => {
  it("is told per origin, for campaigns and journeys", async () => {
    const journey = uuidv7();
    await accepted(3);
    await accepted(2, { originKind: "journey", originId: journey });
    await accepted(4, { originKind: "deployment", originId: uuidv7() });
    expect(await settle(await claim())).toEqual(new Map([[place.originId, 3], [journey, 2]]));
  });

  it("is told once, also when a message was sent twice", async () => {
    const ids = await accepted(2);
    const told = await settle(await claim());
    await settle(ids, told);
    expect(told).toEqual(new Map([[place.originId, 2]]));
  });

  it("is told when a receipt came before the answer", async () => {
    const ids = await accepted(1);
    await claim();
    await applyReceipts(database.db, place.workspaceId, place.providerId, [{ messageId: ids[0], status: "delivered", at: new Date() }], []);
    expect(await settle(ids)).toEqual(new Map([[place.originId, 1]]));
  });
});

it("a receipt's step comes with the message's category and the receipt's price", async () => {
  const [id] = await accepted(1, { category: "marketing" });
  const { changes } = await applyReceipts(database.db, place.workspaceId, place.providerId, [{ messageId: id, status: "delivered", at: new Date(), pricing: { billable: true } }], []);
  expect(changes.map(({ status, category, pricing }) => ({ status, category, pricing }))).toEqual([
    { status: "sent", category: "marketing", pricing: { billable: true } },
    { status: "delivered", category: "marketing", pricing: { billable: true } },
  ]);
});
