import type { AuditEntry, Callback, Deployment, ErrorBody, List, Message, MessageSummary, TestRequestResult, Trace } from "@tincan/api";
import { parseTemplatePage } from "@tincan/clevertap";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startTestServer, type TestServer } from "../../../../tests/support/server.ts";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { systemActor } from "../accounts/audit.ts";
import { uuidv7 } from "../database/uuid.ts";
import { ApiError } from "../http/errors.ts";
import { guardedConnector } from "../http/reachable.ts";
import type { LaneWork } from "../lanes/work.ts";
import { applyReceipts } from "../ledger/receipts.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import { messageRoutes } from "../ledger/messages.routes.ts";
import { TemplateRegistry } from "../templates/registry.ts";
import { findTemplateOf } from "../templates/store.ts";
import { storeTemplates } from "../templates/sync.ts";
import { Acceptance } from "./acceptance.ts";
import type { CallbackJob } from "./callback-jobs.ts";
import { openCallbackLane } from "./callback-lane.ts";
import { DeploymentDirectory } from "./directory.ts";
import { applyDeployment, type DeploymentEntry, type ManageDeps } from "./manage.ts";
import { deploymentRoutes } from "./routes.ts";
import { statusCallbacks } from "./status-callbacks.ts";
import { deploymentNames } from "./store.ts";
import { openPlatform } from "./test/platform.ts";
import { remoteTemplate, templateRequest, templates } from "./test/world.ts";
import { callbackSteps } from "./trace.ts";
import { WakeSoon } from "./wake-soon.ts";
import { deploymentWire } from "./wire.routes.ts";

let server: TestServer;
let admin: Visitor;
let manage: ManageDeps;
let platform: Awaited<ReturnType<typeof openPlatform>>;
let workspaceId: string;
const providerId = uuidv7();
const wakes = new WakeSoon(() => {}, 1);
const statusListeners: StatusListener[] = [statusCallbacks(wakes)];

beforeAll(async () => {
  platform = await openPlatform();
  server = await startTestServer({
    build: ({ settings, database, live, secrets, accounts }) => {
      const { db } = database;
      const registry = new TemplateRegistry({ db, live });
      const directory = new DeploymentDirectory({ db, live });
      const acceptance = new Acceptance({ db, listeners: statusListeners, onStored: () => {} });
      manage = { database, secrets, directory, policy: { sandbox: true, allowedHosts: [] } };
      const { publicUrl } = settings;
      const ownOrigin = () => `http://127.0.0.1:${settings.port}`;
      const findTemplate = (workspace: string, provider: string, name: string, language: string) => findTemplateOf(db, workspace, provider, name, language);
      return {
        api: [
          ...accounts.api,
          deploymentRoutes({ ...manage, registry, publicUrl, ownOrigin }),
          messageRoutes({ db, originNames: [deploymentNames], findTemplate, trace: [callbackSteps] }),
        ],
        wire: [deploymentWire({ db, directory, registry, acceptance, publicUrl })],
        appliers: [],
        seedDemo: async () => {},
        start: async () => {},
        stop: async () => {
          await acceptance.drained();
          wakes.close();
          directory.close();
          registry.close();
        },
      };
    },
  });
  admin = await server.admin();
  const { pool, db } = server.database;
  workspaceId = (await pool.query<{ id: string }>("select id from workspaces")).rows[0]!.id;
  await pool.query(
    `insert into providers (workspace_id, id, kind, nickname, number, secrets, max_concurrency) values ($1, $2, 'cloud-api', 'Main', '+15550100199', '', 200)`,
    [workspaceId, providerId],
  );
  const example = { header_handle: ["https://cdn.example.com/a.jpg"] };
  const illustrated = remoteTemplate("illustrated", [
    { type: "HEADER", format: "IMAGE", example },
    { type: "BODY", text: "Hi {{1}}, order {{2}} is ready.", example: { body_text: [["Ada", "A-1042"]] } },
    { type: "BUTTONS", buttons: [{ type: "URL", text: "See", url: "https://shop.example/o/{{1}}", example: ["https://shop.example/o/A-1042"] }, { type: "QUICK_REPLY", text: "Fine" }] },
  ]);
  await storeTemplates(db, workspaceId, providerId, [...templates, illustrated]);
});
afterAll(async () => {
  await server.stop();
  await platform.close();
});

