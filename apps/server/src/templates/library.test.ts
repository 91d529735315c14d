import type { AuditEntry, Deployment, LibraryTemplate, LibraryTemplateInput, LibraryTemplateResult, List, Provider, Template } from "@tincan/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { plain, refusal, startTemplateWorld, type TemplateWorld } from "./test/world.ts";

let world: TemplateWorld;

beforeAll(async () => {
  world = await startTemplateWorld();
});
afterAll(() => world.stop());

const list = (query = "") => world.api.get<List<LibraryTemplate>>(`/api/v1/templates/library?provider=${world.provider.id}${query}`);
const make = (input: Partial<LibraryTemplateInput>) =>
  world.api.post<LibraryTemplateResult>("/api/v1/templates/library", { provider: world.provider.id, entry: "delivery_on_the_way", name: "on_its_way", languages: ["en_US"], ...input });
const missed = { entry: "delivery_missed", buttons: [{ index: 0, url: "https://shop.example/days/{{1}}", urlExample: "https://shop.example/days/a1" }, { index: 1, phoneNumber: "+15550100199" }] };

test("the library is shown a page at a time, filtered as Meta filters it", async () => {
  const first = await list("&limit=3&language=en_US");
  expect(first.status).toBe(200);
  expect(first.body.items.map(({ name }) => name)).toEqual(["order_confirmed", "delivery_on_the_way", "delivery_today"]);
  const second = await list(`&limit=3&language=en_US&after=${encodeURIComponent(first.body.next ?? "")}`);
  expect(second.body.items[0]?.name).toBe("delivery_missed");
  expect((await list("&topic=PAYMENTS&language=es&q=factura")).body.items.map(({ name }) => name)).toEqual(["payment_received", "invoice_due"]);
});

test("an entry is shown in all its languages by its name", async () => {
  const { items, next } = (await list("&name=payment_received")).body;
  expect(items.map(({ language }) => language)).toEqual(["en_US", "es", "de"]);
  expect(next).toBeNull();
  expect((await list("&name=payment")).body.items).toEqual([]);
});

test("a template is made in every language that was chosen, approved at once, with the links and numbers that were given", async () => {
  const { status, body } = await make({ ...missed, name: "we_missed_you", languages: ["en_US", "es"] });
  expect(status).toBe(201);
  expect(body.refused).toEqual([]);
  expect(body.items).toMatchObject(["en_US", "es"].map((language) => ({ name: "we_missed_you", language, status: "APPROVED", category: "UTILITY", externalId: expect.any(String) })));
  const { components } = await world.template(body.items[1]!.id);
  expect(components).toMatchObject([
    { type: "HEADER", text: "No te encontramos" },
    { type: "BODY", text: expect.stringContaining("{{1}}"), example: { body_text: [["A-1042"]] } },
    { type: "BUTTONS", buttons: [{ type: "URL", url: "https://shop.example/days/{{1}}", example: ["https://shop.example/days/a1"] }, { type: "PHONE_NUMBER", phone_number: "+15550100199" }] },
  ]);
});

test("the words of a one-time code are taken from what Meta made of it", async () => {
  const { body } = await make({ entry: "sign_in_code", name: "our_code", body: { addSecurityRecommendation: true, codeExpirationMinutes: 5 } });
  expect(body.items[0]).toMatchObject({ category: "AUTHENTICATION", components: [{ text: expect.stringContaining("do not share") }, { text: "This code expires in 5 minutes." }, { type: "BUTTONS" }] });
});

test("the audit says who made it, and of which entry", async () => {
  await make({ name: "audited" });
  const { items } = (await world.api.get<List<AuditEntry>>("/api/v1/audit")).body;
  const about = items.filter(({ target }) => target?.name === "audited (en_US)");
  expect(about.map(({ action }) => action).sort()).toEqual(["template.created", "template.submitted"]);
  expect(about.find(({ action }) => action === "template.created")?.detail).toEqual({ provider: world.provider.id, library: "delivery_on_the_way" });
});

test.each<[string, Partial<LibraryTemplateInput>, object]>([
  ["an entry that is not there", { entry: "no_such_thing" }, { status: 404, code: "template_library_entry_not_found", field: "entry" }],
  ["a language it is not written in", { languages: ["en_US", "fr"] }, { status: 404, code: "template_library_entry_not_found", field: "languages[1]" }],
  ["a link left out", { entry: "order_confirmed" }, { status: 422, code: "template_invalid", field: "buttons[0].url", expected: "button.url" }],
  ["a name that Meta does not take", { name: "Our:Name" }, { status: 422, code: "template_invalid", field: "name", expected: "name.format" }],
  ["a provider that is not there", { provider: "00000000-0000-7000-8000-000000000000" }, { status: 404, code: "provider_not_found", field: "provider" }],
])("%s is refused, and nothing is made", async (_, input, answer) => {
  expect(refusal(await make({ name: "never_made", ...input }))).toEqual(answer);
  expect((await world.api.get<List<Template>>("/api/v1/templates?q=never_made")).body.items).toEqual([]);
});

test("a language that is taken does not keep the others back, and is told", async () => {
  await world.create({ ...plain("half_taken"), language: "es" });
  const { status, body } = await make({ name: "half_taken", languages: ["es", "en_US"] });
  expect(status).toBe(201);
  expect(body.items.map(({ language }) => language)).toEqual(["en_US"]);
  expect(body.refused).toEqual([{ language: "es", code: "template_exists", message: expect.any(String) }]);
  expect(refusal(await make({ name: "half_taken", languages: ["es", "en_US"] }))).toMatchObject({ status: 409, code: "template_exists" });
});

test("what Meta says against it is told in its words, and leaves no draft behind", async () => {
  world.sandbox.change({ errors: [{ on: "templates", code: 100, skip: 1, times: 1 }] });
  expect(refusal(await make({ name: "refused_there" }))).toMatchObject({ status: 422, code: "template_refused" });
  expect((await world.api.get<List<Template>>("/api/v1/templates?q=refused_there")).body.items).toEqual([]);
});

test("a library that Meta does not give is told apart from an empty one", async () => {
  world.sandbox.change({ errors: [{ on: "templates", code: 10, times: 1 }] });
  expect(refusal(await list())).toMatchObject({ status: 502, code: "template_library_unavailable" });
  expect((await list("&q=nothing_like_this")).body).toEqual({ items: [], next: null });
});

test("a provider of the generic contract has no library", async () => {
  const { body: deployment } = await world.api.post<Deployment>("/api/v1/deployments", { platform: "clevertap", name: "Partner", provider: "Main", webhooks: {} });
  const input = { kind: "generic", nickname: "Partner", number: "+15550100201", endpoint: deployment.callbackUrl, headers: [{ key: "Token", value: deployment.token }] };
  const { body } = await world.api.post<Provider>("/api/v1/providers", input);
  expect(refusal(await world.api.get(`/api/v1/templates/library?provider=${body.id}`))).toEqual({ status: 409, code: "template_library_missing", field: "provider" });
  expect(refusal(await make({ provider: body.id }))).toMatchObject({ code: "template_library_missing" });
});

test("whoever may only look at templates sees the library and makes nothing of it", async () => {
  const viewer = await world.script("member");
  expect((await viewer.get(`/api/v1/templates/library?provider=${world.provider.id}`)).status).toBe(200);
  expect(refusal(await viewer.post("/api/v1/templates/library", { provider: world.provider.id, entry: "invoice_due", name: "x", languages: ["es"] })).status).toBe(403);
});
