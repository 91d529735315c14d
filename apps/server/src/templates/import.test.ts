/** Tincan imports from Tincan: a generic provider whose endpoint and import URL are those of this server's own platform deployment. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { Deployment, List, Provider, Template, TemplateImportPreview, TemplateImportResult } from "@tincan/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { body, plain, refusal, startTemplateWorld, type TemplateWorld } from "./test/world.ts";

let world: TemplateWorld;
let mirror: Provider;
/** Approved before the first import, and changed after it. */
let moving: Template;

beforeAll(async () => {
  world = await startTemplateWorld();
  world.sandbox.change({ templates: { reviewMs: 0, editedStaysSendable: true } });
  const { body: deployment } = await world.api.post<Deployment>("/api/v1/deployments", { platform: "clevertap", name: "Mirror", provider: "Main", webhooks: {} });
  const answer = await world.api.post<Provider>("/api/v1/providers", {
    kind: "generic", nickname: "Mirror", number: "+15550100200", endpoint: deployment.callbackUrl, headers: [{ key: "Token", value: deployment.token }],
    templateImport: { url: deployment.templateImportUrl, limit: 50 },
  });
  expect(answer).toMatchObject({ status: 201 });
  mirror = answer.body;
  const created = await world.create({ ...plain("moving"), submit: true });
  moving = await world.becomes(created.body.id, "APPROVED");
  await world.api.post(`/api/v1/providers/${world.provider.id}/sync-templates`);
});
afterAll(() => world.stop());

const preview = (more: object = {}) => world.api.post<TemplateImportPreview>("/api/v1/templates/import", { providerId: mirror.id, ...more });
const apply = (id: string) => world.api.post<TemplateImportResult>("/api/v1/templates/import/apply", { id });
const mirrored = async () => (await world.api.get<List<Template>>(`/api/v1/templates?provider=${mirror.id}`)).body.items;
const names = (list: { name: string }[]) => list.map(({ name }) => name);

test("shows what would change, and changes nothing before it is applied", async () => {
  const { status, body: shown } = await preview();
  expect(status).toBe(200);
  expect(names(shown.new)).toEqual(["hello_world", "moving", "order_ready", "spring_offer"]);
  expect(shown).toMatchObject({ pages: 1, changed: [], gone: [], unchanged: 0, rejected: [] });
  expect(await mirrored()).toEqual([]);
  expect((await apply(shown.id)).body).toEqual({ added: 4, updated: 0, removed: 0, unchanged: 0, drafts: [] });
  const templates = await mirrored();
  expect(templates).toMatchObject([{ name: "hello_world", status: "APPROVED", provider: { kind: "generic" } }, { name: "moving" }, { name: "order_ready" }, { name: "spring_offer" }]);
  expect(templates.every(({ externalId }) => externalId !== null)).toBe(true);
});

test("a second import shows what is new, changed and gone, and leaves what was written by hand", async () => {
  const { body: byHand } = await world.create({ ...plain("by_hand"), provider: mirror.id, submit: true });
  expect(byHand).toMatchObject({ status: "APPROVED", externalId: null });
  const { body: fresh } = await world.create({ ...plain("fresh"), submit: true });
  await world.becomes(fresh.id, "APPROVED");
  const [offer] = (await world.api.get<List<Template>>(`/api/v1/templates?provider=${world.provider.id}&q=spring_offer`)).body.items;
  await world.api.patch(`/api/v1/templates/${moving.id}`, { components: [body("Your moving has changed its words since.")] });
  await world.api.delete(`/api/v1/templates/${offer!.id}`);

  const { body: shown } = await preview();
  expect(names(shown.new)).toEqual(["fresh"]);
  const changes = [{ field: "components[0].text", before: expect.stringContaining("picked up"), after: "Your moving has changed its words since." }];
  expect(shown.changed).toEqual([{ name: "moving", language: "en", category: "UTILITY", status: "APPROVED", changes }]);
  expect(names(shown.gone)).toEqual(["spring_offer"]);
  expect(shown.unchanged).toBe(2);
  expect((await apply(shown.id)).body).toEqual({ added: 1, updated: 1, removed: 1, unchanged: 2, drafts: [] });
  expect(names(await mirrored())).toEqual(["by_hand", "fresh", "hello_world", "moving", "order_ready"]);
});

