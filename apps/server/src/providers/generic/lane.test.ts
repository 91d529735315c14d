import type { GenericProvider, Trace } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { behaviours, Haptik } from "../../../../../tests/support/haptik.ts";
import type { Visitor } from "../../../../../tests/support/visitor.ts";
import { Live } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { LaneKeeper } from "../../lanes/keeper.ts";
import { accept } from "../../ledger/accept.ts";
import { message } from "../../ledger/test-builders.ts";
import type { NewMessage } from "../../ledger/types.ts";
import { openProviderLane } from "../lane-work.ts";
import { startWorld, type World } from "../test-world.ts";

/* The lane of a generic provider against one that accepts, refuses, is slow, dead, or lies. */
const soon = { timeout: 20_000 };
let world: World;
let haptik: Haptik;
let admin: Visitor;
let workspaceId: string;
let live: Live;
const keepers: LaneKeeper[] = [];

beforeAll(async () => {
  [world, haptik] = await Promise.all([startWorld(), Haptik.start()]);
  admin = await world.admin();
  live = new Live(world.database);
  workspaceId = (await sql<{ id: string }>`select id from workspaces`.execute(world.database.db)).rows[0]!.id;
});
afterEach(async () => {
  haptik.behaviour = behaviours.accept;
  await Promise.all(keepers.splice(0).map((keeper) => keeper.stop()));
  for (const table of ["outbox", "messages", "message_contents", "send_attempts", "providers", "lanes"]) await sql`delete from ${sql.table(table)}`.execute(world.database.db);
  haptik.reset();
});
afterAll(async () => {
  await live.close();
  await world.stop();
  await haptik.close();
});

