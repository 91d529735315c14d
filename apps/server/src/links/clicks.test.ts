import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { uuidv7 } from "../database/uuid.ts";
import { accept } from "../ledger/accept.ts";
import { message } from "../ledger/test-builders.ts";
import { CLICKS_KEPT } from "./clicks.ts";
import { newCode } from "./code.ts";
import { createLinks } from "./create.ts";
import { forgetLinksOfProviders } from "./forget.ts";
import { openWorld, type World } from "./test/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.empty());

const count = async (table: string): Promise<number> => Number((await world.pool.query(`select count(*) as n from ${table}`)).rows[0].n);

describe("a click", () => {
  test("is answered after its commit, not before", async () => {
    const { code } = await world.oneLink("https://shop.example/");
    const holder = await world.pool.connect();
    await holder.query("begin");
    await holder.query("select from links where code = $1 for update", [code]);
    let answered = false;
    const opened = world.open(`/l/${code}`).then((answer) => {
      answered = true;
      return answer;
    });
    await vi.waitFor(async () => expect((await world.pool.query("select from pg_locks where not granted")).rowCount).toBeGreaterThan(0), { timeout: 5000 });
    expect(answered).toBe(false);
    await holder.query("commit");
    holder.release();
    expect((await opened).status).toBe(302);
    expect(await world.clicksOf(code)).toEqual({ counted: 1, kept: 1 });
  });

  test("that cannot be stored still leads to the target, and leaves nothing half done", async () => {
    const { code, messageId } = await world.oneLink("https://shop.example/");
    world.hooks.listener = async () => Promise.reject(new Error("a listener fails"));
    expect(await world.open(`/l/${code}`)).toMatchObject({ status: 302, location: "https://shop.example/" });
    expect(await world.clicksOf(code)).toEqual({ counted: 0, kept: 0 });
    expect((await world.pool.query("select clicked_at from messages where id = $1", [messageId])).rows[0].clicked_at).toBeNull();
  });

  test("is told to listeners in the transaction that stores it", async () => {
    const { code, messageId } = await world.oneLink("https://shop.example/");
    world.hooks.listener = async (tx, _workspaceId, changes) => {
      const { rows } = await sql<{ clicked_at: Date }>`select clicked_at from messages where id = ${changes[0]!.messageId}`.execute(tx);
      expect(rows[0]!.clicked_at).toEqual(changes[0]!.at);
      expect((await world.pool.query("select clicked_at from messages where id = $1", [messageId])).rows[0].clicked_at).toBeNull();
    };
    await world.open(`/l/${code}`);
    expect(world.told).toHaveLength(1);
    expect(await world.clicksOf(code)).toEqual({ counted: 1, kept: 1 });
  });

  test("before the message has left does not take it for sent", async () => {
    const waiting = message(world.place);
    await accept(world.db, world.workspaceId, [waiting], []);
    const [code = ""] = await world.link([{ messageId: waiting.id, target: "https://shop.example/", place: "body" }]);
    expect((await world.open(`/l/${code}`)).status).toBe(302);
    expect(world.told).toEqual([]);
    expect((await world.pool.query("select state from outbox where message_id = $1", [waiting.id])).rows).toEqual([{ state: "ready" }]);
    // Whether the request under way reached the provider is not known; whoever opens the link now got the message.
    await world.pool.query("update outbox set state = 'ambiguous' where message_id = $1", [waiting.id]);
    await world.open(`/l/${code}`);
    expect(world.told).toEqual([expect.objectContaining({ messageId: waiting.id, status: "clicked" })]);
  });

  test("of a message that is not stored yet is counted, and the next one raises clicked", async () => {
    const messageId = uuidv7();
    const [code = ""] = await world.link([{ messageId, target: "https://shop.example/", place: "body" }]);
    await world.open(`/l/${code}`);
    expect(world.told).toEqual([]);
    expect(await world.clicksOf(code)).toEqual({ counted: 1, kept: 1 });
  });
});

describe("many clicks at once", () => {
  test("of one link: ten thousand are all counted, the first raises clicked, and a thousand or so are written down", async () => {
    const { code, messageId } = await world.oneLink("https://shop.example/");
    const before = process.memoryUsage().rss;
    await Promise.all(Array.from({ length: 10_000 }, () => world.click(messageId, code)));
    const { counted, kept } = await world.clicksOf(code);
    expect(counted).toBe(10_000);
    expect(Number(kept)).toBeGreaterThanOrEqual(CLICKS_KEPT);
    expect(Number(kept)).toBeLessThan(CLICKS_KEPT + 500);
    expect(world.told.filter((change) => change.messageId === messageId)).toHaveLength(1);
    expect(process.memoryUsage().rss - before).toBeLessThan(100_000_000);
  });

  test("of many links: each is counted and each message clicked once", async () => {
    const ids = await world.messages(300);
    const codes = await world.link(ids.map((messageId) => ({ messageId, target: "https://shop.example/sale", place: "body" })));
    const left = [...codes, ...codes, ...codes];
    const visit = async (): Promise<void> => {
      for (let code = left.pop(); code !== undefined; code = left.pop()) expect((await world.open(`/l/${code}`)).status).toBe(302);
    };
    await Promise.all(Array.from({ length: 60 }, visit));
    const { rows } = await world.pool.query("select min(clicks) as low, max(clicks) as high from links where code = any ($1)", [codes]);
    expect(rows[0]).toEqual({ low: 3, high: 3 });
    const clicked = world.told.filter((change) => change.status === "clicked").map((change) => change.messageId);
    expect(clicked.toSorted()).toEqual(ids.toSorted());
  });
});