let made: Deployment;
let name = 0;
beforeEach(async () => {
  made = await make({ webhooks: { status: platform.status, inbound: null } });
});

async function make(more: object = {}): Promise<Deployment> {
  const answer = await admin.post<Deployment>("/api/v1/deployments", { platform: "clevertap", name: `CleverTap ${++name}`, provider: "Main", ...more });
  expect(answer.status).toBe(201);
  return answer.body;
}

const post = (deployment: Deployment, body: object, token = deployment.token) => server.visitor().post(`/wire/clevertap/${deployment.id}/messages`, body, { token });
const openLane = () => {
  const { database, live, secrets } = server.core;
  const media = { publish: () => Promise.reject(new Error("no media in these tests")) };
  return openCallbackLane({ db: database.db, live, secrets, media, connect: guardedConnector({ sandbox: true, allowedHosts: [] }), wake: () => {} })(workspaceId, made.id);
};
const url = (path = "") => `/api/v1/deployments/${made.id}${path}`;

describe("a platform deployment", () => {
  test("is made with a Callback URL, a Token and an import URL, and works at once", async () => {
    expect(made).toMatchObject({
      platform: "clevertap", provider: { id: providerId, nickname: "Main", number: "+15550100199" },
      callbackUrl: `${server.url}/wire/clevertap/${made.id}/messages`, templateImportUrl: `${server.url}/wire/clevertap/${made.id}/templates`,
      webhooks: { status: platform.status, inbound: null }, settings: { trialPolicy: "check", callbackBatchSize: 100 }, callbacks: { status: "ok", laneId: made.id },
    });
    expect(made.token.length).toBeGreaterThan(30);
    expect((await post(made, templateRequest())).body).toEqual({ status: "success" });
    expect((await admin.get<Deployment>(url())).body.lastRequestAt).not.toBeNull();
    expect((await server.database.pool.query("select kind from lanes where id = $1", [made.id])).rows).toEqual([{ kind: "platform" }]);
  });

  test("shows its Token and its webhooks' paths to admins alone, and is kept from agents", async () => {
    const member = await server.script("member");
    const { body } = await member.get<Deployment>(url());
    expect(body.token).toBe(`••••${made.token.slice(-4)}`);
    expect(body.webhooks.status).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/••••$/);
    expect((await member.patch(url(), { name: "Mine" })).status).toBe(403);
    expect((await (await server.script("agent")).get(url())).status).toBe(403);
  });

  test("keeps no secret readable in the database", async () => {
    const { rows } = await server.database.pool.query("select d::text as row from deployments d where id = $1", [made.id]);
    expect(rows[0].row).not.toContain(made.token);
    expect(rows[0].row).not.toContain("dlr");
  });

  test("takes a new Token at once and refuses the old one", async () => {
    const rotated = (await admin.post<Deployment>(url("/rotate-token"))).body;
    expect(rotated.token).not.toBe(made.token);
    expect((await post(made, templateRequest())).body).toMatchObject({ error: { code: 2000 } });
    expect((await post(made, templateRequest(), rotated.token)).body).toEqual({ status: "success" });
  });

  test("is changed, found and removed, and the audit log tells it without secrets", async () => {
    const { body } = await admin.patch<Deployment>(url(), { name: `Renamed ${name}`, webhooks: { inbound: platform.inbound }, settings: { callbackBatchSize: 10, othersAsText: true } });
    expect(body).toMatchObject({ name: `Renamed ${name}`, webhooks: { status: platform.status, inbound: platform.inbound }, settings: { trialPolicy: "check", callbackBatchSize: 10, othersAsText: true } });
    expect((await admin.get<List<Deployment>>(`/api/v1/deployments?q=renamed ${name}&provider=Main`)).body.items.map((item) => item.id)).toEqual([made.id]);
    expect((await admin.delete(url())).status).toBe(204);
    expect((await admin.get<List<Deployment>>("/api/v1/deployments")).body.items.map((item) => item.id)).not.toContain(made.id);
    expect(await admin.get<ErrorBody>(url())).toMatchObject({ status: 404, body: { error: { code: "deployment_not_found" } } });
    expect((await post(made, templateRequest())).body).toMatchObject({ error: { code: 2000 } });
    const audit = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=deployment&limit=3")).body.items;
    expect(audit.map((entry) => entry.action)).toEqual(["deployment.removed", "deployment.changed", "deployment.created"]);
    expect(audit[1]!.detail).toEqual({ changed: ["name", "webhooks.inbound", "settings.callbackBatchSize", "settings.othersAsText"] });
    expect(JSON.stringify(audit)).not.toContain(made.token);
  });

  test("is listed page by page, newest first", async () => {
    const second = await make();
    const first = (await admin.get<List<Deployment>>("/api/v1/deployments?limit=1")).body;
    expect(first.items.map((item) => item.id)).toEqual([second.id]);
    const next = (await admin.get<List<Deployment>>(`/api/v1/deployments?limit=1&after=${first.next}`)).body;
    expect(next.items.map((item) => item.id)).toEqual([made.id]);
  });

  test("is refused by name for a taken name, an unknown provider, an address that may not be called, a wrong shape", async () => {
    const refusal = async (more: object) => (await admin.post<ErrorBody>("/api/v1/deployments", { platform: "clevertap", name: "New one", provider: "Main", ...more })).body.error;
    expect(await refusal({ name: made.name })).toMatchObject({ code: "deployment_name_taken", field: "name" });
    expect(await refusal({ provider: "Nobody" })).toMatchObject({ code: "provider_not_found", field: "provider" });
    expect(await refusal({ webhooks: { status: "http://example.com/dlr" } })).toMatchObject({ code: "address_not_allowed", field: "webhooks.status" });
    expect(await refusal({ webhooks: { inbound: "https://10.0.0.1/imo" } })).toMatchObject({ code: "address_not_allowed", field: "webhooks.inbound" });
    expect(await refusal({ settings: { trialPolicy: "maybe" } })).toMatchObject({ code: "invalid_input", field: "settings.trialPolicy" });
    expect(await refusal({ platform: "moengage" })).toMatchObject({ code: "invalid_input", field: "platform" });
  });

  test("says so when the platform hears nothing", async () => {
    expect((await make()).callbacks).toMatchObject({ status: "unset", reason: expect.stringContaining("No webhook URL") });
  });
});

