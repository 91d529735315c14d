import type { AuditEntry, CloudApiProvider, EmbeddedSignupConfig, ErrorBody, List, ProviderHealth, Template } from "@tincan/api";
import { sandboxAccount } from "@tincan/sandbox";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { freePort } from "../free-port.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { laneSignals } from "../lanes/signals.ts";
import { accept } from "../ledger/accept.ts";
import { message } from "../ledger/test-builders.ts";
import { uuidv7 } from "../database/uuid.ts";
import { connectNumber } from "./connect.ts";
import { openProvider } from "./open.ts";
import { provisionProvider } from "./provision.ts";
import { startWorld, type World } from "./test-world.ts";

let world: World;
let admin: Visitor;
let workspaceId: string;

beforeAll(async () => {
  world = await startWorld();
  admin = await world.admin();
  workspaceId = (await sql<{ id: string }>`select id from workspaces`.execute(world.database.db)).rows[0]!.id;
});
afterAll(() => world.stop());

beforeEach(() => world.sandbox.reset());
afterEach(async () => {
  await sql`delete from deployments`.execute(world.database.db);
  await sql`delete from providers`.execute(world.database.db);
  await sql`delete from lanes`.execute(world.database.db);
  world.providers.connect.directory.forget();
});

async function connect(change: Record<string, unknown> = {}): Promise<CloudApiProvider> {
  const answer = await admin.post<CloudApiProvider>("/api/v1/providers", { ...world.input, ...change });
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
}

const graph = (path: string, init: RequestInit = {}) =>
  fetch(`${world.sandbox.url}/v26.0/${path}`, { ...init, headers: { authorization: `Bearer ${sandboxAccount.appId}|${sandboxAccount.appSecret}`, "content-type": "application/json" } });

