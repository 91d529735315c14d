import type { Contact, MessageLinks, Trace } from "@tincan/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { newCode } from "./code.ts";
import { openWorld, PERSON, type World } from "./test/world.ts";

let world: World;
beforeAll(async () => {
  world = await openWorld();
});
afterAll(() => world.close());
beforeEach(() => world.empty());

describe("a person who opens a link", () => {
  test("is sent to its target, and nothing in between keeps that", async () => {
    const { code } = await world.oneLink("https://shop.example/Käse?id=4#top");
    const answer = await world.open(`/l/${code}`);
    expect(answer).toMatchObject({ status: 302, location: "https://shop.example/K%C3%A4se?id=4#top", text: "" });
    expect(answer.headers.get("cache-control")).toBe("no-store");
  });

  test("is counted, with the time and the family of the browser, and nothing else", async () => {
    const { code, messageId } = await world.oneLink("https://shop.example/");
    for (let i = 0; i < 3; i++) await world.open(`/l/${code}`);
    expect(await world.clicksOf(code)).toEqual({ counted: 3, kept: 3 });
    const { rows } = await world.pool.query("select * from link_clicks where code = $1", [code]);
    expect(rows[0]).toEqual({ workspace_id: world.workspaceId, id: expect.any(String), code, at: expect.any(Date), agent: "Chrome on Android" });
    expect(world.told.filter((change) => change.messageId === messageId)).toHaveLength(1);
  });

  test("raises clicked for the message, once, with the link", async () => {
    const [messageId = ""] = await world.messages(1);
    const codes = await world.link([
      { messageId, target: "https://shop.example/a", place: "body" },
      { messageId, target: "https://shop.example/b", place: "button 1" },
    ]);
    await world.open(`/l/${codes[1]}`);
    await world.open(`/l/${codes[0]}`);
    expect(world.told).toEqual([expect.objectContaining({ messageId, providerId: world.place.providerId, status: "clicked", click: { url: "https://shop.example/b", shortUrl: `${world.server.url}/l/${codes[1]}` } })]);
    const { rows } = await world.pool.query("select clicked_at, state from messages where id = $1", [messageId]);
    expect(rows[0]).toEqual({ clicked_at: world.told[0]!.at, state: "submitted" });
  });

  test("takes along what the target lacks: fbclid, utm_", async () => {
    const { code } = await world.oneLink("https://shop.example/?utm_source=whatsapp#top");
    expect((await world.open(`/l/${code}?fbclid=Iw%2BAr0&utm_source=other&utm_term=a%20b`)).location).toBe("https://shop.example/?utm_source=whatsapp&fbclid=Iw%2BAr0&utm_term=a%20b#top");
    expect((await world.open(`/l/${code}?${"a".repeat(3000)}=1`)).location).toBe("https://shop.example/?utm_source=whatsapp#top");
  });

  test("gets their own target, also with a full stop that the phone took along", async () => {
    const [first = "", second = ""] = await world.messages(2);
    const codes = await world.link([
      { messageId: first, target: "https://shop.example/cart/1", place: "button 0" },
      { messageId: second, target: "https://shop.example/cart/2", place: "button 0" },
    ]);
    expect((await world.open(`/l/${codes[0]}`)).location).toBe("https://shop.example/cart/1");
    expect((await world.open(`/l/${codes[1]}.`)).location).toBe("https://shop.example/cart/2");
  });

  test("is not led elsewhere by what stands in the address", async () => {
    const { code } = await world.oneLink("https://shop.example/");
    for (const query of ["?//evil.example", "?@evil.example/", "?x=%0d%0aset-cookie:a=b", "?#@evil.example"]) {
      const { status, location, headers } = await world.open(`/l/${code}${query}`);
      expect([status, new URL(location!).origin, headers.get("set-cookie")]).toEqual([302, "https://shop.example", null]);
    }
  });
});

describe("whoever is no person", () => {
  test.each([
    ["WhatsApp's preview", { "user-agent": "WhatsApp/2.23.20.0" }],
    ["Facebook's preview", { "user-agent": "facebookexternalhit/1.1" }],
    ["a browser that looks ahead", { "user-agent": PERSON, "sec-purpose": "prefetch" }],
  ])("%s sees the target and is not counted", async (_name, headers) => {
    const { code } = await world.oneLink("https://shop.example/");
    expect(await world.open(`/l/${code}`, { headers })).toMatchObject({ status: 302, location: "https://shop.example/" });
    expect(await world.clicksOf(code)).toEqual({ counted: 0, kept: 0 });
    expect(world.told).toEqual([]);
  });

  test("a HEAD is answered as a GET and not counted", async () => {
    const { code } = await world.oneLink("https://shop.example/");
    expect(await world.open(`/l/${code}`, { method: "HEAD" })).toMatchObject({ status: 302, location: "https://shop.example/", text: "" });
    expect(await world.clicksOf(code)).toEqual({ counted: 0, kept: 0 });
  });
});