describe("provisioning", () => {
  const apply = (entry: DeploymentEntry) => applyDeployment(manage, systemActor(workspaceId, "Provisioning"), entry);

  test("chooses id and token, changes what differs, and does nothing the second time", async () => {
    const entry = { platform: "clevertap" as const, name: "Provisioned", provider: "Main", id: "clevertap-prod", token: "a-given-token", webhooks: { status: platform.status } };
    await apply(entry);
    await apply(entry);
    const shown = (await admin.get<Deployment>("/api/v1/deployments/clevertap-prod")).body;
    expect(shown).toMatchObject({ id: "clevertap-prod", token: "a-given-token", callbackUrl: `${server.url}/wire/clevertap/clevertap-prod/messages` });
    expect((await post(shown, templateRequest())).body).toEqual({ status: "success" });
    await apply({ ...entry, token: "another-token" });
    expect((await post(shown, templateRequest())).body).toMatchObject({ error: { code: 2000 } });
    const audit = (await admin.get<List<AuditEntry>>("/api/v1/audit?action=deployment&limit=2")).body.items;
    expect(audit.map((item) => [item.action, item.detail])).toEqual([["deployment.changed", { changed: ["token"] }], ["deployment.created", expect.anything()]]);
  });

  test("finds a deployment by its name when no id is given", async () => {
    await apply({ platform: "clevertap", name: made.name, provider: "Main", settings: { callbackBatchSize: 7 } });
    expect((await admin.get<Deployment>(url())).body).toMatchObject({ token: made.token, settings: { callbackBatchSize: 7 }, webhooks: { status: platform.status } });
  });

  test("names what is wrong", async () => {
    await expect(apply({ platform: "clevertap", name: "Broken", provider: "Nobody" })).rejects.toBeInstanceOf(ApiError);
    await expect(apply({ platform: "clevertap", name: made.name, provider: "Main", id: "other-id" })).rejects.toMatchObject({ code: "deployment_name_taken" });
  });
});

