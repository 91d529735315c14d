import { randomUUID } from "node:crypto";
import { createRequire } from "node:module";
import { setTimeout as sleep } from "node:timers/promises";
import type { UploadAnswer } from "@tincan/clevertap";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import { setConsent } from "./consent.ts";
import { UploadSlots } from "./upload-slots.ts";
import { uploadRoutes } from "./upload.routes.ts";

let server: TestServer;
let accountId: string;
let passcode: string;

beforeAll(async () => {
  server = await startTestServer({
    build: ({ accounts, database, live }) => ({
      api: accounts.api, wire: [uploadRoutes({ database, live, eventListeners: [] })], appliers: [], seedDemo: async () => {}, start: async () => {}, stop: async () => {},
    }),
  });
  const admin = await server.admin();
  accountId = (await admin.get<{ id: string }>("/api/v1/workspace")).body.id;
  passcode = (await admin.post<{ key: string }>("/api/v1/api-keys", { name: "uploads", role: "creator" })).body.key;
});
afterAll(() => server.stop());
beforeEach(async () => {
  await server.database.pool.query("truncate contacts, contact_identities, contact_properties, consents, phone_dnd, consent_changes, contact_changes, events, event_names, event_ids");
});

async function call<T = UploadAnswer>(path: string, body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; type: string | null; body: T }> {
  const answer = await fetch(`${server.url}/1/${path}`, {
    method: "POST",
    headers: { "X-CleverTap-Account-Id": accountId, "X-CleverTap-Passcode": passcode, "content-type": "application/json; charset=utf-8", ...headers },
    body: typeof body === "string" ? body : JSON.stringify(body),
  });
  return { status: answer.status, type: answer.headers.get("content-type"), body: (await answer.json()) as T };
}

const profile = (identity: string, profileData: Record<string, unknown>, more: object = {}): object => ({ type: "profile", identity, ts: 1_790_000_000, profileData, ...more });
const event = (identity: string, evtName: string, evtData: Record<string, unknown> = {}, more: object = {}): object => ({ type: "event", identity, ts: 1_760_000_000, evtName, evtData, ...more });

async function rows(statement: string): Promise<Record<string, unknown>[]> {
  return (await server.database.pool.query<Record<string, unknown>>(statement)).rows;
}

