import type { AuditEntry, GenericProvider, List, ProviderHealth, ProviderReadiness, ProviderUses } from "@tincan/api";
import { parseSendRequest, isVerificationProbe } from "@tincan/clevertap";
import { sql } from "kysely";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { behaviours, Haptik } from "../../../../../tests/support/haptik.ts";
import type { Visitor } from "../../../../../tests/support/visitor.ts";
import { accept } from "../../ledger/accept.ts";
import { message } from "../../ledger/test-builders.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { provisionProvider } from "../provision.ts";
import { startWorld, type World } from "../test-world.ts";
import { sealAddresses } from "./stored.ts";

let world: World;
let haptik: Haptik;
let admin: Visitor;
let workspaceId: string;

beforeAll(async () => {
  [world, haptik] = await Promise.all([startWorld(), Haptik.start()]);
  admin = await world.admin();
  workspaceId = (await sql<{ id: string }>`select id from workspaces`.execute(world.database.db)).rows[0]!.id;
});
afterAll(async () => {
  await world.stop();
  await haptik.close();
});
afterEach(async () => {
  haptik.reset();
  await sql`delete from providers`.execute(world.database.db);
  await sql`delete from lanes`.execute(world.database.db);
  world.providers.connect.callbacks.forget();
});

const input = (change: object = {}) => ({
  kind: "generic", nickname: "Haptik", number: "918000000002", endpoint: haptik.endpoint, headers: [{ key: "Token", value: "a-long-secret-value" }], ...change,
});
const connect = (change: object = {}) => admin.post<GenericProvider>("/api/v1/providers", input(change));
const connected = async (change: object = {}): Promise<GenericProvider> => {
  const answer = await connect(change);
  expect(answer).toMatchObject({ status: 201 });
  return answer.body;
};
/** Its addresses among the readable settings, as they once were. */
async function saveAsBefore({ id, endpoint, templateImport, customKeys, autoReply, repeatIsHarmless }: GenericProvider): Promise<void> {
  const { secrets } = world.providers.connect;
  const settings = JSON.stringify({ wabaNumber: "918000000002", endpoint, customKeys, autoReply, templateImport, repeatIsHarmless });
  const sealed = secrets.seal(JSON.stringify({ headers: [{ key: "Token", value: "a-long-secret-value" }], auth: null }));
  await sql`update providers set settings = ${settings}::jsonb, secrets = ${sealed} where id = ${id}`.execute(world.database.db);
}
const count = async () => (await admin.get<List<GenericProvider>>("/api/v1/providers")).body.items.length;