describe("a test request", () => {
  const ask = (input: object) => admin.post<TestRequestResult>(url("/test-request"), { to: "+919800000001", ...input });

  test("goes over HTTP to the deployment's own Callback URL and answers each hop and our id", async () => {
    const { status, body } = await ask({ kind: "template", template: "illustrated" });
    expect(status).toBe(200);
    expect(body.request).toMatchObject({
      method: "POST", url: made.callbackUrl, headers: { Token: made.token },
      body: { isTemplate: true, wabaNumber: "15550100199", template: { namespace: "illustrated", languageCode: "en" }, msgId: expect.stringMatching(/^1\|\d{10}\|\d{8}\|\d+$/) },
    });
    expect(body.response).toMatchObject({ status: 200, body: { status: "success" } });
    const message = (await admin.get<Message>(`/api/v1/messages/${body.messageId}`)).body;
    expect(message.content).toMatchObject({ type: "template", header: { media: { link: "https://cdn.example.com/a.jpg" } }, body: [{ text: "Ada" }, { text: "A-1042" }], buttons: [{ kind: "url", suffix: "A-1042" }] });
    const [entry] = (await admin.get<List<AuditEntry>>("/api/v1/audit")).body.items;
    expect(entry).toMatchObject({ action: "deployment.tested", target: { kind: "deployment", id: made.id }, detail: { message: body.messageId } });
  });

  test("with given values, or of a text, stores those", async () => {
    const { body } = await ask({ kind: "template", template: "two_values", language: "en_GB", values: ["Ravi", "7"] });
    expect((await admin.get<Message>(`/api/v1/messages/${body.messageId}`)).body).toMatchObject({ summary: "two_values · Ravi · 7", template: { name: "two_values", language: "en_GB" } });
    const text = await ask({ kind: "text", text: "Hello" });
    expect((await admin.get<Message>(`/api/v1/messages/${text.body.messageId}`)).body).toMatchObject({ state: "failed", error: { code: "1008", fix: "Send an approved template instead." } });
  });

  test("shows what the platform would be told of a mistake, and of its probe", async () => {
    expect((await ask({ kind: "template", template: "nothing_like_it" })).body).toMatchObject({ response: { status: 200, body: { status: "failure", error: { code: 2001 } } }, messageId: null });
    expect((await ask({ kind: "template", template: "two_values", values: ["a", "b", "c"] })).body.response.body).toMatchObject({ error: { message: expect.stringContaining("body has 3 values, the template needs 2") } });
    expect((await ask({ kind: "probe" })).body).toMatchObject({ response: { body: { status: "success" } }, messageId: null });
    expect(await ask({ kind: "template" })).toMatchObject({ status: 400, body: { error: { field: "template" } } });
  });
});

describe("template import", () => {
  const pull = async (path: string, token = made.token) => (await fetch(path, { headers: { token } })).json();

  test("pages through the approved templates in Meta's shape until there is no next", async () => {
    const names: string[] = [];
    let next: string | undefined = `${made.templateImportUrl}?limit=2`;
    while (next !== undefined) {
      const page = parseTemplatePage(await pull(next));
      if (!page.ok) throw new Error(page.error.message);
      expect(page.value.rejected).toEqual([]);
      names.push(...page.value.templates.map((template) => `${template.name} ${template.language} ${template.status}`));
      expect(page.value.next === undefined).toBe(page.value.after === undefined);
      next = page.value.next;
    }
    expect(names).toEqual(["illustrated en APPROVED", "news en APPROVED", "order_ready en APPROVED", "plain en APPROVED", "two_values en APPROVED", "two_values en_GB APPROVED"]);
  });

  test("asks for the Token, and takes any limit and cursor", async () => {
    const refused = await fetch(made.templateImportUrl, { headers: { token: "wrong" } });
    expect({ status: refused.status, body: await refused.json() }).toMatchObject({ status: 401, body: { status: "failure", error: { code: 2000 } } });
    for (const query of ["limit=0", "limit=abc", "limit=99999", "after=%00", "after=nonsense", "limit=1&limit=2"]) {
      expect(await pull(`${made.templateImportUrl}?${query}`)).toMatchObject({ data: expect.any(Array) });
    }
    const { paging, data } = (await pull(`${made.templateImportUrl}?limit=1`)) as { paging: { next: string; cursors: { after: string } }; data: object[] };
    const [repeated] = ((await pull(`${paging.next}&after=${paging.cursors.after}`)) as { data: object[] }).data;
    expect(repeated).not.toEqual(data[0]);
  });
});