describe("connecting a number", () => {
  test("verifies it at Meta, has the webhook come here, and reads its templates", async () => {
    const provider = await connect();
    expect(provider).toMatchObject({
      kind: "cloud-api", nickname: "Main", number: "+15550100199", default: true, maxConcurrency: 200,
      webhookUrl: `${world.url}/wire/meta/webhook`, laneId: provider.id,
      health: { status: "ok", quality: "GREEN", tier: "TIER_2K", throughput: { level: "STANDARD", perSecond: 80 }, canSend: "AVAILABLE", numberStatus: "CONNECTED" },
    });
    expect(provider.health.checks.map((check) => [check.name, check.ok])).toEqual([["number", true], ["token", true], ["webhooks", true]]);
    const subscriptions = await (await graph(`${sandboxAccount.appId}/subscriptions`)).text();
    expect(subscriptions).toContain(`${world.url}/wire/meta/webhook`);
    const templates = await admin.get<List<Template>>(`/api/v1/templates?provider=${provider.id}`);
    expect(templates.body.items.map((t) => t.name)).toEqual(expect.arrayContaining(["hello_world", "order_ready", "spring_offer"]));
  });

  test("shows no secret, and the verify token only to those who may change it", async () => {
    const provider = await connect();
    expect(provider).toMatchObject({ accessToken: "••••oken", appSecret: "••••cret", verifyToken: "sandbox-verify" });
    const member = await (await world.script("member")).get<CloudApiProvider>(`/api/v1/providers/${provider.id}`);
    expect(member.body.verifyToken).toBe("••••rify");
    const stored = await sql<{ row: string }>`select providers::text as row from providers`.execute(world.database.db);
    for (const secret of ["sandbox-token", "sandbox-app-secret", "sandbox-verify"]) expect(stored.rows[0]!.row).not.toContain(secret);
  });

  const refusals: [string, Record<string, unknown>, string, RegExp][] = [
    ["a token Meta does not know", { accessToken: "nonsense" }, "accessToken", /does not accept the access token/],
    ["a phone number id the token cannot see", { phoneNumberId: "1" }, "phoneNumberId", /cannot see a number with the id 1/],
    ["a number that is not the id's", { number: "+15550100177" }, "number", /belongs to \+1 555-010-0199, not to \+15550100177/],
    ["an account the token cannot see", { wabaId: "1" }, "wabaId", /cannot see a WhatsApp Business Account with the id 1/],
    ["another app's secret", { appSecret: "another secret" }, "appSecret", /app secret is not that of the app/],
    ["an address inside a private network", { baseUrl: "http://10.0.0.1" }, "baseUrl", /may not be used/],
    ["no number at all", { number: "twelve 34" }, "number", /international form|cannot be used/],
  ];
  test.each(refusals)("is refused for %s, and nothing is saved", async (_, change, field, sentence) => {
    const answer = await admin.post<ErrorBody>("/api/v1/providers", { ...world.input, ...change });
    expect(answer.status).toBeGreaterThanOrEqual(400);
    expect(answer.body.error).toMatchObject({ field, message: expect.stringMatching(sentence) });
    expect((await admin.get<List<unknown>>("/api/v1/providers")).body.items).toEqual([]);
  });

  test("is refused for a token without the scopes it needs, naming them", async () => {
    world.sandbox.change({ account: { scopes: ["whatsapp_business_management"] } });
    const answer = await admin.post<ErrorBody>("/api/v1/providers", world.input);
    expect(answer).toMatchObject({ status: 422, body: { error: { code: "provider_not_verified", field: "accessToken", message: expect.stringMatching(/lacks whatsapp_business_messaging\./) } } });
  });

  test("is refused for a token that may not read the account", async () => {
    world.sandbox.change({ account: { scopes: ["whatsapp_business_messaging"] } });
    const answer = await admin.post<ErrorBody>("/api/v1/providers", world.input);
    expect(answer).toMatchObject({ status: 422, body: { error: { field: "accessToken", message: expect.stringMatching(/may not read the account/) } } });
  });

  test("is connected though its app demands signed requests, and refused with another app's secret then", async () => {
    world.sandbox.change({ account: { requireAppSecretProof: true } });
    const answer = await admin.post<ErrorBody>("/api/v1/providers", { ...world.input, appSecret: "another secret" });
    expect(answer).toMatchObject({ status: 422, body: { error: { field: "appSecret", message: expect.stringMatching(/app secret is not that of the app/) } } });
    expect((await connect()).health).toMatchObject({ status: "ok" });
  });

  test("is refused for a token that has expired", async () => {
    world.sandbox.change({ account: { token: "expired" } });
    const answer = await admin.post<ErrorBody>("/api/v1/providers", world.input);
    expect(answer).toMatchObject({ status: 422, body: { error: { field: "accessToken", message: expect.stringMatching(/expired/) } } });
  });

  test("is refused when nothing answers at the address", async () => {
    const baseUrl = `http://127.0.0.1:${await freePort(0, "127.0.0.1")}`;
    const answer = await admin.post<ErrorBody>("/api/v1/providers", { ...world.input, baseUrl });
    expect(answer).toMatchObject({ status: 422, body: { error: { field: "baseUrl", message: expect.stringContaining(`${baseUrl} did not answer`) } } });
  });

  test("is refused when Meta cannot reach this server's webhook", async () => {
    const elsewhere = { ...world.providers.connect, publicUrl: `http://127.0.0.1:${await freePort(0, "127.0.0.1")}` };
    const actor = { workspaceId, role: "admin" as const, name: "test" };
    const { kind, ...input } = world.input;
    await expect(connectNumber(elsewhere, actor, { kind: "cloud-api", ...input } as never)).rejects.toThrow(/Meta could not verify .*\/wire\/meta\/webhook/);
    expect(kind).toBe("cloud-api");
  });

  test("leaves another system's webhook address alone, and takes this account's messages", async () => {
    const other = world.sandbox;
    other.subscribe("http://127.0.0.1:9/another-system");
    const provider = await connect();
    const check = provider.health.checks.find((each) => each.name === "webhooks");
    expect(check).toMatchObject({ ok: true, message: expect.stringContaining("http://127.0.0.1:9/another-system") });
  });

  test("is refused under a name that is taken", async () => {
    await connect();
    expect(await admin.post("/api/v1/providers", world.input)).toMatchObject({ status: 409, body: { error: { code: "provider_name_taken", field: "nickname" } } });
  });

  test("is refused when the workspace has the number already, under whatever name, and is asked nothing of Meta for it", async () => {
    await connect();
    expect(await admin.post("/api/v1/providers", { ...world.input, nickname: "Other", baseUrl: "http://127.0.0.1:9" })).toMatchObject({
      status: 409,
      body: { error: { code: "provider_number_taken", field: "number", message: expect.stringContaining('"Main"') } },
    });
    expect(await admin.post("/api/v1/providers", { ...world.input, nickname: "Other", number: "+15550100777" })).toMatchObject({
      status: 409,
      body: { error: { code: "provider_number_taken", field: "phoneNumberId" } },
    });
  });

  test("is possible in another workspace though the first has the number", async () => {
    await connect();
    const { body: second } = await admin.post<{ id: string }>("/api/v1/workspaces", { name: "Second" });
    await admin.post("/api/v1/session/workspace", { workspaceId: second.id });
    expect((await admin.post("/api/v1/providers", world.input)).status).toBe(201);
    await admin.post("/api/v1/session/workspace", { workspaceId });
  });

  test("at the same time as others: one gets the number", async () => {
    const answers = await Promise.all(["One", "Two", "Three"].map((nickname) => admin.post<CloudApiProvider>("/api/v1/providers", { ...world.input, nickname })));
    expect(answers.map((answer) => answer.status).sort()).toEqual([201, 409, 409]);
    const refused = answers.filter((answer) => answer.status === 409);
    expect(refused).toMatchObject(refused.map(() => ({ body: { error: { code: "provider_number_taken" } } })));
    expect((await admin.get<List<CloudApiProvider>>("/api/v1/providers")).body.items.filter((p) => p.default)).toHaveLength(1);
  });

  test("needs an admin", async () => {
    expect((await (await world.script("creator")).post("/api/v1/providers", world.input)).status).toBe(403);
  });
});

