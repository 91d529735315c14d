import type { List, Overview, Template } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Visitor } from "../../../../tests/support/visitor.ts";
import { uuidv7 } from "../database/uuid.ts";
import { accept } from "../ledger/accept.ts";
import { message } from "../ledger/test-builders.ts";
import { openProvider } from "./open.ts";
import { startWorld, type World } from "./test-world.ts";

const phone = "15550100123";
let world: World;
let admin: Visitor;
let workspaceId: string;
let providerId: string;

beforeAll(async () => {
  world = await startWorld();
  admin = await world.admin();
  workspaceId = (await sql<{ id: string }>`select id from workspaces`.execute(world.database.db)).rows[0]!.id;
  providerId = (await admin.post<{ id: string }>("/api/v1/providers", world.input)).body.id;
});
afterAll(() => world.stop());

const sandbox = (path: string, body: object) =>
  fetch(`${world.sandbox.url}/sandbox/${path}`, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) });

test("a template sent to a phone is reported sent, delivered and, once the person reads it, read", async () => {
  const one = message({ workspaceId, providerId, originId: uuidv7() }, {
    recipient: `+${phone}`,
    content: {
      type: "template", name: "order_ready", language: "en",
      header: { kind: "image", media: { link: "https://cdn.example/a.png" } },
      body: [{ text: "Ada" }, { text: "A-1042" }],
      buttons: [{ kind: "url", index: 0, suffix: "t/81" }],
    },
  });
  await accept(world.database.db, workspaceId, [one], []);
  const provider = await openProvider({ db: world.database.db, secrets: world.core.secrets, reach: { sandbox: true, allowedHosts: [] }, registry: world.registry }, workspaceId, providerId);
  expect(provider!.adapter.limits).toMatchObject({ concurrency: 200, ratePerSecond: 80 });
  const outcome = await provider!.sender.send({ messageId: one.id, recipient: one.recipient, category: "utility", content: one.content, attempts: 1 }, new AbortController().signal);
  expect(outcome).toMatchObject({ kind: "submitted", wireId: expect.stringMatching(/^wamid\./) });
  await expect.poll(() => world.told.changes.map((c) => c.status)).toEqual(["sent", "delivered"]);
  await sandbox(`phones/${phone}/read`, {});
  await expect.poll(() => world.told.changes.map((c) => c.status)).toEqual(["sent", "delivered", "read"]);
  await provider!.sender.close();
});

test("a picture the person sends is copied here before anybody asks for it, and offered under an address of ours", async () => {
  const png = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");
  const { status } = await sandbox(`phones/${phone}/messages`, { type: "image", image: { data: png.toString("base64"), mime_type: "image/png", caption: "Look" } });
  expect(status).toBeLessThan(300);
  await expect.poll(() => world.told.inbound.length).toBe(1);
  const [inbound] = world.told.inbound;
  expect(inbound).toMatchObject({ sender: `+${phone}`, type: "image", content: { media: { kind: "image", mimeType: "image/png", caption: "Look" } } });
  const stored = async () => (await sql`select mime_type, size from media_files`.execute(world.database.db)).rows;
  await expect.poll(stored).toEqual([{ mime_type: "image/png", size: png.length }]);
  const { url } = await world.providers.media.publish(workspaceId, providerId, inbound!.content.media!.wireMediaId);
  const file = await fetch(url);
  expect([file.status, file.headers.get("content-type"), Buffer.from(await file.arrayBuffer()).equals(png)]).toEqual([200, "image/png", true]);
});

test("a template that Meta approves after a review appears by itself", async () => {
  world.sandbox.change({ templates: { reviewMs: 10 } });
  const { accessToken, wabaId } = world.input;
  await fetch(`${world.sandbox.url}/v26.0/${String(wabaId)}/message_templates`, {
    method: "POST",
    headers: { authorization: `Bearer ${String(accessToken)}`, "content-type": "application/json" },
    body: JSON.stringify({ name: "brand_new", language: "en", category: "UTILITY", components: [{ type: "BODY", text: "Your parcel is on its way to you." }] }),
  });
  const found = async () => (await admin.get<List<Template>>("/api/v1/templates?q=brand_new")).body.items.map((t) => t.status);
  await expect.poll(found, { timeout: 8000 }).toEqual(["APPROVED"]);
});

test("templates are found by name, text, status and provider, page by page, and shown one by one", async () => {
  const list = async (query: string) => (await admin.get<List<Template>>(`/api/v1/templates?${query}`)).body;
  const all = await list(`provider=${providerId}`);
  expect(all.items.map((t) => t.name)).toEqual(all.items.map((t) => t.name).toSorted());
  const inOrder = async (sort: string) => {
    const found: Template[] = [];
    for (let after = ""; ; ) {
      const page = await list(`limit=1&sort=${sort}${after && `&after=${after}`}`);
      found.push(...page.items);
      if (page.next === null) return found;
      after = page.next;
    }
  };
  expect(await inOrder("name")).toEqual(all.items);
  expect((await inOrder("-name")).map((t) => t.name)).toEqual(all.items.map((t) => t.name).toReversed());
  for (const by of ["category", "updatedAt"] as const) {
    expect((await inOrder(by)).map((t) => t[by])).toEqual(all.items.map((t) => t[by]).toSorted());
    expect((await inOrder(`-${by}`)).map((t) => t[by])).toEqual(all.items.map((t) => t[by]).toSorted().toReversed());
  }
  expect((await list("q=order_re")).items).toHaveLength(1);
  expect((await list("name=order_re")).items).toEqual([]);
  expect((await list("name=order_ready&language=en")).items).toHaveLength(1);
  expect((await list("q=100%25")).items).toEqual([]);
  expect((await list("status=rejected")).items).toEqual([]);
  expect((await list(`provider=${uuidv7()}`)).items).toEqual([]);
  const { id } = all.items[0]!;
  expect((await admin.get<Template>(`/api/v1/templates/${id}`)).body).toEqual(all.items[0]);
  expect(await admin.get("/api/v1/templates/unknown")).toMatchObject({ status: 404, body: { error: { code: "template_not_found" } } });
});

test("home counts the last day, the last hour minute by minute, and what a newcomer has done", async () => {
  const { body } = await admin.get<Overview>("/api/v1/overview");
  expect(body.numbers).toMatchObject({ accepted: 1, sent: 1, delivered: 1, read: 1, failed: 0, replied: 1, parkedCallbacks: 0 });
  expect([Date.parse(body.since) % 60_000, Math.ceil((Date.now() - Date.parse(body.since)) / 3_600_000)]).toEqual([0, 25]);
  expect(body.minutes).toHaveLength(60);
  expect(body.minutes.reduce((sum, minute) => sum + minute.read, 0)).toBe(1);
  expect(body.firstSteps).toEqual({ numberConnected: true, realNumberConnected: false, deploymentCreated: false, testSent: true, replyReceived: true });
  expect(body.lanes).toMatchObject([{ id: providerId, name: "Main" }]);
});

test("home shows a role that may not read lanes the same figures, and no lane", async () => {
  const answers = await Promise.all(["member", "agent"].map(async (role) => (await (await world.script(role)).get<Overview>("/api/v1/overview")).body));
  expect(answers.map(({ lanes }) => lanes.map(({ name }) => name))).toEqual([["Main"], []]);
  expect(answers[1]).toEqual({ ...answers[0], lanes: [] });
});