describe("POST /1/upload", () => {
  test("stores profiles and events and answers as documented", async () => {
    const { status, type, body } = await call("upload", { d: [
      profile("c-91", { Name: "Ravi", Phone: "+919800000001", Email: "r@example.com", "MSG-whatsapp": true, Tier: "gold", Joined: "$D_1700000000", Visits: 3, Tags: ["a", "b"] }),
      event("c-91", "Order_Ready", { Order: "42", Amount: 99.5, Due: "$D_1700000000", Items: [{ sku: 1 }] }, { $source: "partner" }),
    ] });
    expect({ status, type, body }).toEqual({ status: 200, type: "application/json;charset=utf-8", body: { status: "success", processed: 2, unprocessed: [] } });
    expect(await rows("select identity, name, phone, email, msg_whatsapp, source, properties from contacts")).toEqual([
      { identity: "c-91", name: "Ravi", phone: "+919800000001", email: "r@example.com", msg_whatsapp: true, source: "upload", properties: { Tier: "gold", Joined: "2023-11-14T22:13:20.000Z", Visits: 3, Tags: ["a", "b"] } },
    ]);
    expect(await rows("select name, occurred_at, properties from events")).toEqual([
      { name: "Order_Ready", occurred_at: new Date(1_760_000_000_000), properties: expect.objectContaining({ Order: "42", Amount: 99.5, Due: "2023-11-14T22:13:20.000Z", Items: ['{"sku":1}'] }) },
    ]);
  });

  test("standard fields that are wrong leave their record out under CleverTap's code, and right ones become properties", async () => {
    const wrong: [number, Record<string, unknown>][] = [
      [514, { Gender: "X" }], [515, { Email: "mina@" }], [516, { Phone: "98000" }], [517, { Employed: "maybe" }], [518, { Education: "Kindergarten" }], [519, { Married: 1 }], [520, { Age: "old" }],
    ];
    const right = { Gender: "F", Employed: "Y", Education: "College", Married: "N", Age: 34 };
    const { status, body } = await call("upload", { d: [profile("right", right), ...wrong.map(([code, data]) => profile(`wrong-${code}`, data))] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "partial", processed: 1 });
    expect("unprocessed" in body && body.unprocessed.map(({ code, error }) => [code, error.includes("Skipped record number")])).toEqual(wrong.map(([code]) => [code, true]));
    expect(await rows("select identity, properties from contacts")).toEqual([{ identity: "right", properties: right }]);
  });

  test("bad records are answered one by one, the others are stored", async () => {
    const bad = profile("c-2", { Phone: "98000" });
    const { status, body } = await call("upload", { d: [profile("c-1", { Name: "Mia" }), bad, event("c-1", "App Launched"), event("c-1", "Viewed"), profile("c-3", { Phone: "+999123456789" })] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "partial", processed: 2 });
    expect(body.unprocessed.map(({ status: word, code, error, record }) => [word, code, /Skipped record number : (\d)$/.exec(error)?.[1], record])).toEqual([
      ["fail", 516, "2", bad], ["fail", 513, "3", expect.anything()], ["fail", 516, "5", expect.anything()],
    ]);
    expect((await rows("select identity from contacts")).map(({ identity }) => identity)).toEqual(["c-1"]);
    expect(await call("upload", { d: [bad] })).toMatchObject({ status: 200, body: { status: "fail", processed: 0 } });
  });

  test("a dry run answers the same and stores nothing", async () => {
    const d = [profile("c-1", { Name: "Mia" }), profile("c-2", { Phone: "98000" }), event("c-1", "Viewed")];
    const dry = await call("upload?dryRun=1", { d });
    expect(await rows("select 1 from contacts")).toEqual([]);
    expect(await rows("select 1 from events")).toEqual([]);
    expect((await call("upload?dryRun=0", { d })).body).toEqual(dry.body);
    expect((await rows("select 1 from contacts")).length).toBe(1);
  });

  test("a date that is none leaves its record out, and the others are stored", async () => {
    const { status, body } = await call("upload", { d: [
      profile("c-1", { Born: "$D_10000000000000" }), profile("c-2", { Born: { $set: [1] } }), event("c-2", "Viewed", { On: "$D_1700000000000" }), event("c-2", "Viewed", { On: "$D_1700000000" }),
    ] });
    expect({ status, codes: body.unprocessed.map(({ code }) => code) }).toEqual({ status: 200, codes: [555, 512] });
    expect(body.processed).toBe(2);
  });

  test("a value that cannot be kept leaves its record out instead of being lost in silence", async () => {
    await call("upload", { d: [profile("c-0", { Visits: 3 })] });
    const wrong: [number, Record<string, unknown>][] = [[515, { Email: "mina@nowhere" }], [555, { Visits: "many" }], [555, { Note: "x".repeat(513) }], [555, { ["k".repeat(121)]: 1 }], [555, { Name: "x".repeat(513) }]];
    const d = [profile("good", { Visits: "4" }), ...wrong.map(([, data], i) => profile(`wrong-${i}`, data))];
    const dry = await call("upload?dryRun=1", { d });
    const { body } = await call("upload", { d });
    expect(body.unprocessed.map(({ code, record }) => [code, record])).toEqual(wrong.map(([code], i) => [code, d[i + 1]]));
    expect(dry.body).toEqual(body);
    expect(await rows("select identity from contacts order by identity")).toEqual([{ identity: "c-0" }, { identity: "good" }]);
  });

  test("a number that stays with somebody else is told, and the rest of the record is taken", async () => {
    await call("upload", { d: [profile("owner", { Phone: "+919800000001" })] });
    const d = [profile("c-1", { Name: "Mia" }), profile("c-2", { Phone: "+919800000001", Tier: "gold" })];
    const dry = await call("upload?dryRun=1", { d });
    const { status, body } = await call("upload", { d });
    expect({ status, body }).toEqual({ status: 200, body: { status: "partial", processed: 1, unprocessed: [{
      status: "fail", code: 516, record: d[1],
      error: "profileData.Phone: +919800000001 belongs to the person with the identity owner, who keeps it; the rest of the record was taken. Skipped record number : 2",
    }] } });
    expect(dry.body).toEqual(body);
    expect(await rows("select identity, phone, properties from contacts where identity = 'c-2'")).toEqual([{ identity: "c-2", phone: null, properties: { Tier: "gold" } }]);
  });

  test("an opt-in that does not undo somebody's own stop is told, and the rest of the record is taken", async () => {
    await call("upload", { d: [profile("c-1", { Phone: "+919800000001" })] });
    const stop = { scope: "all", state: "out", source: "keyword", at: new Date(1_780_000_000_000) } as const;
    const [{ id }] = (await rows("select id from contacts")) as [{ id: string }];
    await server.database.db.transaction().execute((tx) => setConsent(tx, accountId, [{ contactId: id, ...stop }]));
    const { body } = await call("upload", { d: [profile("c-1", { "MSG-whatsapp": true, Tier: "gold" })] });
    expect(body).toMatchObject({ status: "fail", processed: 0, unprocessed: [{ code: 555, error: expect.stringMatching(/^profileData.MSG-whatsapp: .*the rest of the record was taken/) }] });
    expect(await rows("select msg_whatsapp, properties from contacts")).toEqual([{ msg_whatsapp: false, properties: { Tier: "gold" } }]);
  });

  test("bytes that are no UTF-8 are answered 400", async () => {
    const bytes = Buffer.from(JSON.stringify({ d: [profile("c-1", { Name: "Zoë" })] }), "latin1");
    const answer = await fetch(`${server.url}/1/upload`, { method: "POST", headers: { "X-CleverTap-Account-Id": accountId, "X-CleverTap-Passcode": passcode }, body: bytes });
    expect({ status: answer.status, body: await answer.json() }).toMatchObject({ status: 400, body: { error: expect.stringContaining("UTF-8") } });
    expect(await rows("select 1 from contacts")).toEqual([]);
  });

  test("lists, numbers and properties are changed by commands", async () => {
    await call("upload", { d: [profile("c-1", { Tags: ["a"], Visits: 3, Tier: "gold" })] });
    await call("upload", { d: [profile("c-1", { Tags: { $add: ["b"] }, Visits: { $incr: 2 }, Tier: { $delete: 1 } })] });
    expect(await rows("select properties from contacts")).toEqual([{ properties: { Tags: ["a", "b"], Visits: 5 } }]);
  });

  test("an event that comes again under its id is stored once", async () => {
    const d = [event("c-1", "Viewed", { page: 1 }, { eventId: "e-1" })];
    expect((await call("upload", { d })).body.processed).toBe(1);
    expect((await call("upload", { d })).body.processed).toBe(1);
    expect((await rows("select 1 from events")).length).toBe(1);
  });

  test("a thousand records are taken, one more is not", async () => {
    const many = (count: number): object => ({ d: Array.from({ length: count }, (_, i) => profile(`c-${i}`, { Name: `Person ${i}` })) });
    expect((await call("upload", many(1000))).body).toEqual({ status: "success", processed: 1000, unprocessed: [] });
    expect(await call("upload", many(1001))).toMatchObject({ status: 400, body: { status: "fail", code: 400 } });
  });

  test.each(["", "{", "[]", '{"d":{}}', "null"])("the body %j is answered 400", async (body) => {
    expect(await call("upload", body)).toMatchObject({ status: 400, body: { status: "fail", code: 400 } });
  });

  test("wrong credentials are answered 401, whichever part of them is wrong", async () => {
    const refused = { status: 401, body: { status: "fail", code: 401, error: expect.any(String) } };
    const member = (await (await server.admin()).post<{ key: string }>("/api/v1/api-keys", { name: "reader", role: "member" })).body.key;
    const wrong: Record<string, string>[] = [{ "X-CleverTap-Passcode": "wrong" }, { "X-CleverTap-Account-Id": randomUUID() }, { "X-CleverTap-Passcode": member }];
    for (const headers of wrong) {
      expect(await call("upload", { d: [] }, headers)).toMatchObject(refused);
    }
    expect((await fetch(`${server.url}/1/upload`, { method: "POST", body: "{}" })).status).toBe(401);
  });

  test("the sixteenth call at once is answered 429, and none is lost", async () => {
    const client = await server.database.pool.connect();
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtextextended('tincan people ' || $1::text, 0))", [accountId]);
    // Those that are let in wait for this lock.
    const refused: object[] = [];
    const calls = Array.from({ length: 18 }, async (_, i) => {
      const answer = await call("upload", { d: [profile(`c-${i}`, { Name: "x" })] });
      if (answer.status === 429) refused.push(answer.body);
      return answer.status;
    });
    while (refused.length < 3) await sleep(5);
    expect(refused[0]).toMatchObject({ status: "fail", code: 429 });
    await client.query("commit");
    client.release();
    const statuses = await Promise.all(calls);
    expect(statuses.filter((status) => status === 429).length).toBe(3);
    expect((await rows("select 1 from contacts")).length).toBe(15);
    expect((await call("upload", { d: [profile("later", {})] })).status).toBe(200);
  });
});