describe("a connected number", () => {
  test("keeps its secrets when they come back blank or masked, and asks Meta nothing for a new name", async () => {
    const { id } = await connect();
    world.sandbox.change({ account: { token: "invalid" } });
    const answer = await admin.patch<CloudApiProvider>(`/api/v1/providers/${id}`, { nickname: "Shop", accessToken: "••••oken", maxConcurrency: 300 });
    expect(answer).toMatchObject({ status: 200, body: { nickname: "Shop", accessToken: "••••oken", maxConcurrency: 300, health: { status: "ok" } } });
  });

  test("is verified again before a new token is saved", async () => {
    const { id } = await connect();
    expect(await admin.patch(`/api/v1/providers/${id}`, { accessToken: "nonsense" })).toMatchObject({ status: 422, body: { error: { field: "accessToken" } } });
    expect((await admin.get<CloudApiProvider>(`/api/v1/providers/${id}`)).body.accessToken).toBe("••••oken");
  });

  test("can be verified at any time, and then shows what is wrong", async () => {
    const { id } = await connect();
    world.sandbox.change({ account: { token: "expired" } });
    const answer = await admin.post<ProviderHealth>(`/api/v1/providers/${id}/verify`);
    expect(answer.body).toMatchObject({ status: "down", reason: expect.stringMatching(/access token/) });
    world.sandbox.change({ account: { token: "valid" } });
    expect((await admin.post<ProviderHealth>(`/api/v1/providers/${id}/verify`)).body.status).toBe("ok");
  });

  test("syncs its templates on demand, and says so when Meta does not answer", async () => {
    const { id } = await connect();
    expect(await admin.post(`/api/v1/providers/${id}/sync-templates`)).toMatchObject({ status: 200, body: { added: 0, updated: 0, removed: 0 } });
    await sql`update templates set category = 'AUTHENTICATION' where provider_id = ${id} and name = 'order_ready'`.execute(world.database.db);
    expect(await admin.post(`/api/v1/providers/${id}/sync-templates`)).toMatchObject({ status: 200, body: { updated: 1 } });
    const { items } = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=template.synced")).body;
    expect(items).toMatchObject([{ target: { id }, detail: { added: 0, updated: 1, removed: 0 } }]);
    world.sandbox.change({ account: { token: "invalid" } });
    expect(await admin.post(`/api/v1/providers/${id}/sync-templates`)).toMatchObject({ status: 502, body: { error: { code: "provider_unreachable" } } });
  });

  test("goes faster when Meta raises its throughput", async () => {
    const { id } = await connect();
    const heard: string[] = [];
    const signals = laneSignals(world.database, (signal, laneId) => heard.push(`${signal} ${laneId}`));
    await signals.open();
    world.sandbox.change({ throughput: { messagesPerSecond: 1000 } });
    expect((await admin.post<ProviderHealth>(`/api/v1/providers/${id}/verify`)).body.throughput).toEqual({ level: "HIGH", perSecond: 1000 });
    await expect.poll(() => heard).toEqual([`changed ${id}`]);
    await admin.post(`/api/v1/providers/${id}/verify`);
    await signals.close();
    expect(heard).toEqual([`changed ${id}`]);
  });

  test("sends no faster than its owner says, nor than Meta's level", async () => {
    const { id, maxPerSecond } = await connect({ maxPerSecond: 20 });
    const { database, core, registry } = world;
    const rate = async () => (await openProvider({ db: database.db, secrets: core.secrets, reach: { sandbox: true, allowedHosts: [] }, registry }, workspaceId, id))?.limits.ratePerSecond;
    const limit = async (given: unknown) => {
      const { status, body } = await admin.patch<CloudApiProvider>(`/api/v1/providers/${id}`, { maxPerSecond: given });
      return [status, body.maxPerSecond, await rate()];
    };
    expect([maxPerSecond, await rate()]).toEqual([20, 20]);
    expect((await admin.patch<CloudApiProvider>(`/api/v1/providers/${id}`, { nickname: "Shop" })).body.maxPerSecond).toBe(20);
    expect(await limit(500)).toEqual([200, 500, 80]);
    expect(await limit(null)).toEqual([200, null, 80]);
    expect(await admin.patch(`/api/v1/providers/${id}`, { maxPerSecond: 0 })).toMatchObject({ status: 400, body: { error: { field: "maxPerSecond" } } });
  });

  test("is looked at once an hour by one process", async () => {
    const { id } = await connect();
    world.sandbox.change({ account: { qualityRating: "RED" } });
    world.providers.upkeep.start();
    await expect.poll(async () => (await admin.get<ProviderHealth>(`/api/v1/providers/${id}/health`)).body).toMatchObject({ status: "degraded", quality: "RED" });
  });

  test("cannot be removed while a deployment uses it, and the deployment is named", async () => {
    const { id } = await connect();
    await sql`insert into deployments (workspace_id, id, platform, name, provider_id, token_hash, token_sealed, webhooks_sealed)
      values (${workspaceId}, ${uuidv7()}, 'clevertap', 'CleverTap production', ${id}, '', '', '')`.execute(world.database.db);
    expect(await admin.delete(`/api/v1/providers/${id}`)).toMatchObject({ status: 409, body: { error: { code: "provider_in_use", message: expect.stringContaining("CleverTap production") } } });
  });

  test("fails what still waits when it is removed, and the origins are told", async () => {
    const { id } = await connect();
    const waiting = message({ workspaceId, providerId: id, originId: uuidv7() });
    await accept(world.database.db, workspaceId, [waiting], []);
    expect((await admin.delete(`/api/v1/providers/${id}`)).status).toBe(204);
    expect(world.told.changes).toContainEqual(expect.objectContaining({ messageId: waiting.id, status: "failed" }));
    expect(await sql`select 1 from outbox`.execute(world.database.db)).toMatchObject({ rows: [] });
    expect((await admin.get(`/api/v1/providers/${id}`)).status).toBe(404);
  });

  test("has a lane that can be paused and resumed", async () => {
    const { id } = await connect();
    expect((await admin.get<List<unknown>>("/api/v1/lanes")).body.items).toMatchObject([{ id, kind: "provider", name: "Main", paused: false, queued: 0, breaker: { state: "closed" } }]);
    expect(await admin.post(`/api/v1/lanes/${id}/pause`)).toMatchObject({ status: 200, body: { paused: true, pausedBy: "Ada" } });
    expect(await admin.post(`/api/v1/lanes/${id}/resume`)).toMatchObject({ status: 200, body: { paused: false, pausedBy: null } });
    expect((await admin.post(`/api/v1/lanes/${uuidv7()}/pause`)).status).toBe(404);
    const audit = await admin.get<List<{ action: string }>>("/api/v1/audit?limit=3");
    expect(audit.body.items.map((entry) => entry.action)).toEqual(["lane.resumed", "lane.paused", "provider.created"]);
  });

  test("is listed page by page, by nickname", async () => {
    const { id } = await connect();
    await sql`
      insert into providers (workspace_id, id, kind, nickname, number, waba_id, phone_number_id, settings, secrets, max_concurrency)
      select workspace_id, gen_random_uuid(), kind, other.nickname, other.number, waba_id, phone_number_id || other.number, settings, secrets, max_concurrency
      from providers, (values ('Beta', '+15550100201'), ('Alpha', '+15550100202')) as other (nickname, number)
      where id = ${id}`.execute(world.database.db);
    const first = await admin.get<List<CloudApiProvider>>("/api/v1/providers?limit=2");
    const second = await admin.get<List<CloudApiProvider>>(`/api/v1/providers?limit=2&after=${first.body.next}`);
    expect([...first.body.items, ...second.body.items].map((p) => [p.nickname, p.default])).toEqual([["Alpha", false], ["Beta", false], ["Main", true]]);
    expect(second.body.next).toBeNull();
    expect((await admin.get<List<CloudApiProvider>>("/api/v1/providers?q=alp")).body.items).toHaveLength(1);
  });
});