async function connect(change: object = {}): Promise<GenericProvider> {
  const answer = await admin.post<GenericProvider>("/api/v1/providers", {
    kind: "generic", nickname: "Haptik", number: "918000000002", endpoint: haptik.endpoint, headers: [{ key: "Token", value: "s" }], maxConcurrency: 30, ...change,
  });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

async function run(): Promise<LaneKeeper> {
  const { db } = world.database;
  const provider = openProviderLane({ db, live, secrets: world.core.secrets, reach: { sandbox: true, allowedHosts: [] }, registry: world.registry, listeners: [] });
  const keeper = new LaneKeeper({ database: world.database, live, log: { warn: () => {}, info: () => {} }, open: { provider, platform: async () => null } });
  keepers.push(keeper);
  await keeper.start();
  return keeper;
}

async function send(providerId: string, change: Partial<NewMessage> = {}): Promise<string> {
  const one = message({ workspaceId, providerId, originId: uuidv7() }, change);
  await accept(world.database.db, workspaceId, [one], []);
  return one.id;
}

const look = async (id: string) => {
  const { rows } = await sql<{ state: string; waits: string | null; code: number | null; attempts: number | null }>`
    select m.state, o.state as waits, (m.error ->> 'code')::int as code, o.attempts
    from messages m left join outbox o on o.workspace_id = m.workspace_id and o.message_id = m.id where m.id = ${id}`.execute(world.database.db);
  return rows[0];
};

test("a message leaves with our id as msgId, in the provider's headers, and is submitted", async () => {
  const { id: providerId } = await connect();
  const id = await send(providerId);
  await run();
  await expect.poll(() => look(id), soon).toMatchObject({ state: "submitted", waits: null });
  expect(haptik.asked).toMatchObject([{ path: "/whatsapp/send?account=7", headers: { token: "s" }, body: { msgId: id, to: "+15550100123", wabaNumber: "918000000002", isTemplate: true } }]);
});

test.each([
  ["2001", behaviours.refuse(2001), 2001],
  ["2002", behaviours.refuse(2002), 2002],
  ["2003", behaviours.refuse(2003), 2003],
  ["2004", behaviours.refuse(2004), 2004],
])("a refusal with %s is final", async (_name, behaviour, code) => {
  const { id: providerId } = await connect();
  haptik.behaviour = behaviour;
  const id = await send(providerId);
  await run();
  await expect.poll(() => look(id), soon).toMatchObject({ state: "failed", code, waits: null });
  expect(haptik.asked).toHaveLength(1);
});

test.each([
  ["wrong credentials (2000)", behaviours.refuse(2000)],
  ["403", behaviours.denied],
  ["an address that points elsewhere", behaviours.redirect],
])("%s stops the lane and harms no message", async (_name, behaviour) => {
  const { id: providerId } = await connect();
  haptik.behaviour = behaviour;
  const id = await send(providerId);
  await run();
  const breaker = async () => (await admin.get<{ items: { breaker: { state: string } }[] }>("/api/v1/lanes")).body.items[0]!.breaker.state;
  await expect.poll(breaker, soon).toBe("open");
  await expect.poll(() => look(id), soon).toMatchObject({ state: "queued", waits: "ready" });
});

test.each([
  ["403", behaviours.denied],
  ["2000", behaviours.refuse(2000)],
])("%s about one message, from an endpoint that verifies, keeps no other waiting", async (_name, behaviour) => {
  const { id: providerId } = await connect({ maxConcurrency: 30 });
  const bad = "+15550100666";
  haptik.verification = behaviours.accept;
  haptik.behaviour = (request, response, asked) => (asked.body["to"] === bad ? behaviour : behaviours.accept)(request, response, asked);
  const first = await send(providerId, { recipient: bad });
  await run();
  await expect.poll(() => look(first), soon).toMatchObject({ state: "queued", waits: "held" });
  const second = await send(providerId);
  await expect.poll(() => look(second), soon).toMatchObject({ state: "submitted" });
});

test("429 is tried again until it is taken", async () => {
  const { id: providerId } = await connect();
  haptik.behaviour = (request, response, asked) => (haptik.asked.length < 2 ? behaviours.busy : behaviours.accept)(request, response, asked);
  const id = await send(providerId);
  await run();
  await expect.poll(() => look(id), soon).toMatchObject({ state: "submitted" });
  expect(haptik.asked.map((asked) => asked.body["msgId"])).toEqual([id, id]);
});

describe.each([
  ["a fault (500)", behaviours.fault],
  ["a page that is called JSON", behaviours.pageAsJson],
  ["an empty success", behaviours.empty],
  ["a cut line", behaviours.cut],
])("after %s, when nobody knows whether it was taken,", (_name, behaviour) => {
  test("the message waits for its report and is not sent again", async () => {
    const { id: providerId } = await connect();
    haptik.behaviour = behaviour;
    const id = await send(providerId);
    await run();
    await expect.poll(() => look(id), soon).toMatchObject({ state: "sending", waits: "ambiguous" });
    expect(haptik.asked).toHaveLength(1);
  });

  test("it is simply sent again to a provider that ignores repeats", async () => {
    const { id: providerId } = await connect({ repeatIsHarmless: true });
    haptik.behaviour = (request, response, asked) => (haptik.asked.length < 2 ? behaviour : behaviours.accept)(request, response, asked);
    const id = await send(providerId);
    await run();
    await expect.poll(() => look(id), soon).toMatchObject({ state: "submitted" });
    expect(haptik.asked.map((asked) => asked.body["msgId"])).toEqual([id, id]);
  });
});

test("a success under a wrong content type is a success", async () => {
  const { id: providerId } = await connect();
  haptik.behaviour = behaviours.acceptAsHtml;
  const id = await send(providerId);
  await run();
  await expect.poll(() => look(id), soon).toMatchObject({ state: "submitted" });
});

test("a provider that is busy for long stops the lane, and costs no message its tries", async () => {
  const { id: providerId } = await connect();
  haptik.behaviour = behaviours.busy;
  const ids: string[] = [];
  for (let i = 0; i < 25; i++) ids.push(await send(providerId));
  await run();
  const breaker = async () => (await admin.get<{ items: { breaker: { state: string; why: string } }[] }>("/api/v1/lanes")).body.items[0]!.breaker;
  await expect.poll(breaker, soon).toMatchObject({ state: "open", why: expect.stringContaining("slow down") });
  // The claim counts a try, and the answer takes it back: the last ones to be asked may be on their way still.
  const tries = async () => (await sql`select max(attempts) as most, count(*)::int as waiting from outbox`.execute(world.database.db)).rows[0];
  await expect.poll(tries, soon).toEqual({ most: 0, waiting: 25 });
  haptik.behaviour = behaviours.accept;
  await expect.poll(() => look(ids[24]!), { timeout: 15_000 }).toMatchObject({ state: "submitted" });
});

test("an answer that is no text harms nothing but its own message", async () => {
  const { id: providerId } = await connect();
  haptik.behaviour = (_request, response) => response.writeHead(500, { "content-type": "text/plain" }).end("\0\x01 broken");
  const first = await send(providerId);
  await run();
  await expect.poll(() => look(first), soon).toMatchObject({ state: "sending", waits: "ambiguous" });
  haptik.behaviour = (_request, response) => response.end(JSON.stringify({ status: "failure", error: { code: 2001, message: "No \0 or \ud83d here" } }));
  const second = await send(providerId);
  await expect.poll(() => look(second), soon).toMatchObject({ state: "failed", code: 2001 });
});

test("a dead provider stops the lane, and what waited goes out when it is back", async () => {
  const { id: providerId } = await connect();
  const { secrets } = world.core;
  const pointTo = async (endpoint: string): Promise<void> => {
    const { rows } = await sql<{ secrets: Buffer }>`select secrets from providers where id = ${providerId}`.execute(world.database.db);
    const sealed = secrets.seal(JSON.stringify({ ...(JSON.parse(secrets.open(rows[0]!.secrets)) as object), endpoint }));
    await sql`update providers set secrets = ${sealed} where id = ${providerId}`.execute(world.database.db);
  };
  // No program is given this port by chance.
  await pointTo("http://127.0.0.1:1/whatsapp/send");
  const id = await send(providerId);
  const keeper = await run();
  const breaker = async () => (await admin.get<{ items: { breaker: { state: string } }[] }>("/api/v1/lanes")).body.items[0]!.breaker.state;
  await expect.poll(breaker, soon).toBe("open");
  await expect.poll(() => look(id), soon).toMatchObject({ state: "queued", waits: "ready", attempts: 0 });
  await pointTo(haptik.endpoint);
  await keeper.changed([providerId]);
  await expect.poll(() => look(id), soon).toMatchObject({ state: "submitted" });
});

test("a provider is never asked more at once than its limit, and slow answers lose nothing", async () => {
  const { id: providerId } = await connect();
  let [now, most] = [0, 0];
  haptik.behaviour = (request, response, asked) => {
    most = Math.max(most, ++now);
    setTimeout(() => {
      now--;
      behaviours.accept(request, response, asked);
    }, 100);
  };
  const ids = await Promise.all(Array.from({ length: 120 }, () => send(providerId)));
  await run();
  await expect.poll(async () => new Set(await Promise.all(ids.map(async (id) => (await look(id))?.state))), soon).toEqual(new Set(["submitted"]));
  expect(most).toBeLessThanOrEqual(30);
  expect(most).toBeGreaterThan(5);
  expect(new Set(haptik.asked.map((asked) => asked.body["msgId"])).size).toBe(120);
});

describe("what a killed process had claimed", () => {
  const claimed = async (change: object): Promise<string> => {
    const { id: providerId } = await connect(change);
    const id = await send(providerId);
    await sql`update outbox set state = 'claimed', claimed_at = now(), attempts = 1 where message_id = ${id}`.execute(world.database.db);
    await run();
    return id;
  };

  test("waits for its report", async () => {
    const id = await claimed({});
    await expect.poll(() => look(id), soon).toMatchObject({ state: "sending", waits: "ambiguous" });
    expect(haptik.asked).toHaveLength(0);
  });

  test("is sent again to a provider that ignores repeats", async () => {
    const id = await claimed({ repeatIsHarmless: true });
    await expect.poll(() => look(id), soon).toMatchObject({ state: "submitted" });
    expect(haptik.asked).toHaveLength(1);
  });
});

test("an archived provider's messages wait until it is taken out of the archive", async () => {
  const { id: providerId } = await connect();
  await run();
  await admin.post(`/api/v1/providers/${providerId}/archive`);
  const id = await send(providerId);
  await new Promise((resolve) => setTimeout(resolve, 1500));
  expect(await look(id)).toMatchObject({ state: "queued" });
  const { steps } = (await admin.get<Trace>(`/api/v1/messages/${id}/trace`)).body;
  expect(steps).toContainEqual(expect.objectContaining({ title: "Its provider Haptik is archived", status: "waiting" }));
  await admin.post(`/api/v1/providers/${providerId}/unarchive`);
  // At once, and not when the lease that nobody used has ended.
  await expect.poll(() => look(id), { timeout: 2_000 }).toMatchObject({ state: "submitted" });
});
