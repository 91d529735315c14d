import type { AuditEntry, ErrorBody, List, Session, SetupState, Workspace } from "@tincan/api";
import { createOTP } from "@better-auth/utils/otp";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { ADMIN, startTestServer } from "../../../../tests/support/server.ts";
import type { TestServer } from "../../../../tests/support/server.ts";
import { createSignInLink } from "./sign-in-links.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.stop());

const signIn = { email: ADMIN.email, password: ADMIN.password };

/** Rate limits are kept in the database; a test that signs in often starts afresh. */
const forgetAttempts = () => server.database.pool.query("delete from sign_in_rates");

async function actions(): Promise<string[]> {
  const { body } = await (await server.admin()).get<List<AuditEntry>>("/api/v1/audit?limit=200");
  return body.items.map((entry) => entry.action);
}

describe("the first run", () => {
  test("a new server waits to be set up, shows nobody anything, and signs the first admin in", async () => {
    const visitor = server.visitor();
    expect((await visitor.get<SetupState>("/api/v1/setup")).body).toEqual({ needed: true, demo: false });
    expect((await visitor.get<Session>("/api/v1/session")).body).toMatchObject({ user: null, workspace: null, permissions: [] });
    expect((await visitor.get("/api/v1/workspace")).status).toBe(401);

    const admin = await server.admin();
    const { body } = await admin.get<Session>("/api/v1/session");
    expect(body).toMatchObject({ user: { name: ADMIN.name, email: ADMIN.email, twoFactorEnabled: false }, workspace: { name: "Acme" }, role: "admin" });
    expect(body.permissions).toContain("api-keys.write");
    expect((await visitor.get<SetupState>("/api/v1/setup")).body.needed).toBe(false);
  });

  test("setting up works once", async () => {
    await server.admin();
    const answer = await server.visitor().post<ErrorBody>("/api/v1/setup", { ...ADMIN, email: "eve@example.com" });
    expect(answer).toMatchObject({ status: 409, body: { error: { code: "already_set_up" } } });
  });

  test("of two set-ups at the same moment one is refused", async () => {
    const fresh = await startTestServer();
    const answers = await Promise.all([1, 2, 3].map((n) => fresh.visitor().post("/api/v1/setup", { ...ADMIN, email: `first${n}@example.com` })));
    expect(answers.map((answer) => answer.status).toSorted()).toEqual([200, 409, 409]);
    await fresh.stop();
  });

  test("a password that is too short is refused by name", async () => {
    const answer = await server.visitor().post<ErrorBody>("/api/v1/setup", { ...ADMIN, password: "short" });
    expect(answer).toMatchObject({ status: 400, body: { error: { code: "invalid_input", field: "password", expected: "at least 10 characters long" } } });
  });
});