describe("saving a generic provider", () => {
  test("asks the endpoint with the contract's verification request, in its headers, and then saves", async () => {
    const provider = await connected({ customKeys: [{ key: "team", value: "growth" }], default: true, maxConcurrency: 300 });
    expect(haptik.verifications).toHaveLength(1);
    const [{ path, headers, body }] = haptik.verifications as [Haptik["verifications"][number]];
    expect([path, headers["token"]]).toEqual(["/whatsapp/send?account=7", "a-long-secret-value"]);
    const parsed = parseSendRequest(body);
    expect(parsed.ok && isVerificationProbe(parsed.value)).toBe(true);
    expect(body).toMatchObject({ msgId: "0|0|0|0", wabaNumber: "918000000002", template: { languageCode: "en" } });
    expect(provider).toMatchObject({
      kind: "generic", number: "+918000000002", endpoint: haptik.endpoint, headers: [{ key: "Token", value: "••••alue" }], auth: null,
      customKeys: [{ key: "team", value: "growth" }], autoReply: { enabled: false, text: "" }, templateImport: null, repeatIsHarmless: false,
      maxConcurrency: 300, default: true, archivedAt: null, laneId: provider.id,
      health: { status: "ok", checks: [{ name: "endpoint", ok: true }], callbacks: { received: 0, lastStatusAt: null, warning: null } },
    });
    expect(provider.callbackUrls!.status).toMatch(new RegExp(`^${world.url}/wire/callbacks/[\\w-]{43}/status$`));
    expect(provider.callbackUrls!.inbound).toBe(provider.callbackUrls!.status.replace(/status$/, "inbound"));
  });

  test("keeps header values and addresses sealed, and shows callback URLs and more of an address than its host to nobody who may not change providers", async () => {
    const { id } = await connected({ auth: { kind: "basic", username: "ada", password: "a-long-password" }, templateImport: { url: "http://127.0.0.1:1/templates?key=a-long-key" } });
    const stored = JSON.stringify((await sql`select settings, encode(secrets, 'escape') as sealed from providers`.execute(world.database.db)).rows);
    expect(stored).not.toContain("a-long");
    expect(stored).not.toContain("account=7");
    const { body } = await (await world.script("member")).get<GenericProvider>(`/api/v1/providers/${id}`);
    expect(body).toMatchObject({ endpoint: `${new URL(haptik.endpoint).origin}/••••`, templateImport: { url: "http://127.0.0.1:1/••••" }, callbackUrls: null, previousCallbackUrls: null, headers: [{ value: "••••alue" }], auth: { username: "ada", password: "••••word" } });
  });

  test("seals the addresses of a provider that an earlier version saved, which goes on as before", async () => {
    const before = await connected({ templateImport: { url: "http://127.0.0.1:1/templates?key=a-long-key" } });
    await saveAsBefore(before);
    expect((await admin.get<GenericProvider>(`/api/v1/providers/${before.id}`)).body).toEqual(before);

    await sealAddresses(world.database.db, world.providers.connect.secrets);
    const stored = JSON.stringify((await sql`select settings from providers`.execute(world.database.db)).rows);
    expect(stored).not.toMatch(/account=7|a-long-key/);
    expect((await admin.get<GenericProvider>(`/api/v1/providers/${before.id}`)).body).toEqual(before);
    expect(await admin.post(`/api/v1/providers/${before.id}/verify`)).toMatchObject({ status: 200, body: { status: "ok" } });
    const [latest] = (await admin.get<List<AuditEntry>>("/api/v1/audit?limit=1")).body.items;
    expect(latest).toMatchObject({ action: "provider.verified", target: { id: before.id }, detail: { confirmed: true } });
  });

  test.each([
    ["refuses", behaviours.refuse(2000, "bad token"), "refused with 2000: bad token", { status: 200 }],
    ["answers 403", behaviours.denied, "does not accept", { status: 403, body: '{"message":"who are you"}' }],
    ["answers 429", behaviours.busy, "slow down", { status: 429 }],
    ["answers 500", behaviours.fault, "HTTP 500", { status: 500 }],
    ["answers a page and calls it JSON", behaviours.pageAsJson, "not JSON", { contentType: "application/json", body: "<html>Welcome</html>" }],
    ["answers nothing", behaviours.empty, "empty body", { status: 200, body: "" }],
    ["points elsewhere", behaviours.redirect, "HTTP 302", { status: 302 }],
    ["cuts the line", behaviours.cut, "could not be asked", { status: null }],
  ] as const)("saves nothing when the endpoint %s, and shows the raw answer", async (_name, behaviour, words, answer) => {
    haptik.behaviour = behaviour;
    expect(await connect()).toMatchObject({
      status: 422, body: { error: { code: "endpoint_not_verified", field: "endpoint", message: expect.stringContaining(words), answer: { ms: expect.any(Number), ...answer } } },
    });
    expect(await count()).toBe(0);
  });

  test("gives the endpoint one second", async () => {
    haptik.behaviour = behaviours.hang;
    const started = performance.now();
    expect(await connect()).toMatchObject({ status: 422, body: { error: { message: expect.stringContaining("within one second"), answer: { status: null } } } });
    expect(performance.now() - started).toBeLessThan(1_900);
    haptik.behaviour = (_request, response) => {
      response.writeHead(200, { "content-type": "application/json" });
      response.write('{"status":');
    };
    expect(await connect()).toMatchObject({ status: 422, body: { error: { answer: { status: 200, contentType: "application/json", body: '{"status":' } } } });
    expect(await count()).toBe(0);
  });

  test("does not mind a success under a wrong content type", async () => {
    haptik.behaviour = behaviours.acceptAsHtml;
    await connected();
  });

  test.each([
    ["a plain http address", { endpoint: "http://provider.example/send" }, "address_not_allowed", "endpoint"],
    ["an address inside a private network", { endpoint: "https://10.0.0.8/send" }, "address_not_allowed", "endpoint"],
    ["a template import address inside a private network", { templateImport: { url: "https://10.0.0.8/templates" } }, "address_not_allowed", "templateImport.url"],
    ["a page of 20 templates", { templateImport: { url: "https://provider.example/t", limit: 20 } }, "invalid_input", "templateImport.limit"],
    ["a header that belongs to the connection", { headers: [{ key: "Host", value: "x" }] }, "invalid_input", "headers[0].key"],
    ["a header on two lines", { headers: [{ key: "Token", value: "a\r\nX: y" }] }, "invalid_input", "headers[0].value"],
    ["a header given twice", { headers: [{ key: "Token", value: "a" }, { key: "token", value: "b" }] }, "invalid_input", "headers[1].key"],
    ["an auto-reply without a text", { autoReply: { enabled: true, text: " " } }, "invalid_input", "autoReply.text"],
    ["more than 1,000 requests at once", { maxConcurrency: 1001 }, "invalid_input", "maxConcurrency"],
    ["a custom key given twice", { customKeys: [{ key: "a", value: "1" }, { key: "a", value: "2" }] }, "invalid_input", "customKeys[1].key"],
  ])("refuses %s by name", async (_name, change, code, field) => {
    expect(await connect(change)).toMatchObject({ status: 400, body: { error: { code, field } } });
    expect(haptik.verifications).toHaveLength(0);
  });
});