describe("Log in with Facebook", () => {
  const finishDialog = async (body: object): Promise<{ code: string; data: { waba_id: string; phone_number_id: string } }> =>
    (await (await fetch(`${world.sandbox.url}/dialog/oauth/finish`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) })).json()) as never;

  test("connects the number that was chosen in the dialog", async () => {
    const config = (await admin.get<EmbeddedSignupConfig>("/api/v1/providers/embedded-signup/config")).body;
    const dialog = new URL(config.dialogUrl!);
    expect(dialog.origin).toBe(world.sandbox.url);
    expect((await fetch(dialog)).status).toBe(200);
    const { code, data } = await finishDialog({ phoneNumberId: sandboxAccount.phoneNumberId, redirectUri: config.redirectUri });
    const state = dialog.searchParams.get("state");
    const answer = await admin.post<CloudApiProvider>("/api/v1/providers/embedded-signup", { code, state, wabaId: data.waba_id, phoneNumberId: data.phone_number_id, redirectUri: config.redirectUri });
    expect(answer).toMatchObject({ status: 201, body: { number: "+15550100199", health: { status: "ok" } } });
  });

  test("registers a number that was added in the dialog, and finds account and number by itself", async () => {
    const { code, data } = await finishDialog({ newNumber: "+15550100200", verifiedName: "New shop" });
    const script = await world.script("admin");
    const answer = await script.post<CloudApiProvider>("/api/v1/providers/embedded-signup", { code, phoneNumberId: data.phone_number_id });
    expect(answer).toMatchObject({ status: 201, body: { nickname: "New shop", number: "+15550100200", health: { numberStatus: "CONNECTED" } } });
  });

  test("refuses a code that was used, and an answer to a dialog nobody opened here", async () => {
    const script = await world.script("admin");
    expect(await script.post("/api/v1/providers/embedded-signup", { code: "used" })).toMatchObject({ status: 422, body: { error: { code: "signup_refused" } } });
    const { code } = await finishDialog({ phoneNumberId: sandboxAccount.phoneNumberId });
    expect(await admin.post("/api/v1/providers/embedded-signup", { code, state: "made up" })).toMatchObject({ status: 422, body: { error: { code: "signup_refused", field: "state" } } });
  });
});

