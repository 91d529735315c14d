import type { AudienceCount, Contact, ErrorBody, List, Segment, SegmentDetail, SegmentFields, SegmentQuery, SegmentUse } from "@tincan/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { contactRoutes } from "../contacts/routes.ts";
import { newPhone } from "../contacts/test-builders.ts";
import { segmentRoutes } from "./routes.ts";

let server: TestServer;
let admin: Visitor;
/** What a feature above would answer. */
let campaigns: SegmentUse[] = [];

beforeAll(async () => {
  server = await startTestServer({
    build: ({ accounts, database }) => ({
      api: [
        ...accounts.api,
        contactRoutes({ database, statusListeners: [], forgetters: [], eventListeners: [] }),
        segmentRoutes({ db: database.db, usedBy: [async (_db, _ws, { id }) => campaigns.filter((use) => use.id === id).map((use) => ({ ...use, id: "c" }))] }),
      ],
      wire: [], appliers: [], seedDemo: async () => {}, start: async () => {}, stop: async () => {},
    }),
  });
  admin = await server.admin();
  for (const [tier, amount] of [["gold", 900], ["gold", 10], ["silver", 900]] as const) {
    const { body } = await admin.post<Contact>("/api/v1/contacts", { phone: newPhone(), name: `A ${tier}`, properties: { Tier: tier, Visits: 3, Since: { date: "2026-01-01" } } });
    await admin.post("/api/v1/events", { events: [{ contactId: body.id, name: "Order placed", properties: { amount, currency: "INR", at: "2026-05-01" } }] });
  }
});
afterAll(() => server.stop());

const gold: SegmentQuery = { kind: "property", key: "Tier", test: { type: "text", op: "is", value: "Gold" } };
const bigOrder: SegmentQuery = { kind: "event", name: "order placed", did: true, where: [{ key: "amount", test: { type: "number", op: "moreThan", value: 100 } }] };
let made = 0;
const create = async (query: SegmentQuery = gold, name = `Segment ${++made}`): Promise<Segment> => {
  const answer = await admin.post<Segment>("/api/v1/segments", { name, query });
  expect(answer.status).toBe(201);
  return answer.body;
};