describe("changing a generic provider", () => {
  const patch = (id: string, body: object) => admin.patch<GenericProvider>(`/api/v1/providers/${id}`, body);

  test("asks the endpoint again when what it sees changes, and keeps what was there when it refuses", async () => {
    const { id } = await connected();
    await patch(id, { nickname: "Haptik two", autoReply: { enabled: true, text: "We will be back" }, repeatIsHarmless: true });
    expect(haptik.verifications).toHaveLength(1);
    haptik.behaviour = behaviours.denied;
    expect(await patch(id, { headers: [{ key: "Token", value: "another-secret" }] })).toMatchObject({ status: 422, body: { error: { code: "endpoint_not_verified", answer: { status: 403 } } } });
    expect((await admin.get(`/api/v1/providers/${id}`)).body).toMatchObject({ nickname: "Haptik two", headers: [{ key: "Token", value: "••••alue" }], autoReply: { enabled: true }, repeatIsHarmless: true });
  });

  test("keeps a header's value and a password that come back masked, and takes what is new", async () => {
    const { id } = await connected({ auth: { kind: "basic", username: "ada", password: "a-long-password" } });
    const changed = await patch(id, { headers: [{ key: "token", value: "••••alue" }, { key: "X-Team", value: "growth" }], auth: { kind: "basic", username: "grace", password: "••••word" } });
    expect(changed).toMatchObject({ status: 200, body: { headers: [{ key: "token", value: "••••alue" }, { key: "X-Team", value: "••••" }] } });
    expect(haptik.verifications.at(-1)!.headers).toMatchObject({ token: "a-long-secret-value", "x-team": "growth", authorization: `Basic ${Buffer.from("grace:a-long-password").toString("base64")}` });
    expect(await patch(id, { headers: [{ key: "Other", value: "••••alue" }] })).toMatchObject({ status: 400, body: { error: { field: "headers[0].value" } } });
    expect(await patch(id, { auth: null })).toMatchObject({ status: 200, body: { auth: null } });
  });

  test("refuses what only a Cloud API number has", async () => {
    const { id } = await connected();
    expect(await patch(id, { accessToken: "x" })).toMatchObject({ status: 400, body: { error: { field: "accessToken" } } });
  });

  test("verifying again shows what the endpoint says now", async () => {
    const { id } = await connected();
    haptik.behaviour = behaviours.fault;
    expect(await admin.post<ProviderHealth>(`/api/v1/providers/${id}/verify`)).toMatchObject({ status: 200, body: { status: "down", reason: expect.stringContaining("HTTP 500") } });
    haptik.behaviour = behaviours.accept;
    expect((await admin.post<ProviderHealth>(`/api/v1/providers/${id}/verify`)).body.status).toBe("ok");
  });
});