describe("over several processes", () => {
  const elsewhere: UploadSlots[] = [];
  afterEach(async () => void (await Promise.all(elsewhere.splice(0).map((slots) => slots.close()))));

  /** Another process that has this many calls of the workspace under way; answers its connection. */
  async function busyElsewhere(calls: number): Promise<number> {
    const slots = new UploadSlots(server.database.url);
    elsewhere.push(slots);
    for (let i = 0; i < calls; i++) expect(await slots.take(`upload ${accountId}`, 15)).toBeDefined();
    const { rows: found } = await server.database.pool.query<{ pid: number }>("select pid from pg_locks where locktype = 'advisory' and objsubid = 2 group by pid having count(*) = $1", [calls]);
    return found[0]!.pid;
  }

  test("fifteen calls at once are the limit of all of them together", async () => {
    await busyElsewhere(14);
    const client = await server.database.pool.connect();
    await client.query("begin");
    await client.query("select pg_advisory_xact_lock(hashtextextended('tincan people ' || $1::text, 0))", [accountId]);
    const statuses: number[] = [];
    const calls = Array.from({ length: 4 }, async (_, i) => statuses.push((await call("upload", { d: [profile(`c-${i}`, {})] })).status));
    await expect.poll(() => statuses).toEqual([429, 429, 429]);
    await client.query("commit");
    client.release();
    await Promise.all(calls);
    expect(statuses.at(-1)).toBe(200);
  });

  test("one that is killed gives its calls back at once", async () => {
    const pid = await busyElsewhere(15);
    expect((await call("upload", { d: [profile("c-1", {})] })).status).toBe(429);
    await server.database.pool.query("select pg_terminate_backend($1)", [pid]);
    await expect.poll(async () => (await call("upload", { d: [profile("c-1", {})] })).status, { timeout: 2_000 }).toBe(200);
  });

  test("uploads go on when the connection that counts was lost", async () => {
    expect((await call("upload", { d: [profile("c-1", {})] })).status).toBe(200);
    await server.database.pool.query("select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'tincan uploads' and datname = current_database()");
    await expect.poll(async () => (await call("upload", { d: [profile("c-1", {})] })).status, { timeout: 2_000 }).toBe(200);
  });
});