describe("a query being edited", () => {
  test("is counted, and shows a few of its people", async () => {
    const query = { all: [gold, bigOrder] };
    const { body } = await admin.post<AudienceCount>("/api/v1/segments/count", { query });
    expect(body).toMatchObject({ count: 1, missing: [], missingCount: 0 });
    const sample = await admin.post<List<Contact>>("/api/v1/segments/sample?limit=5", { query });
    expect(sample.body.items.map(({ name }) => name)).toEqual(["A gold"]);
  });

  test("is refused with the place of what cannot be", async () => {
    const refusedAt = async (query: unknown): Promise<string | undefined> => {
      const { status, body } = await admin.post<ErrorBody>("/api/v1/segments/count", { query });
      expect(status, JSON.stringify(body)).toBe(400);
      return body.error.field;
    };
    const inside = (leaf: unknown): unknown => ({ all: [gold, { any: [{ not: leaf }] }] });
    const at = "query.all[1].any[0].not";
    expect(await refusedAt(inside({ kind: "weather" }))).toBe(`${at}.kind`);
    expect(await refusedAt(inside({ kind: "list", listId: "01980000-0000-7000-8000-000000000001", in: true }))).toBe(`${at}.listId`);
    expect(await refusedAt(inside({ kind: "segment", segmentId: "x", in: true }))).toBe(`${at}.segmentId`);
    expect(await refusedAt(inside({ kind: "property", key: "Nothing", test: { type: "any", op: "known" } }))).toBe(`${at}.key`);
    expect(await refusedAt(inside({ kind: "property", key: "Visits", test: { type: "text", op: "is", value: "3" } }))).toBe(`${at}.test.type`);
    expect(await refusedAt(inside({ kind: "field", field: "name", test: { type: "date", op: "inLast", n: 3, unit: "days" } }))).toBe(`${at}.test.type`);
    expect(await refusedAt(inside({ kind: "property", key: "Since", test: { type: "date", op: "before", value: "2026-02-30" } }))).toBe(`${at}.test.value`);
    expect(await refusedAt(inside({ kind: "event", name: "x", did: true, within: { from: "2026-05-02T00:00:00Z", to: "2026-05-01T00:00:00Z" } }))).toBe(`${at}.within.to`);
    expect(await refusedAt(inside({ kind: "event", name: "x", did: true, which: "first" }))).toBe(`${at}.within`);
    expect(await refusedAt(inside({ kind: "event", name: "x", did: true, count: { op: "atLeast", n: -1 } }))).toBe(`${at}.count.n`);
    expect(await refusedAt(inside({ kind: "field", field: "name", test: { type: "text", op: "is", value: "a\u0000b" } }))).toBe(`${at}.test.value`);
    expect(await refusedAt({ all: [], any: [] })).toBe("query.any");
    expect(await refusedAt({ all: gold })).toBe("query.all");
    expect(await refusedAt({ not: { all: [{ any: [{ not: { all: [{ any: [] }] } }] }] } })).toBe("query.not.all[0].any[0].not.all[0]");
    expect(await refusedAt({ all: Array.from({ length: 51 }, () => gold) })).toBe("query");
    const deep = (levels: number): string => `{"query":${'{"not":'.repeat(levels)}{}${"}".repeat(levels)}}`;
    expect(await admin.post<ErrorBody>("/api/v1/segments/count", deep(50))).toMatchObject({ status: 400, body: { error: { field: "query.not.not.not.not.not" } } });
    expect(await admin.post<ErrorBody>("/api/v1/segments/count", deep(50_000))).toMatchObject({ status: 400, body: { error: { field: "query" } } });
  });

  test("that takes too long is given up, and that is said", async () => {
    const slow = await startTestServer({
      build: ({ accounts, database }) => ({
        api: [...accounts.api, segmentRoutes({ db: database.db, usedBy: [], timeoutMs: 200 })], wire: [], appliers: [], seedDemo: async () => {}, start: async () => {}, stop: async () => {},
      }),
    });
    try {
      const visitor = await slow.admin();
      const other = await slow.database.pool.connect();
      await other.query("begin; lock table contacts in access exclusive mode");
      const { status, body } = await visitor.post<ErrorBody>("/api/v1/segments/count", { query: { all: [] } });
      await other.query("rollback");
      other.release();
      expect({ status, code: body.error.code }).toEqual({ status: 422, code: "segment_too_slow" });
    } finally {
      await slow.stop();
    }
  });

  test("can ask about what there is", async () => {
    const { body } = await admin.get<SegmentFields>("/api/v1/segments/fields");
    expect(body.properties).toContainEqual({ key: "Visits", type: "number", contacts: 3 });
    expect(body.fields).toContainEqual({ field: "lastSeenAt", type: "date" });
    expect(body.events).toEqual([{ name: "Order placed", properties: [{ key: "amount", types: ["number"] }, { key: "at", types: ["date"] }, { key: "currency", types: ["text"] }] }]);
  });
});