describe("provisioning", () => {
  const provision = (change: Record<string, unknown> = {}) =>
    provisionProvider(world.providers.connect, { workspaceId, role: "admin", name: "Provisioning" }, { ...world.input, ...change } as never);

  test("connects a number and has its templates when it is done; a second time changes nothing", async () => {
    await provision();
    const [provider] = (await admin.get<List<CloudApiProvider>>("/api/v1/providers")).body.items;
    expect(provider).toMatchObject({ nickname: "Main", health: { status: "ok", templatesSyncedAt: expect.any(String) } });
    await provision();
    const [again] = (await admin.get<List<CloudApiProvider>>("/api/v1/providers")).body.items;
    expect(again).toMatchObject({ id: provider!.id, updatedAt: provider!.updatedAt, maxPerSecond: null });
    await provision({ maxPerSecond: 20 });
    expect((await admin.get<CloudApiProvider>(`/api/v1/providers/${provider!.id}`)).body.maxPerSecond).toBe(20);
  });

  test("saves a number even when Meta refuses it, and shows why", async () => {
    await provision({ accessToken: "nonsense" });
    await expect
      .poll(async () => (await admin.get<List<CloudApiProvider>>("/api/v1/providers")).body.items[0]?.health)
      .toMatchObject({ status: "down", reason: expect.stringMatching(/access token/) });
  });
});
