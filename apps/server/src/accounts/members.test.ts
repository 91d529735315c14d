import type { ErrorBody, Invitation, List, Member, MemberInvited, Role, Session } from "@tincan/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startTestServer } from "../../../../tests/support/server.ts";
import type { TestServer } from "../../../../tests/support/server.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";

let server: TestServer;
let admin: Visitor;
beforeAll(async () => {
  server = await startTestServer();
  admin = await server.admin();
});
afterAll(() => server.stop());

const password = "a password of hers";

async function invite(email: string, role: Role): Promise<string> {
  const { body } = await admin.post<MemberInvited>("/api/v1/members", { email, role });
  return body.link.split("/join/")[1]!;
}

async function join(email: string, role: Role): Promise<{ visitor: Visitor; id: string }> {
  const visitor = server.visitor();
  const { body } = await visitor.post<Session>(`/api/v1/invitations/${await invite(email, role)}`, { name: email.split("@")[0], password });
  return { visitor, id: body.user!.id };
}

const members = async (): Promise<Member[]> => (await admin.get<List<Member>>("/api/v1/members?limit=200")).body.items;

test("an invited person joins by the link, with the role they were given, and is signed in", async () => {
  const token = await invite("grace@example.com", "creator");
  expect(await members()).toContainEqual(expect.objectContaining({ email: "grace@example.com", state: "invited", role: "creator" }));
  const visitor = server.visitor();
  expect((await visitor.get<Invitation>(`/api/v1/invitations/${token}`)).body).toMatchObject({ workspaceName: "Acme", email: "grace@example.com", hasAccount: false });
  const { body } = await visitor.post<Session>(`/api/v1/invitations/${token}`, { name: "Grace", password });
  expect(body).toMatchObject({ user: { name: "Grace" }, workspace: { name: "Acme" }, role: "creator" });
  expect((await visitor.get("/api/v1/workspace")).status).toBe(200);
  expect(await members()).toContainEqual(expect.objectContaining({ email: "grace@example.com", state: "active" }));
});

test("an invitation works once, and a new one replaces the old", async () => {
  const old = await invite("joan@example.com", "member");
  const token = await invite("Joan@example.com", "agent");
  expect((await server.visitor().get(`/api/v1/invitations/${old}`)).status).toBe(404);
  expect((await server.visitor().post(`/api/v1/invitations/${token}`, { name: "Joan", password })).status).toBe(200);
  expect((await server.visitor().post(`/api/v1/invitations/${token}`, { name: "Joan", password })).status).toBe(404);
});

test("who has an account already joins with its password, in a workspace of its own", async () => {
  await join("mary@example.com", "member");
  const second = await admin.post<{ id: string }>("/api/v1/workspaces", { name: "Second" });
  await admin.post("/api/v1/session/workspace", { workspaceId: second.body.id });
  const token = await invite("mary@example.com", "approver");
  const first = (await admin.get<Session>("/api/v1/session")).body.workspaces.find((workspace) => workspace.name === "Acme")!;
  await admin.post("/api/v1/session/workspace", { workspaceId: first.id });

  const visitor = server.visitor();
  expect((await visitor.get<Invitation>(`/api/v1/invitations/${token}`)).body.hasAccount).toBe(true);
  expect((await visitor.post(`/api/v1/invitations/${token}`, { password: "somebody else's" })).status).toBe(403);
  const { body } = await visitor.post<Session>(`/api/v1/invitations/${token}`, { password });
  expect(body).toMatchObject({ workspace: { name: "Second" }, role: "approver" });
  expect(body.workspaces).toHaveLength(2);
});

test("a member of the workspace cannot be invited again", async () => {
  await join("barbara@example.com", "member");
  expect(await admin.post<ErrorBody>("/api/v1/members", { email: "barbara@example.com", role: "admin" })).toMatchObject({ status: 409, body: { error: { code: "already_member" } } });
});

test("a changed role counts at once, a removed member is out at once", async () => {
  const { visitor, id } = await join("edith@example.com", "agent");
  expect((await visitor.get("/api/v1/members")).status).toBe(403);
  expect((await admin.patch<Member>(`/api/v1/members/${id}`, { role: "member" })).body.role).toBe("member");
  expect((await visitor.get("/api/v1/members")).status).toBe(200);
  expect((await admin.delete(`/api/v1/members/${id}`)).status).toBe(204);
  expect(await visitor.get<ErrorBody>("/api/v1/members")).toMatchObject({ status: 403, body: { error: { code: "no_workspace" } } });
});

test("the last admin can be neither demoted nor removed", async () => {
  const { body } = await admin.get<Session>("/api/v1/session");
  const id = body.user!.id;
  expect(await admin.patch<ErrorBody>(`/api/v1/members/${id}`, { role: "member" })).toMatchObject({ status: 409, body: { error: { code: "last_admin" } } });
  expect((await admin.delete(`/api/v1/members/${id}`)).status).toBe(409);
});

test("an unknown member is not found, whatever the id looks like", async () => {
  for (const id of ["01900000-0000-7000-8000-000000000000", "nobody"]) {
    expect((await admin.patch(`/api/v1/members/${id}`, { role: "member" })).status).toBe(404);
    expect((await admin.delete(`/api/v1/members/${id}`)).status).toBe(404);
  }
});

test("lists are searched and read page by page", async () => {
  for (const name of ["x1", "x2", "x3", "x4", "x5"]) await invite(`${name}@page.example`, "member");
  const emails: string[] = [];
  let after = "";
  do {
    const { body } = await admin.get<List<Member>>(`/api/v1/members?q=page.example&limit=2${after}`);
    emails.push(...body.items.map((member) => member.email));
    after = body.next === null ? "" : `&after=${body.next}`;
  } while (after !== "");
  expect(emails).toEqual(["x1@page.example", "x2@page.example", "x3@page.example", "x4@page.example", "x5@page.example"]);
  expect(await admin.get<ErrorBody>("/api/v1/members?after=garbage")).toMatchObject({ status: 400, body: { error: { field: "after" } } });
});

test("whoever watches the workspace hears of every change of its people", async () => {
  const closing = new AbortController();
  const cookie = [...admin.cookies].map(([name, value]) => `${name}=${value}`).join("; ");
  const stream = await fetch(`${server.url}/api/v1/live`, { headers: { cookie }, signal: closing.signal });
  let heard = 0;
  const reading = (async () => {
    for await (const text of stream.body!.pipeThrough(new TextDecoderStream())) heard += text.split('{"topic":"members"}').length - 1;
  })().catch(() => {});
  await expect.poll(async () => (await server.database.pool.query("select from pg_stat_activity where application_name = 'tincan live' and query like 'listen%' and datname = current_database()")).rowCount).toBe(1);
  const hears = async <T>(change: () => Promise<T>): Promise<T> => {
    const before = heard;
    const result = await change();
    await expect.poll(() => heard).toBeGreaterThan(before);
    return result;
  };

  const token = await hears(() => invite("lin@example.com", "member"));
  const lin = server.visitor();
  const { body } = await hears(() => lin.post<Session>(`/api/v1/invitations/${token}`, { name: "Lin", password }));
  await hears(() => admin.patch(`/api/v1/members/${body.user!.id}`, { role: "agent" }));
  await hears(() => lin.post("/api/auth/two-factor/enable", { password }));
  await hears(() => admin.delete(`/api/v1/members/${body.user!.id}`));
  closing.abort();
  await reading;
});