describe("a link that leads nowhere", () => {
  test.each(["unknown", "Ab12Cd34E", "Ab12Cd34Ef5", "..%2f..%2fetc", "%00", "a".repeat(400)])("says so on a page of its own: %s", async (word) => {
    const code = word === "unknown" ? newCode() : word;
    const answer = await world.open(`/l/${code}`);
    expect(answer.status).toBe(404);
    expect(answer.headers.get("content-type")).toBe("text/html; charset=utf-8");
    expect(answer.text).toContain("<h1>This link leads nowhere</h1>");
    expect((await world.open(`/l/${code}`, { method: "HEAD" })).text).toBe("");
  });

  test("never expires unless the workspace wants that", async () => {
    const old = await world.oneLink("https://shop.example/old", new Date(Date.now() - 31 * 86_400_000));
    const young = await world.oneLink("https://shop.example/young", new Date(Date.now() - 29 * 86_400_000));
    expect((await world.open(`/l/${old.code}`)).status).toBe(302);
    await world.pool.query("insert into link_settings (workspace_id, expire_days, utm_append, utm_source, utm_medium) values ($1, 30, true, 'a', 'b')", [world.workspaceId]);
    const gone = await world.open(`/l/${old.code}`);
    expect([gone.status, gone.location]).toEqual([410, null]);
    expect(gone.text).toContain("<h1>This link has expired</h1>");
    expect((await world.open(`/l/${young.code}`)).status).toBe(302);
    expect(await world.clicksOf(old.code)).toEqual({ counted: 1, kept: 1 });
  });
});

describe("what is known of a message's links", () => {
  test("is listed with its counts", async () => {
    const { code, messageId } = await world.oneLink("https://shop.example/x");
    const before = await world.admin.get<MessageLinks>(`/api/v1/links?messageId=${messageId}`);
    expect(before).toMatchObject({ status: 200, body: { items: [{ code, url: `${world.server.url}/l/${code}`, target: "https://shop.example/x", place: "body", contactId: null, clicks: 0, firstClickedAt: null, lastClickedAt: null }] } });
    await world.open(`/l/${code}`);
    await world.open(`/l/${code}`);
    const [after] = (await world.admin.get<MessageLinks>(`/api/v1/links?messageId=${messageId}`)).body.items;
    expect(after!.clicks).toBe(2);
    expect(Date.parse(after!.lastClickedAt!)).toBeGreaterThanOrEqual(Date.parse(after!.firstClickedAt!));
    expect((await world.admin.get(`/api/v1/links?messageId=nonsense`)).status).toBe(400);
    expect((await world.server.visitor().get(`/api/v1/links?messageId=${messageId}`)).status).toBe(401);
  });

  test("stands in the message's trace", async () => {
    const { code, messageId } = await world.oneLink("https://shop.example/x");
    await world.open(`/l/${code}`);
    const { steps } = (await world.admin.get<Trace>(`/api/v1/messages/${messageId}/trace`)).body;
    expect(steps).toContainEqual(expect.objectContaining({ title: "Clicked the link to https://shop.example/x", detail: "body, Chrome on Android", status: "ok" }));
  });

  test("is forgotten with the person, and their links lead nowhere", async () => {
    const phone = "+15550100777";
    const person = (await world.admin.post<Contact>("/api/v1/contacts", { phone })).body;
    const [messageId = ""] = await world.messages(1, phone);
    const [code = ""] = await world.link([{ messageId, contactId: person.id, target: "https://shop.example/mine", place: "body" }]);
    const other = await world.oneLink("https://shop.example/other");
    for (const each of [code, other.code]) await world.open(`/l/${each}`);
    expect((await world.admin.delete(`/api/v1/contacts/${person.id}`)).status).toBe(204);
    expect((await world.open(`/l/${code}`)).status).toBe(404);
    expect(await world.clicksOf(other.code)).toEqual({ counted: 1, kept: 1 });
    const { rows } = await world.pool.query("select count(*)::int as n from link_clicks where code = $1", [code]);
    expect(rows[0].n).toBe(0);
  });
});
