import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { AuditEntry, ErrorBody, LinkSettings, List } from "@tincan/api";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { openWorld, type World } from "./test/world.ts";

let world: World;
let branded: string;
beforeAll(async () => {
  world = await openWorld();
  branded = world.server.url.replace("127.0.0.1", "localhost");
});
afterAll(() => world.close());
beforeEach(() => world.empty());

const input = { domain: null, expireDays: null, utm: { append: true, source: "whatsapp", medium: "message" } };
const save = (change: object) => world.admin.send<LinkSettings & ErrorBody>("PUT", "/api/v1/link-settings", { ...input, ...change });

test("without anything set, links begin with the server's own address and never expire", async () => {
  expect((await world.admin.get<LinkSettings>("/api/v1/link-settings")).body).toEqual({ ...input, publicUrl: world.server.url });
});

test("what is set is kept, and told to the audit log", async () => {
  const change = { expireDays: 30, utm: { append: false, source: "wa", medium: "chat" } };
  expect((await save(change)).body).toEqual({ ...input, ...change, publicUrl: world.server.url });
  expect((await world.admin.get<LinkSettings>("/api/v1/link-settings")).body).toMatchObject(change);
  const log = await world.admin.get<List<AuditEntry>>("/api/v1/audit?action=links.");
  expect(log.body.items[0]).toMatchObject({ action: "links.settings_changed", actor: { kind: "user" } });
});

test("a domain that leads here is taken, and links are written with it", async () => {
  expect(await save({ domain: `${branded}/` })).toMatchObject({ status: 200, body: { domain: branded } });
  const { code, messageId } = await world.oneLink("https://shop.example/");
  expect((await world.admin.get<{ items: { url: string }[] }>(`/api/v1/links?messageId=${messageId}`)).body.items[0]!.url).toBe(`${branded}/l/${code}`);
  const answer = await fetch(`${branded}/l/${code}`, { redirect: "manual" });
  expect([answer.status, answer.headers.get("location")]).toEqual([302, "https://shop.example/"]);
});

test("a domain that leads to somebody else is not taken", async () => {
  const stranger = createServer((_request, response) => void response.end("hello"));
  await new Promise<void>((resolve) => stranger.listen(0, "127.0.0.1", resolve));
  const answer = await save({ domain: `http://127.0.0.1:${(stranger.address() as AddressInfo).port}` });
  stranger.close();
  expect(answer).toMatchObject({ status: 422, body: { error: { code: "link_domain_not_verified", field: "domain" } } });
  expect((await world.admin.get<LinkSettings>("/api/v1/link-settings")).body.domain).toBeNull();
});

test("a domain that cannot be reached is not taken", async () => {
  expect(await save({ domain: "http://127.0.0.1:9" })).toMatchObject({
    status: 422, body: { error: { code: "link_domain_not_verified", message: expect.stringContaining("could not be asked. Nothing listens at its address.") } },
  });
});

test.each([
  ["http://go.example.com", "address_not_allowed"],
  ["https://10.0.0.5", "address_not_allowed"],
  ["https://go.example.com/x", "invalid_input"],
  ["https://go.example.com?x", "invalid_input"],
  ["ftp://go.example.com", "invalid_input"],
  ["https://me@go.example.com", "invalid_input"],
  ["not a domain", "invalid_input"],
])("%s cannot be a domain", async (domain, code) => {
  expect((await save({ domain })).body.error).toMatchObject({ code, field: "domain" });
});

test("this server's own address is no domain of its own", async () => {
  expect((await save({ domain: world.server.url })).body.domain).toBeNull();
});

test("only an admin changes them; everybody who sees messages sees them", async () => {
  const agent = await world.server.script("agent");
  expect((await agent.get("/api/v1/link-settings")).status).toBe(200);
  expect((await agent.send("PUT", "/api/v1/link-settings", input)).status).toBe(403);
});
