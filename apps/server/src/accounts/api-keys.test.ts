import type { ApiKey, ApiKeyCreated, AuditEntry, ErrorBody, List } from "@tincan/api";
import { Permission, Role } from "@tincan/api";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startTestServer } from "../../../../tests/support/server.ts";
import type { TestServer } from "../../../../tests/support/server.ts";
import { Visitor } from "../../../../tests/support/visitor.ts";
import { may, permissionsOf } from "./permissions.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

test("a key is shown once, works as a bearer token, and is stored only as a hash", async () => {
  const admin = await server.admin();
  const { status, body } = await admin.post<ApiKeyCreated>("/api/v1/api-keys", { name: "deploy", role: "admin" });
  expect(status).toBe(201);
  expect(body.key).toMatch(/^tc_[\w-]{43}$/);
  const script = new Visitor(server.url, { authorization: `Bearer ${body.key}` });
  expect((await script.get("/api/v1/workspace")).status).toBe(200);
  const listed = (await admin.get<List<ApiKey>>("/api/v1/api-keys")).body.items.find((key) => key.name === "deploy")!;
  expect(listed.start).toBe(body.key.slice(0, 8));
  expect(listed.lastUsedAt).not.toBeNull();
  const stored = await server.database.pool.query("select string_agg(k::text, ' ') as text from api_keys k");
  expect(stored.rows[0].text).not.toContain(body.key.slice(8));
});

test("a deleted or unknown key is refused, and so is any other scheme", async () => {
  const admin = await server.admin();
  const { body } = await admin.post<ApiKeyCreated>("/api/v1/api-keys", { name: "short-lived", role: "admin" });
  expect((await admin.delete(`/api/v1/api-keys/${body.apiKey.id}`)).status).toBe(204);
  for (const authorization of [`Bearer ${body.key}`, "Bearer tc_unknown", "Basic YTpi", "Bearer "]) {
    const answer = await new Visitor(server.url, { authorization }).get<ErrorBody>("/api/v1/workspace");
    expect(answer).toMatchObject({ status: 401, body: { error: { code: "wrong_api_key" } } });
  }
  expect((await admin.delete(`/api/v1/api-keys/${body.apiKey.id}`)).status).toBe(404);
});

test("two keys cannot have one name", async () => {
  const admin = await server.admin();
  await admin.post("/api/v1/api-keys", { name: "twin", role: "member" });
  expect(await admin.post<ErrorBody>("/api/v1/api-keys", { name: "twin", role: "member" })).toMatchObject({ status: 409, body: { error: { field: "name" } } });
});

test("a key cannot do what needs a person", async () => {
  const script = await server.script("admin");
  expect(await script.post<ErrorBody>("/api/v1/workspaces", { name: "Mine" })).toMatchObject({ status: 403, body: { error: { code: "only_a_person" } } });
});

test("what a key does is recorded under its name", async () => {
  const script = await server.script("admin");
  await script.post("/api/v1/api-keys", { name: "made by a key", role: "member" });
  const { body } = await script.get<List<AuditEntry>>("/api/v1/audit?q=made by a key");
  expect(body.items[0]).toMatchObject({ action: "api_key.created", actor: { kind: "apiKey" }, target: { name: "made by a key" }, detail: { role: "member" } });
});

describe("roles", () => {
  test.each([
    ["admin", 200, 200, 200],
    ["approver", 200, 403, 200],
    ["creator", 200, 403, 403],
    ["member", 200, 403, 403],
    ["agent", 403, 403, 403],
  ])("%s: people %d, keys %d, audit %d", async (role, people, keys, log) => {
    const script = await server.script(role);
    expect((await script.get("/api/v1/members")).status).toBe(people);
    expect((await script.get("/api/v1/api-keys")).status).toBe(keys);
    expect((await script.get("/api/v1/audit")).status).toBe(log);
  });

  test("a refusal names the permission that is missing", async () => {
    const script = await server.script("agent");
    const answer = await script.post<ErrorBody>("/api/v1/members", { email: "a@example.com", role: "admin" });
    expect(answer).toMatchObject({ status: 403, body: { error: { code: "not_allowed" } } });
    expect(answer.body.error.message).toContain("members.write");
  });

  test("an admin may do everything and everybody may read messages", () => {
    expect(permissionsOf("admin")).toEqual(Permission.enum);
    for (const role of Role.enum) expect(may(role, "messages.read")).toBe(true);
  });
});

test("the audit log is read newest first or oldest first, page by page, and filtered", async () => {
  const admin = await server.admin();
  const all = (await admin.get<List<AuditEntry>>("/api/v1/audit?limit=200")).body.items;
  const first = (await admin.get<List<AuditEntry>>("/api/v1/audit?limit=2")).body;
  const second = (await admin.get<List<AuditEntry>>(`/api/v1/audit?limit=2&after=${first.next}`)).body;
  expect([...first.items, ...second.items].map((entry) => entry.id)).toEqual(all.slice(0, 4).map((entry) => entry.id));
  const oldest = (await admin.get<List<AuditEntry>>("/api/v1/audit?limit=2&sort=at")).body;
  const then = (await admin.get<List<AuditEntry>>(`/api/v1/audit?limit=2&sort=at&after=${oldest.next}`)).body;
  expect([...oldest.items, ...then.items].map((entry) => entry.id)).toEqual(all.toReversed().slice(0, 4).map((entry) => entry.id));
  const created = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=workspace.")).body.items;
  expect(created.map((entry) => entry.action)).toEqual(["workspace.created"]);
  expect((await admin.get<List<AuditEntry>>("/api/v1/audit?from=2999-01-01T00:00:00Z")).body.items).toEqual([]);
});