test("links of the click domain become tracked, and what else is kept about buttons stays", async () => {
  const [order] = (await mirrored()).filter(({ name }) => name === "order_ready");
  const buttons = order!.components.find(({ type }) => type === "BUTTONS")!.buttons!;
  const link = buttons.findIndex(({ type }) => type === "URL");
  const reply = buttons.findIndex(({ type }) => type === "QUICK_REPLY");
  await world.api.patch(`/api/v1/templates/${order!.id}`, { buttonSettings: [{ index: reply, payload: "HELP" }] });
  const { body: shown } = await preview({ clickDomain: new URL(buttons[link]!.url!.replace(/\{\{.*/, "")).hostname });
  expect(shown.changed.map(({ name, changes }) => [name, changes.map(({ field }) => field)])).toEqual([["order_ready", ["buttonSettings[0]"]]]);
  await apply(shown.id);
  expect((await world.template(order!.id)).buttonSettings).toEqual([{ index: reply, payload: "HELP" }, { index: link, tracked: true }]);
});

test("when a template changed since the difference was shown, nothing is applied", async () => {
  const { body: newer } = await world.create({ ...plain("newer"), submit: true });
  await world.becomes(newer.id, "APPROVED");
  const { body: shown } = await preview();
  const [hello] = (await mirrored()).filter(({ name }) => name === "hello_world");
  await world.api.patch(`/api/v1/templates/${hello!.id}`, { components: [body("Somebody typed something else here.")] });
  expect(refusal(await apply(shown.id))).toEqual({ status: 409, code: "template_import_outdated" });
  expect(names(await mirrored())).not.toContain("newer");
  const { body: again } = await preview();
  expect(names(again.changed)).toEqual(["hello_world"]);
  expect((await apply(again.id)).body).toMatchObject({ added: 1, updated: 1 });
  expect(refusal(await apply(again.id))).toEqual({ status: 404, code: "template_import_not_found" });
});

test("a draft of a template that the provider lists is shown beside what is new, and kept under another name", async () => {
  const { body: listed } = await world.create({ ...plain("twofold"), submit: true });
  await world.becomes(listed.id, "APPROVED");
  const { body: draft } = await world.create({ ...plain("twofold"), provider: mirror.id, components: [body("These words are mine and not done.")] });
  const { body: shown } = await preview();
  expect(shown).toMatchObject({ new: [{ name: "twofold" }], changed: [], drafts: [{ name: "twofold", language: "en" }] });
  expect((await apply(shown.id)).body).toMatchObject({ added: 1, drafts: [{ id: draft.id, name: "twofold", keptAs: "twofold_draft" }] });
  expect(await world.template(draft.id)).toMatchObject({ name: "twofold_draft", status: "DRAFT", components: draft.components });
  await world.api.delete(`/api/v1/templates/${draft.id}`);
});

test("a template written by hand is named as the provider names it, changes at any time, and can be written again after it was deleted", async () => {
  const input = { ...plain("hand"), name: "ACME:order.Ready-2", provider: mirror.id, submit: true };
  expect(refusal(await world.create({ ...input, parameterFormat: "NAMED" }))).toMatchObject({ status: 422, code: "template_invalid", field: "parameterFormat", expected: "generic.named" });
  expect(refusal(await world.create({ ...input, components: [body("word ".repeat(300))] }))).toMatchObject({ status: 422, field: "components[0].text", expected: "body.length" });
  const { body: written } = await world.create(input);
  expect(written).toMatchObject({ name: "ACME:order.Ready-2", status: "APPROVED" });
  for (const text of ["Your order waits at the door.", "Your order waits at the gate."]) {
    expect((await world.api.patch<Template>(`/api/v1/templates/${written.id}`, { components: [body(text)] })).body).toMatchObject({ status: "APPROVED", components: [{ text }] });
  }
  expect(refusal(await world.api.patch(`/api/v1/templates/${written.id}`, { components: [] }))).toMatchObject({ status: 422, code: "template_invalid" });
  await world.api.delete(`/api/v1/templates/${written.id}`);
  expect((await world.template(written.id)).status).toBe("DELETED");
  const again = await world.create(input);
  expect([again.status, again.body.status]).toEqual([201, "APPROVED"]);
  await world.api.delete(`/api/v1/templates/${again.body.id}`);
});

test("a template that is listed but cannot be read stays as it is", async () => {
  const server = createServer((_request, response) => void response.end(JSON.stringify({ data: [{ id: "1", name: "fresh", language: "en", status: "APPROVED", components: [] }] })));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  try {
    await world.api.patch(`/api/v1/providers/${mirror.id}`, { templateImport: { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`, limit: 50 } });
    const [before] = (await mirrored()).filter(({ name }) => name === "fresh");
    const { body: shown } = await preview();
    expect(shown).toMatchObject({ rejected: [{ message: expect.stringContaining("fresh") }], changed: [], unchanged: 1 });
    expect(names(shown.gone)).not.toContain("fresh");
    expect((await apply(shown.id)).status).toBe(200);
    expect(await world.template(before!.id)).toMatchObject({ status: "APPROVED", components: before!.components });
  } finally {
    server.close();
  }
});

test("a provider without an import URL, or that does not answer, says so", async () => {
  expect(refusal(await world.api.post("/api/v1/templates/import", { providerId: world.provider.id }))).toEqual({ status: 409, code: "template_import_not_set_up" });
  expect(refusal(await world.api.post("/api/v1/templates/import", { providerId: "nobody" }))).toMatchObject({ status: 404, code: "provider_not_found" });
  const dead = await world.api.patch(`/api/v1/providers/${mirror.id}`, { templateImport: { url: "http://127.0.0.1:1/templates", limit: 50 } });
  expect(dead.status).toBe(200);
  expect(refusal(await preview())).toEqual({ status: 502, code: "template_import_failed" });
});

test("an imported template is tested through the contract, over HTTP, down to the phone", async () => {
  const [fresh] = (await mirrored()).filter(({ name }) => name === "fresh");
  const { body: result } = await world.api.post<{ tests: { messageId: string }[] }>(`/api/v1/templates/${fresh!.id}/test`, { to: ["+15550107777"] });
  const { messageId } = result.tests[0]!;
  await expect.poll(async () => (await world.api.get<{ state: string }>(`/api/v1/messages/${messageId}`)).body.state, { timeout: 5000 }).toBe("submitted");
  const { body: trace } = await world.api.get<{ steps: { kind: string; body?: object }[] }>(`/api/v1/messages/${messageId}/trace`);
  expect(trace.steps.find(({ kind }) => kind === "answer")?.body).toMatchObject({ status: "success" });
  await expect
    .poll(async () => ((await (await fetch(`${world.sandbox.url}/sandbox/phones/15550107777/messages`)).json()) as object[]).length, { timeout: 5000 })
    .toBe(1);
});