describe("a generic provider's life", () => {
  test("its checklist says what is still missing, and where it is done", async () => {
    const { id } = await connected();
    const steps = (await admin.get<ProviderReadiness>(`/api/v1/providers/${id}/readiness`)).body.steps;
    expect(steps.map((step) => [step.key, step.done])).toEqual([["number", true], ["credentials", true], ["callbacks", false], ["template", false]]);
    expect(steps[2]).toMatchObject({ link: `/channels/whatsapp/${id}`, detail: expect.stringContaining("no delivery report and no inbound message") });
  });

  test("the same checklist tells of a Cloud API number", async () => {
    const { body } = await admin.post<{ id: string }>("/api/v1/providers", world.input);
    const steps = (await admin.get<ProviderReadiness>(`/api/v1/providers/${body.id}/readiness`)).body.steps;
    expect(steps.map((step) => [step.key, step.done])).toEqual([["number", true], ["credentials", true], ["callbacks", false], ["template", true]]);
  });

  test("archived, it has no lane at work, keeps what waits, and comes back", async () => {
    const { id } = await connected();
    await accept(world.database.db, workspaceId, [message({ workspaceId, providerId: id, originId: uuidv7() })], []);
    expect((await admin.post<GenericProvider>(`/api/v1/providers/${id}/archive`)).body.archivedAt).toMatch(/^20/);
    expect((await admin.get<ProviderUses>(`/api/v1/providers/${id}/uses`)).body).toEqual({ deployments: [], campaigns: [], templates: 0, waiting: 1, underWay: 0 });
    expect((await connect({ nickname: "The number again" })).status).toBe(201);
    expect(await admin.post(`/api/v1/providers/${id}/unarchive`)).toMatchObject({ status: 409, body: { error: { code: "provider_number_taken" } } });
    await sql`delete from providers where nickname = 'The number again'`.execute(world.database.db);
    expect((await admin.post<GenericProvider>(`/api/v1/providers/${id}/unarchive`)).body.archivedAt).toBeNull();
  });

  test("its callback URLs are exchanged with an overlap, and at once without one", async () => {
    const { id, callbackUrls } = await connected();
    const report = (url: string) => fetch(url, { method: "POST", body: '{"statuses":[]}' }).then((answer) => answer.status);
    const rotated = await admin.post<GenericProvider>(`/api/v1/providers/${id}/rotate-callback-urls`, { overlapHours: 24 });
    expect(rotated.body.previousCallbackUrls).toMatchObject({ ...callbackUrls, until: expect.stringMatching(/^20/) });
    expect([await report(rotated.body.callbackUrls!.status), await report(callbackUrls!.status)]).toEqual([200, 200]);
    const again = await admin.post<GenericProvider>(`/api/v1/providers/${id}/rotate-callback-urls`, { overlapHours: 0 });
    expect([await report(again.body.callbackUrls!.status), await report(rotated.body.callbackUrls!.status), await report(callbackUrls!.status)]).toEqual([200, 404, 404]);
    expect(again.body.previousCallbackUrls).toBeNull();
  });
});

describe("provisioning", () => {
  const actor = () => ({ workspaceId, role: "admin" as const, name: "Provisioning" });

  test("saves a generic provider whether or not its endpoint confirms, with the secret the file chose; a second time changes nothing", async () => {
    haptik.behaviour = behaviours.fault;
    const entry = { ...input(), kind: "generic" as const, callbackSecret: "chosen-by-the-file-0123456789" };
    await provisionProvider(world.providers.connect, actor(), entry);
    const shown = async () => (await admin.get<List<GenericProvider>>("/api/v1/providers")).body.items[0]!;
    expect((await shown()).callbackUrls!.status).toBe(`${world.url}/wire/callbacks/chosen-by-the-file-0123456789/status`);
    await expect.poll(async () => (await shown()).health.status).toBe("down");
    const before = await shown();
    haptik.behaviour = behaviours.accept;
    await provisionProvider(world.providers.connect, actor(), entry);
    await expect.poll(async () => (await shown()).health.status, { timeout: 3000 }).toBe("ok");
    expect(await shown()).toMatchObject({ id: before.id, updatedAt: before.updatedAt, callbackUrls: before.callbackUrls });

    await provisionProvider(world.providers.connect, actor(), { ...entry, callbackSecret: "chosen-later-by-the-file-0123456789" });
    const log = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=provider.")).body.items.filter(({ target }) => target?.id === before.id);
    expect(log.map(({ action }) => action)).toEqual(["provider.callback_urls_rotated", "provider.created"]);
  });
});