describe("POST /1/subscribe", () => {
  test("sets and lifts do-not-disturb of a number, also of one nobody has yet", async () => {
    await call("upload", { d: [profile("c-1", { Phone: "+919800000001", "MSG-whatsapp": true })] });
    const { status, body } = await call("subscribe", { d: [
      { type: "whatsapp", value: "+919800000001", status: "Unsubscribe" }, { type: "whatsapp", value: "+919800000002", status: "Unsubscribe" },
      { type: "whatsapp", value: "12", status: "Unsubscribe" }, { type: "email", value: "a@example.com", status: "Unsubscribe" },
    ] });
    expect(status).toBe(200);
    expect(body).toMatchObject({ status: "partial", processed: 2 });
    expect(body.unprocessed.map(({ code }) => code).toSorted()).toEqual([400, 516]);
    expect(await rows("select phone, dnd, source from phone_dnd order by phone")).toEqual([{ phone: "+919800000001", dnd: true, source: "subscribe" }, { phone: "+919800000002", dnd: true, source: "subscribe" }]);
    await call("subscribe", { d: [{ type: "whatsapp", value: "+919800000001", status: "Resubscribe" }] });
    expect(await rows("select dnd from phone_dnd where phone = '+919800000001'")).toEqual([{ dnd: false }]);
  });
});

/** What is used of the official Node library, which comes without types. */
interface OfficialLibrary {
  REGIONS: { INDIA: string };
  init(accountId: string, passcode: string, region: string): { api: { apiEndpoint: string }; upload(records: object[]): Promise<UploadAnswer[]> };
}

test("CleverTap's own Node library uploads here with only its host changed", async () => {
  const require = createRequire(import.meta.url);
  const library = require("clevertap") as OfficialLibrary;
  const client = library.init(accountId, passcode, library.REGIONS.INDIA);
  client.api.apiEndpoint = `${server.url}/1`;
  const records = Array.from({ length: 150 }, (_, i) => (i % 2 === 0 ? profile(`c-${i}`, { Name: `Person ${i}`, Phone: `+9198000${String(10_000 + i)}` }) : event(`c-${i - 1}`, "Charged", { Amount: i })));
  const answers = await client.upload(records);
  expect(answers.map(({ status, processed }) => [status, processed])).toEqual([["success", 100], ["success", 50]]);
  expect((await rows("select 1 from contacts")).length).toBe(75);
  expect((await rows("select 1 from events")).length).toBe(75);
});