describe("signing in", () => {
  test("the right password opens a session in an HttpOnly cookie, signing out ends it", async () => {
    await server.admin();
    await forgetAttempts();
    const visitor = server.visitor();
    const answer = await visitor.post("/api/auth/sign-in/email", signIn);
    expect(answer.status).toBe(200);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^tincan\.session_token=.*HttpOnly; SameSite=Lax/);
    expect((await visitor.get("/api/v1/workspace")).status).toBe(200);
    await visitor.post("/api/auth/sign-out");
    expect((await visitor.get("/api/v1/workspace")).status).toBe(401);
  });

  test("a wrong password is refused, and too many attempts are stopped", async () => {
    await server.admin();
    await forgetAttempts();
    const statuses: number[] = [];
    for (let i = 0; i < 12; i++) statuses.push((await server.visitor().post("/api/auth/sign-in/email", { ...signIn, password: "not the password" })).status);
    expect(statuses.slice(0, 10)).toEqual(Array.from({ length: 10 }, () => 401));
    expect(statuses.slice(10)).toEqual([429, 429]);
    await forgetAttempts();
  });

  test("an address that says it is another does not get around the limit", async () => {
    await forgetAttempts();
    const statuses: number[] = [];
    for (let i = 0; i < 11; i++) {
      const headers = { "x-forwarded-for": `203.0.113.${i}`, "x-tincan-address": `203.0.113.${i}` };
      statuses.push((await server.visitor().post("/api/auth/sign-in/email", { ...signIn, password: "not the password" }, headers)).status);
    }
    expect(statuses.at(-1)).toBe(429);
    await forgetAttempts();
  });

  test("nobody can sign themselves up or change what only we may change", async () => {
    for (const path of ["sign-up/email", "update-user", "delete-user", "change-email"]) {
      const answer = await server.visitor().post(`/api/auth/${path}`, { name: "Eve", email: "eve@example.com", password: "a long password" });
      expect(answer.status).toBeGreaterThanOrEqual(400);
    }
    expect((await server.visitor().post("/api/auth/start-session-without-password", { userId: "x" })).status).toBe(404);
  });

  test("a page of another site cannot make changes with the visitor's cookie", async () => {
    const admin = await server.admin();
    const foreign = await admin.send<ErrorBody>("PATCH", "/api/v1/workspace", { name: "Taken" }, { origin: "https://evil.example" });
    expect(foreign).toMatchObject({ status: 403, body: { error: { code: "foreign_origin" } } });
    const signOut = await admin.send("POST", "/api/auth/sign-out", {}, { origin: "https://evil.example" });
    expect(signOut.status).toBe(403);
  });

  test("with an https address cookies are marked secure", async () => {
    const secure = await startTestServer({ env: { PUBLIC_URL: "https://tincan.example.com" } });
    const answer = await secure.visitor().post("/api/v1/setup", ADMIN);
    expect(answer.headers.getSetCookie()[0]).toMatch(/^__Secure-tincan\.session_token=.*; Secure/);
    expect(answer.headers.get("strict-transport-security")).toMatch(/max-age/);
    await secure.stop();
  });

  test("a one-time link signs in once", async () => {
    const admin = await server.admin();
    const { body } = await admin.get<Session>("/api/v1/session");
    const token = await createSignInLink(server.database.db, body.user!.id);
    const signIns = async () => (await actions()).filter((action) => action === "account.signed_in").length;
    const before = await signIns();
    const first = server.visitor();
    expect(await first.get(`/welcome?token=${token}`)).toMatchObject({ status: 302 });
    expect((await first.get<Session>("/api/v1/session")).body.user?.email).toBe(ADMIN.email);
    expect(await signIns()).toBe(before + 1);
    const second = server.visitor();
    await second.get(`/welcome?token=${token}`);
    expect((await second.get<Session>("/api/v1/session")).body.user).toBeNull();
  });

  test("with two-factor the password alone does not sign in", async () => {
    const admin = await server.admin();
    await forgetAttempts();
    const { body } = await admin.post<{ totpURI: string; backupCodes: string[] }>("/api/auth/two-factor/enable", { password: ADMIN.password });
    const secret = new TextDecoder().decode(base32(new URL(body.totpURI).searchParams.get("secret")!));
    const code = () => createOTP(secret, { digits: 6, period: 30 }).totp();
    expect((await admin.post("/api/auth/two-factor/verify-totp", { code: await code() })).status).toBe(200);

    const { body: fresh } = await admin.post<{ backupCodes: string[] }>("/api/auth/two-factor/generate-backup-codes", { password: ADMIN.password });
    expect(fresh.backupCodes).not.toEqual(body.backupCodes);
    expect((await actions())[0]).toBe("account.backup_codes_made");

    const visitor = server.visitor();
    const halfway = await visitor.post("/api/auth/sign-in/email", signIn);
    expect(halfway.body).toMatchObject({ twoFactorRedirect: true });
    expect((await actions())[0]).toBe("account.backup_codes_made");
    expect((await visitor.get("/api/v1/workspace")).status).toBe(401);
    expect((await visitor.post("/api/auth/two-factor/verify-totp", { code: await code() })).status).toBe(200);
    expect((await visitor.get("/api/v1/workspace")).status).toBe(200);
    expect((await actions()).slice(0, 3)).toEqual(["account.signed_in", "account.two_factor_passed", "account.backup_codes_made"]);
    expect((await admin.post("/api/auth/revoke-other-sessions")).status).toBe(200);
    expect((await visitor.get("/api/v1/workspace")).status).toBe(401);
    expect((await actions())[0]).toBe("account.sessions_ended");

    await admin.post("/api/auth/two-factor/disable", { password: ADMIN.password });
    expect(await actions()).toEqual(expect.arrayContaining(["account.two_factor_started", "account.two_factor_passed", "account.two_factor_disabled"]));
    await forgetAttempts();
  });
});

describe("workspaces", () => {
  test("an admin renames theirs, which is recorded", async () => {
    const admin = await server.admin();
    expect((await admin.patch<Workspace>("/api/v1/workspace", { name: "Acme India" })).body.name).toBe("Acme India");
    expect((await actions())[0]).toBe("workspace.renamed");
    await admin.patch("/api/v1/workspace", { name: "Acme" });
  });

  test("another workspace can be made and looked at, and shares nothing with the first", async () => {
    const admin = await server.admin();
    const { body: second } = await admin.post<Workspace>("/api/v1/workspaces", { name: "Second" });
    const { body: session } = await admin.post<Session>("/api/v1/session/workspace", { workspaceId: second.id });
    expect(session).toMatchObject({ workspace: { name: "Second" }, role: "admin" });
    expect((await admin.get<List<AuditEntry>>("/api/v1/audit")).body.items.map((entry) => entry.action)).toEqual(["workspace.created"]);
    const first = session.workspaces.find((workspace) => workspace.name === "Acme")!;
    expect((await admin.post<Session>("/api/v1/session/workspace", { workspaceId: first.id })).body.workspace?.name).toBe("Acme");
    expect((await admin.post("/api/v1/session/workspace", { workspaceId: "01900000-0000-7000-8000-000000000000" })).status).toBe(404);
  });
});

/** RFC 4648, the alphabet of authenticator secrets. */
function base32(text: string): Uint8Array {
  const alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  const bits = [...text.replaceAll("=", "")].map((letter) => alphabet.indexOf(letter).toString(2).padStart(5, "0")).join("");
  return Uint8Array.from(bits.match(/.{8}/g) ?? [], (byte) => Number.parseInt(byte, 2));
}
