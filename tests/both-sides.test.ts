/** The demo start runs both cans at once: what is sent through the generic provider comes out of a phone, and all that follows comes back. */
import type { Deployment, GenericProvider, List, Message, Provider, ProviderReadiness, Template, Trace } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { uuidv7 } from "../apps/server/src/database/uuid.ts";
import { accept } from "../apps/server/src/ledger/accept.ts";
import { message } from "../apps/server/src/ledger/test-builders.ts";
import type { NewMessage } from "../apps/server/src/ledger/types.ts";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Phone } from "./support/loop.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

const soon = { timeout: 15_000 };
let database: TestDatabase;
let tincan: Tincan;
let visitor: Visitor;
let haptik: GenericProvider;
let workspaceId: string;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  tincan = await Tincan.prepare({ env: { DATABASE_URL: database.url } });
  await tincan.start();
  const token = await vi.waitFor(() => /welcome\?token=([\w-]+)/.exec(tincan.said)![1], { timeout: 5000 });
  visitor = new Visitor(tincan.url);
  await visitor.get(`/welcome?token=${token}`);
  const { items } = (await visitor.get<List<Provider>>("/api/v1/providers")).body;
  haptik = items.find((each) => each.kind === "generic")!;
  workspaceId = (await sql<{ id: string }>`select workspace_id as id from providers limit 1`.execute(database.db)).rows[0]!.id;
});
afterAll(async () => {
  await tincan.remove();
  await database.drop();
});

/** As a campaign would ask for it. */
async function send(change: Partial<NewMessage>): Promise<string> {
  const one = message({ workspaceId, providerId: haptik.id, originId: uuidv7() }, { originKind: "api", ...change });
  await accept(database.db, workspaceId, [one], []);
  return one.id;
}
const state = async (id: string) => (await visitor.get<Message>(`/api/v1/messages/${id}`)).body.state;

test("the provider was confirmed by this server's own Callback URL, and its templates were imported from there", async () => {
  expect(haptik).toMatchObject({ nickname: "Haptik-style", endpoint: expect.stringContaining(`${tincan.url}/wire/clevertap/`), health: { status: "ok" }, default: false });
  const templates = (await visitor.get<List<Template>>(`/api/v1/templates?provider=${haptik.id}`)).body.items;
  expect(templates.map((template) => template.name)).toEqual(expect.arrayContaining(["hello_world", "order_ready", "spring_offer"]));
});

test("a template goes out over the contract to a phone; receipts, the answer and the checklist follow", async () => {
  const phone = new Phone(tincan.sandboxUrl, "15550100777");
  const id = await send({
    recipient: phone.number,
    content: {
      type: "template", name: "order_ready", language: "en",
      header: { kind: "image", media: { link: `${tincan.sandboxUrl}/sandbox/assets/order.png` } },
      body: [{ text: "Ravi" }, { text: "A-42" }],
      buttons: [{ kind: "url", index: 0, suffix: "t/42" }],
    },
  });
  await expect.poll(() => state(id), soon).toBe("delivered");
  const [received] = await phone.received();
  expect(received?.shown).toMatchObject({ body: expect.stringContaining("Hi Ravi, your order *A-42*"), buttons: [{ url: "https://shop.example/orders/t/42" }, {}] });
  await phone.reads();
  await expect.poll(() => state(id), soon).toBe("read");

  const { body: trace } = await visitor.get<Trace>(`/api/v1/messages/${id}/trace`);
  expect(trace.steps.find((step) => step.kind === "request")).toMatchObject({ title: "Sent to Haptik-style", body: { msgId: id, template: { namespace: "order_ready" } } });

  await phone.writes({ type: "text", text: { body: "On my way" }, replyTo: received!.id });
  const answers = async () =>
    (await sql`select content, sender from inbound_messages where provider_id = ${haptik.id} and reply_to = ${id}`.execute(database.db)).rows;
  await expect.poll(answers, soon).toEqual([{ content: { text: "On my way" }, sender: phone.number }]);

  const readiness = async () => (await visitor.get<ProviderReadiness>(`/api/v1/providers/${haptik.id}/readiness`)).body.steps.map((step) => [step.key, step.done]);
  await expect.poll(readiness, soon).toEqual([["number", true], ["credentials", true], ["callbacks", true], ["template", true]]);
});

test("what the far side refuses fails with the contract's code, and what fails later is told by a report", async () => {
  const refused = await send({ recipient: "+15550100778", content: { type: "template", name: "nobody_has_this", language: "en" } });
  await expect.poll(() => state(refused), soon).toBe("failed");
  expect((await visitor.get<Message>(`/api/v1/messages/${refused}`)).body.error).toMatchObject({ code: "2001" });
  const closed = await send({ recipient: "+15550100779", category: "service", content: { type: "text", text: "Hello" } });
  await expect.poll(() => state(closed), soon).toBe("failed");
  expect((await visitor.get<Message>(`/api/v1/messages/${closed}`)).body.error).toMatchObject({ code: "1008" });
});

test("a deployment that stands on the provider which calls it sends nothing round in a circle", async () => {
  const { items } = (await visitor.get<List<Deployment>>("/api/v1/deployments")).body;
  const { id, provider } = items.find((each) => each.name === "Tincan (demo)")!;
  expect((await visitor.patch(`/api/v1/deployments/${id}`, { provider: haptik.id })).status).toBe(200);
  const outer = await send({ recipient: "+15550100780", content: { type: "template", name: "hello_world", language: "en_US" } });
  await expect.poll(() => state(outer), soon).toBe("failed");
  const { rows } = await sql<{ n: number }>`select count(*)::int as n from messages where recipient = '+15550100780'`.execute(database.db);
  expect(rows[0]!.n).toBe(2);
  expect((await visitor.patch(`/api/v1/deployments/${id}`, { provider: provider.id })).status).toBe(200);
});

test("deleting the number both sides stand on asks for its deployments to go with it, and takes them along when told to", async () => {
  const { items } = (await visitor.get<List<Provider>>("/api/v1/providers")).body;
  const { id } = items.find((each) => each.kind === "cloud-api")!;
  expect((await visitor.get(`/api/v1/providers/${id}/uses`)).body).toMatchObject({ deployments: [{ name: "CleverTap (demo)" }, { name: "Tincan (demo)" }] });
  expect(await visitor.delete(`/api/v1/providers/${id}`)).toMatchObject({ status: 409, body: { error: { code: "provider_in_use", message: expect.stringContaining("Tincan (demo)") } } });
  expect((await visitor.delete(`/api/v1/providers/${id}?confirm=cascade`)).status).toBe(204);
  expect((await visitor.get<List<unknown>>("/api/v1/deployments")).body.items).toEqual([]);
  expect(await visitor.delete(`/api/v1/providers/${haptik.id}`)).toMatchObject({ status: 204 });
});