describe("messages", () => {
  async function stored(more: Record<string, unknown> = {}): Promise<MessageSummary> {
    const request = templateRequest(more);
    await post(made, request);
    const { body } = await admin.get<List<MessageSummary>>(`/api/v1/messages?q=${encodeURIComponent(request.msgId)}`);
    expect(body.items).toHaveLength(1);
    return body.items[0]!;
  }

  test("are found by msgId, by number with and without +, and by our id", async () => {
    const message = await stored({ to: "+919800004242" });
    expect(message).toMatchObject({ to: "+919800004242", state: "queued", summary: "two_values · Ravi · 42", origin: { kind: "deployment", id: made.id, name: made.name }, provider: { nickname: "Main" } });
    for (const q of ["919800004242", "%2B919800004242", message.id, encodeURIComponent(message.msgId!)]) {
      expect((await admin.get<List<MessageSummary>>(`/api/v1/messages?q=${q}`)).body.items.map((item) => item.id)).toEqual([message.id]);
    }
    expect((await admin.get<List<MessageSummary>>("/api/v1/messages?q=no-such-id")).body).toEqual({ items: [], next: null });
  });

  test("with the trial's id are found among the newest", async () => {
    await post(made, templateRequest({ msgId: "0|0|0|0", to: "+919800004300" }));
    const { items } = (await admin.get<List<MessageSummary>>("/api/v1/messages?q=0%7C0%7C0%7C0")).body;
    expect(items[0]).toMatchObject({ msgId: "0|0|0|0", to: "+919800004300" });
  });

  test("are filtered by state, origin, provider and time, and paged without gaps or repeats", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) ids.unshift((await stored()).id);
    const seen: string[] = [];
    let next: string | null = "";
    while (next !== null && seen.length < 5) {
      const page: List<MessageSummary> = (await admin.get<List<MessageSummary>>(`/api/v1/messages?limit=2&state=queued&origin=deployment&provider=${providerId}${next && `&after=${next}`}`)).body;
      seen.push(...page.items.map((item) => item.id));
      next = page.next;
    }
    expect(seen.slice(0, 5)).toEqual(ids);
    const count = async (query: string) => (await admin.get<List<MessageSummary>>(`/api/v1/messages?${query}`)).body.items.length;
    expect(await count(`to=${encodeURIComponent("2020-01-01T00:00:00Z")}`)).toBe(0);
    expect(await count(`from=${encodeURIComponent("2020-01-01T00:00:00Z")}&limit=3`)).toBe(3);
    expect(await count(`q=${encodeURIComponent("+919800000001")}&state=read`)).toBe(0);
    expect(await count("origin=campaign")).toBe(0);
  });

  test("are found by a step they took, whatever came after it, browsed or searched", async () => {
    const number = "+919800004400";
    const [none, delivered, read, clicked, failed] = [await stored({ to: number }), await stored({ to: number }), await stored({ to: number }), await stored({ to: number }), await stored({ to: number })];
    const at = new Date();
    await server.database.db.transaction().execute((tx) =>
      applyReceipts(tx, workspaceId, providerId, [
        { messageId: delivered.id, status: "delivered", at },
        { messageId: read.id, status: "read", at },
        { messageId: clicked.id, status: "clicked", at },
        { messageId: clicked.id, status: "delivered", at },
        { messageId: failed.id, status: "failed", at, error: { source: "meta", code: 131026, title: "Message undeliverable" } },
      ], statusListeners),
    );
    const found = async (query: string) => {
      const [browsed, searched] = await Promise.all(["", `&q=${encodeURIComponent(number)}`].map(async (q) => (await admin.get<List<MessageSummary>>(`/api/v1/messages?limit=200&sort=createdAt&${query}${q}`)).body.items));
      expect(browsed!.filter((item) => item.to === number)).toEqual(searched);
      return searched!.map((item) => item.id);
    };
    expect(await found("")).toEqual([none.id, delivered.id, read.id, clicked.id, failed.id]);
    for (const step of ["submitted", "sent", "delivered"]) expect(await found(`reached=${step}`)).toEqual([delivered.id, read.id, clicked.id]);
    expect(await found("reached=read")).toEqual([read.id]);
    expect(await found("reached=clicked")).toEqual([clicked.id]);
    expect(await found("reached=failed")).toEqual([failed.id]);
    expect(await found("reached=delivered&state=read")).toEqual([read.id]);
    expect((await admin.get<ErrorBody>("/api/v1/messages?reached=queued")).status).toBe(400);
  });

  test("are listed oldest first on demand, page by page, whether browsed or searched", async () => {
    const newest = (await admin.get<List<MessageSummary>>("/api/v1/messages?limit=200")).body.items.map((item) => item.id);
    const pages = async (query: string) => {
      const ids: string[] = [];
      for (let next: string | null = ""; next !== null; ) {
        const page: List<MessageSummary> = (await admin.get<List<MessageSummary>>(`/api/v1/messages?sort=createdAt&limit=3&${query}${next && `&after=${next}`}`)).body;
        ids.push(...page.items.map((item) => item.id));
        next = page.next;
      }
      return ids;
    };
    expect(await pages("")).toEqual(newest.toReversed());
    const number = encodeURIComponent("+919800000001");
    const found = (await admin.get<List<MessageSummary>>(`/api/v1/messages?q=${number}&limit=200`)).body.items.map((item) => item.id);
    expect(await pages(`q=${number}`)).toEqual(found.toReversed());
  });

  test("of another workspace do not exist", async () => {
    const { id } = await stored();
    await server.database.pool.query("update messages set workspace_id = $2 where id = $1", [id, uuidv7()]);
    expect(await admin.get<ErrorBody>(`/api/v1/messages/${id}`)).toMatchObject({ status: 404, body: { error: { code: "message_not_found" } } });
    expect((await admin.get(`/api/v1/messages/${id}/trace`)).status).toBe(404);
    expect((await admin.get("/api/v1/messages/not-an-id")).status).toBe(404);
  });

  test("have a trace from the request to what the platform was told", async () => {
    const { id, msgId } = await stored();
    const { db, pool } = server.database;
    await db.transaction().execute((tx) => applyReceipts(tx, workspaceId, providerId, [{ messageId: id, status: "sent", at: new Date() }], statusListeners));
    await db.transaction().execute((tx) =>
      applyReceipts(tx, workspaceId, providerId, [{ messageId: id, status: "failed", at: new Date(), error: { source: "meta", code: 131026, title: "Message undeliverable" } }], statusListeners),
    );
    const owner = uuidv7();
    await pool.query("update lanes set owner = $2, lease_until = now() + interval '1 minute' where id = $1", [made.id, owner]);
    const lane = (await openLane()) as LaneWork<CallbackJob>;
    platform.answers((_path, _body, response) => void response.writeHead(400).end("no"));
    const [job] = await lane.claim(owner, 1);
    const startedAt = new Date();
    await lane.settle([{ job: job!, outcome: await lane.send(job!, new AbortController().signal), startedAt, endedAt: new Date() }]);
    await lane.close();

    const { steps } = (await admin.get<Trace>(`/api/v1/messages/${id}/trace`)).body;
    expect(steps.map((step) => step.kind)).toEqual(["received", "stored", "receipt", "receipt", "callback", "callback", "callback", "callback"]);
    expect(steps[0]!.body).toMatchObject({ msgId });
    expect(steps[3]).toMatchObject({ status: "failed", title: "Failed: Message undeliverable", detail: expect.stringContaining("not on WhatsApp") });
    expect(steps.slice(4).map((step) => step.status).sort()).toEqual(["failed", "failed", "waiting", "waiting"]);

    const callbacks = (await admin.get<List<Callback>>(url("/callbacks?state=retrying"))).body.items;
    expect(callbacks).toMatchObject([{ receipt: "failed", msgId, attempts: 1, lastError: "The platform answered HTTP 400" }, { receipt: "sent", messageId: id, url: platform.status }]);
    expect((await admin.get<Deployment>(url())).body.callbacks).toMatchObject({ status: "retrying", retrying: 2, reason: "The platform answered HTTP 400" });

    await pool.query("update callbacks set state = 'parked' where deployment_id = $1", [made.id]);
    expect((await admin.get<Deployment>(url())).body.callbacks).toMatchObject({ status: "parked", parked: 2 });
    expect((await admin.post(url("/callbacks/replay"), { ids: [callbacks[0]!.id, "nonsense"] })).body).toEqual({ replayed: 1 });
    expect((await admin.post(url("/callbacks/replay"), { all: true })).body).toEqual({ replayed: 1 });
    expect((await admin.post(url("/callbacks/replay"), {})).status).toBe(400);
    expect((await admin.get<List<Callback>>(url("/callbacks?state=waiting"))).body.items).toHaveLength(2);
  });
});