describe("making links", () => {
  test("stores a target that is shared once, and each person's own with their link", async () => {
    const targets = await count("link_targets");
    const ids = await world.messages(1000);
    await world.link(ids.flatMap((messageId, i) => [
      { messageId, target: "https://shop.example/shared", place: "body" },
      { messageId, target: `https://shop.example/own/${i}`, place: "button 0" },
    ]));
    await world.link((await world.messages(2)).map((messageId) => ({ messageId, target: "https://shop.example/shared", place: "body" })));
    expect(await count("link_targets")).toBe(targets + 1);
    const { rows } = await world.pool.query("select count(target_id)::int as shared, count(target)::int as own from links where message_id = any ($1)", [ids]);
    expect(rows[0]).toEqual({ shared: 1000, own: 1000 });
  });

  test("by several at once, to the same new targets, waits for nobody for good", async () => {
    const targets = Array.from({ length: 50 }, (_, i) => `https://shop.example/race/${i}`);
    const ids = await world.messages(20);
    await Promise.all(ids.map((messageId, i) => {
      const order = i % 2 === 0 ? targets : targets.toReversed();
      return world.link([...order, ...order].map((target) => ({ messageId, target, place: "body" })));
    }));
    const { rows } = await world.pool.query("select count(*)::int as n from links where message_id = any ($1)", [ids]);
    expect(rows[0].n).toBe(2000);
  });

  test("keeps the code that stands in the message, and refuses one that is taken", async () => {
    const code = newCode();
    const [messageId = ""] = await world.messages(1);
    expect(await world.link([{ code, messageId, target: "https://shop.example/", place: "body" }])).toEqual([code]);
    await expect(world.link([{ code, messageId: uuidv7(), target: "https://evil.example/", place: "body" }])).rejects.toMatchObject({ code: "23505" });
  });

  test.each(["javascript:alert(1)", "shop.example", "https://", "", `https://shop.example/${"a".repeat(4000)}`])("to %j is refused", async (target) => {
    await expect(world.link([{ messageId: uuidv7(), target, place: "body" }])).rejects.toThrow(RangeError);
  });

  test("of none asks the database nothing", async () => {
    expect(await world.link([])).toEqual([]);
  });
});

test("taking providers away takes their links, clicks and targets, and leaves what others use", async () => {
  const { workspaceId, place } = world;
  const elsewhere = uuidv7();
  const [kept = ""] = await world.link([{ messageId: elsewhere, target: "https://shop.example/kept", place: "body" }, { messageId: elsewhere, target: "https://shop.example/kept", place: "header" }]);
  const { code } = await world.oneLink("https://shop.example/gone");
  for (const each of [kept, code]) await world.open(`/l/${each}`);
  await world.pool.query("delete from links where message_id <> $1 and not exists (select from messages m where m.id = message_id)", [elsewhere]);
  await world.db.transaction().execute((tx) => forgetLinksOfProviders(tx, workspaceId, [place.providerId]));
  expect(await count("links")).toBe(2);
  expect((await world.pool.query("select url from link_targets")).rows).toEqual([{ url: "https://shop.example/kept" }]);
  expect((await world.open(`/l/${code}`)).status).toBe(404);
  expect((await world.open(`/l/${kept}`)).location).toBe("https://shop.example/kept");
});

test("a target that somebody is linking to is not taken away as unused", async () => {
  const target = "https://shop.example/held";
  const messageId = uuidv7();
  const links = ["body", "header"].map((place) => ({ messageId, target, place }));
  await world.link(links);
  await world.pool.query("delete from links where message_id = $1", [messageId]);
  let removal: Promise<void> | undefined;
  await world.db.transaction().execute(async (tx) => {
    await createLinks(tx, world.workspaceId, links);
    removal = world.db.transaction().execute((other) => forgetLinksOfProviders(other, world.workspaceId, [uuidv7()]));
    await vi.waitFor(async () => expect((await world.pool.query("select from pg_locks where not granted")).rowCount).toBeGreaterThan(0), { timeout: 5000 });
  });
  await removal;
  expect((await world.pool.query("select url from link_targets where url = $1", [target])).rows).toEqual([{ url: target }]);
});