describe("a saved segment", () => {
  test("lists its people page by page, and those a search finds", async () => {
    const people = await Promise.all(["Ines Duarte", "Jonas Duarte", "Kavya Rao"].map(async (name) => (await admin.post<Contact>("/api/v1/contacts", { phone: newPhone(), name, properties: { Tier: "platinum" } })).body.id));
    const { id } = await create({ kind: "property", key: "Tier", test: { type: "text", op: "is", value: "platinum" } });
    const page = async (query: string): Promise<List<Contact>> => (await admin.get<List<Contact>>(`/api/v1/segments/${id}/people?${query}`)).body;
    const first = await page("limit=2");
    const second = await page(`limit=2&after=${first.next}`);
    expect([...first.items, ...second.items].map((person) => person.id).toSorted()).toEqual(people.toSorted());
    expect(second.next).toBeNull();
    const found = await page("q=duarte&limit=1");
    const rest = await page(`q=duarte&limit=5&after=${found.next}`);
    expect([...found.items, ...rest.items].map(({ name }) => name).toSorted()).toEqual(["Ines Duarte", "Jonas Duarte"]);
    expect((await page("q=gold")).items).toEqual([]);
    expect((await page("q=%21%21")).items).toEqual([]);
    expect((await admin.get(`/api/v1/segments/${id}/people?after=nowhere`)).status).toBe(400);
  });

  test("remembers its count until its query changes", async () => {
    const { id, count } = await create(bigOrder);
    expect(count).toBeNull();
    const counted = (await admin.post<Segment>(`/api/v1/segments/${id}/count`)).body;
    expect(counted).toMatchObject({ count: 2, countedAt: expect.any(String) });
    expect((await admin.patch<Segment>(`/api/v1/segments/${id}`, { description: "Spenders" })).body).toMatchObject({ count: 2, description: "Spenders" });
    expect((await admin.patch<Segment>(`/api/v1/segments/${id}`, { query: gold })).body).toMatchObject({ count: null, countedAt: null, query: gold });
  });

  test("has a name that no other has, unless it is in the archive", async () => {
    const { id } = await create(gold, "Regulars");
    expect((await admin.post<ErrorBody>("/api/v1/segments", { name: " regulars ", query: gold })).body.error.code).toBe("segment_name_taken");
    expect((await admin.post(`/api/v1/segments/${id}/archive`)).status).toBe(200);
    const copy = await admin.post<Segment>(`/api/v1/segments/${id}/clone`, { name: "Regulars" });
    expect(copy).toMatchObject({ status: 201, body: { query: gold, archivedAt: null } });
    expect((await admin.post<ErrorBody>(`/api/v1/segments/${id}/unarchive`)).body.error.code).toBe("segment_name_taken");
    expect((await admin.get<List<Segment>>("/api/v1/segments?archived=true")).body.items.map((each) => each.id)).toEqual([id]);
  });

  test("is part of another, never of itself, and stays while it is used", async () => {
    const inner = await create(gold);
    const outer = await create({ all: [bigOrder, { kind: "segment", segmentId: inner.id, in: true }] });
    expect((await admin.post<AudienceCount>("/api/v1/segments/count", { segmentId: outer.id })).body.count).toBe(1);
    const circle = await admin.patch<ErrorBody>(`/api/v1/segments/${inner.id}`, { query: { any: [{ kind: "segment", segmentId: outer.id, in: false }] } });
    expect(circle).toMatchObject({ status: 400, body: { error: { field: expect.stringMatching(/^query\.any\[0\]\.segmentId/) } } });
    const refused = await admin.delete<ErrorBody>(`/api/v1/segments/${inner.id}`);
    expect(refused).toMatchObject({ status: 409, body: { error: { code: "segment_in_use", message: expect.stringContaining(outer.name) } } });
    expect((await admin.delete(`/api/v1/segments/${outer.id}`)).status).toBe(204);
    expect((await admin.delete(`/api/v1/segments/${inner.id}`)).status).toBe(204);
  });

  test("stays while a feature above says that it is used there", async () => {
    const { id } = await create();
    campaigns = [{ kind: "campaign", id, name: "Spring" }];
    expect((await admin.get<SegmentDetail>(`/api/v1/segments/${id}`)).body.usedBy).toEqual([{ kind: "campaign", id: "c", name: "Spring" }]);
    expect((await admin.post<ErrorBody>(`/api/v1/segments/${id}/archive`)).body.error).toMatchObject({ code: "segment_in_use", message: expect.stringContaining('the campaign "Spring"') });
    campaigns = [];
    expect((await admin.delete(`/api/v1/segments/${id}`)).status).toBe(204);
    expect((await admin.get(`/api/v1/segments/${id}`)).status).toBe(404);
  });

  test("is found by its name, in pages of any order", async () => {
    for (const name of ["zz Bravo", "zz alpha", "zz Charlie", "zz 100%"]) await create(gold, name);
    const paged = async (sort: string): Promise<string[]> => {
      const names: string[] = [];
      let after = "";
      do {
        const { body } = await admin.get<List<Segment>>(`/api/v1/segments?q=zz&limit=3&sort=${sort}${after}`);
        names.push(...body.items.map(({ name }) => name));
        after = body.next === null ? "" : `&after=${body.next}`;
      } while (after !== "");
      return names;
    };
    expect(await paged("name")).toEqual(["zz 100%", "zz alpha", "zz Bravo", "zz Charlie"]);
    expect(await paged("oldest")).toEqual(["zz Bravo", "zz alpha", "zz Charlie", "zz 100%"]);
    expect(await paged("newest")).toEqual(["zz 100%", "zz Charlie", "zz alpha", "zz Bravo"]);
    expect((await admin.get<List<Segment>>("/api/v1/segments?q=0%25")).body.items.map(({ name }) => name)).toEqual(["zz 100%"]);
  });

  test("is read by members, changed by creators and approvers, and not seen by agents", async () => {
    const statuses = await Promise.all(["member", "creator", "approver", "agent"].map(async (role) => {
      const script = await server.script(role);
      return [(await script.get("/api/v1/segments")).status, (await script.post("/api/v1/segments", { name: `By ${role}`, query: gold })).status];
    }));
    expect(statuses).toEqual([[200, 403], [200, 201], [200, 201], [403, 403]]);
  });
});

test("the API's description has the routes and tells what a query is", async () => {
  const { status, body } = await admin.get<{ paths: Record<string, unknown>; components: unknown }>("/api/openapi.json");
  expect(status).toBe(200);
  expect(Object.keys(body.paths)).toEqual(expect.arrayContaining(["/api/v1/segments", "/api/v1/segments/count", "/api/v1/segments/{id}"]));
  expect(JSON.stringify(body.components)).toContain("docs/segments.md");
});
