import type { GenericProvider } from "@tincan/api";
import { buildInboundCallback, buildStatusCallback } from "@tincan/clevertap";
import * as fc from "fast-check";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { Haptik, PICTURE } from "../../../../../tests/support/haptik.ts";
import type { Visitor } from "../../../../../tests/support/visitor.ts";
import { upsert } from "../../contacts/test-builders.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { accept } from "../../ledger/accept.ts";
import { message } from "../../ledger/test-builders.ts";
import type { NewMessage } from "../../ledger/types.ts";
import { startWorld, type World } from "../test-world.ts";
import { readCallback } from "./callback-body.ts";

let world: World;
let haptik: Haptik;
let admin: Visitor;
let provider: GenericProvider;
let workspaceId: string;
const originId = uuidv7();
const at = Math.floor(Date.now() / 1000) - 60;

beforeAll(async () => {
  [world, haptik] = await Promise.all([startWorld(), Haptik.start()]);
  admin = await world.admin();
  workspaceId = (await sql<{ id: string }>`select id from workspaces`.execute(world.database.db)).rows[0]!.id;
  provider = (await admin.post<GenericProvider>("/api/v1/providers", { kind: "generic", nickname: "Haptik", number: "+918000000002", endpoint: haptik.endpoint })).body;
});
afterAll(async () => {
  await world.stop();
  await haptik.close();
});
beforeEach(() => {
  world.told.changes.length = 0;
  world.told.inbound.length = 0;
});

async function sent(change: Partial<NewMessage> = {}): Promise<string> {
  const one = message({ workspaceId, providerId: provider.id, originId }, change);
  await accept(world.database.db, workspaceId, [one], []);
  return one.id;
}

async function post(kind: "status" | "inbound", body: unknown, headers: Record<string, string> = {}): Promise<{ status: number; body: Record<string, unknown> }> {
  const text = typeof body === "string" || Buffer.isBuffer(body) ? body : JSON.stringify(body);
  const answer = await fetch(provider.callbackUrls![kind], { method: "POST", headers: { "content-type": "application/json", ...headers }, body: text as string });
  return { status: answer.status, body: (await answer.json()) as Record<string, unknown> };
}

const status = (msgId: string, word: string, more: object = {}) => ({ msgId, status: word, timestamp: String(at), ...more });
const state = async (id: string) => (await sql<{ state: string; error: unknown }>`select state, error from messages where id = ${id}`.execute(world.database.db)).rows[0];
const text = (body: string, more: object = {}) => ({ payloadVersion: "0.1", from: "919800000001", wabaNumber: "918000000002", timestamp: String(at), type: "text", text: { body }, ...more });
const steps = () => world.told.changes.map((change) => change.status);

describe("delivery reports", () => {
  test("move the message on, and a repeat is answered the same and told to nobody", async () => {
    const id = await sent();
    const body = buildStatusCallback([{ msgId: id, status: "sent", timestamp: at }, { msgId: id, status: "delivered", timestamp: at + 1 }]);
    const first = await post("status", body);
    expect(first).toEqual({ status: 200, body: { status: "success", message: "Stored." } });
    expect(await post("status", body)).toEqual(first);
    expect(await state(id)).toMatchObject({ state: "delivered" });
    expect(steps()).toEqual(["sent", "delivered"]);
  });

  test("of many messages in one body are all taken, and what cannot be read spoils nothing else", async () => {
    const ids = await Promise.all(Array.from({ length: 100 }, () => sent()));
    const answer = await post("status", { payloadVersion: 0.1, statuses: [...ids.map((id) => status(id, "read")), { msgId: "x" }, 7] });
    expect(answer).toMatchObject({ status: 200, body: { status: "success", refused: [expect.stringContaining("statuses[100].status"), expect.stringContaining("statuses[101]")] } });
    expect(new Set(await Promise.all(ids.map(async (id) => (await state(id))?.state)))).toEqual(new Set(["read"]));
  });

  test("of a failure carry the contract's code with the provider's words", async () => {
    const id = await sent();
    await post("status", { statuses: [status(id, "failed", { error: { code: "1005", title: "phone is off" } })] });
    expect(await state(id)).toEqual({ state: "failed", error: { source: "provider", code: 1005, title: "The number is temporarily unavailable or not on WhatsApp.", details: "phone is off" } });
  });

  test.each([
    ["a click with its time under ts", (id: string) => ({ statuses: [{ msgId: id, status: "Clicked", ts: at, url: "https://a.example", shortUrl: "https://b.example" }] }), ["clicked"]],
    ["a click without a time", (id: string) => ({ statuses: [{ msgId: id, status: "clicked", url: "https://a.example", shortUrl: "https://b.example" }] }), ["clicked"]],
    ["msg_id and payloadversion", (id: string) => ({ payloadversion: 0.1, statuses: [{ msg_id: id, status: "delivered", timestamp: at }] }), ["sent", "delivered"]],
    ["a report that stands alone", (id: string) => status(id, "delivered"), ["sent", "delivered"]],
    ["a list of bodies", (id: string) => [{ statuses: [status(id, "sent")] }, { statuses: [status(id, "read")] }], ["sent", "delivered", "read"]],
  ])("are taken as %s", async (_name, body, wanted) => {
    const id = await sent();
    expect(await post("status", body(id))).toMatchObject({ status: 200 });
    expect(steps()).toEqual(wanted);
  });

  test("of a click carry its link on", async () => {
    const id = await sent();
    const click = { url: "https://a.example/t/42", shortUrl: "https://b.example/x1", userAgent: "Phone/1" };
    await post("status", { statuses: [{ msgId: id, status: "clicked", timestamp: at, ...click }] });
    expect(world.told.changes).toEqual([expect.objectContaining({ messageId: id, status: "clicked", click })]);
  });

  test("are taken whatever content type is claimed, and at the inbound address too", async () => {
    const id = await sent();
    await post("inbound", buildStatusCallback([{ msgId: id, status: "sent", timestamp: at }]), { "content-type": "text/plain; charset=nonsense" });
    await post("status", buildStatusCallback([{ msgId: id, status: "delivered", timestamp: at }]), { "content-type": "application/x-www-form-urlencoded" });
    expect(await state(id)).toMatchObject({ state: "delivered" });
  });

  test("about messages of somebody else are taken, and are about nothing", async () => {
    expect(await post("status", { statuses: [status("4471|1790001111|20260921|4471|0", "read"), status(uuidv7(), "read")] })).toMatchObject({ status: 200, body: { status: "success" } });
    expect(steps()).toEqual([]);
  });

  test("settle a message whose answer was lost", async () => {
    const id = await sent();
    await sql`update outbox set state = 'ambiguous' where message_id = ${id}`.execute(world.database.db);
    await sql`update messages set state = 'sending' where id = ${id}`.execute(world.database.db);
    await post("status", { statuses: [status(id, "delivered")] });
    expect(await state(id)).toMatchObject({ state: "delivered" });
    expect((await sql`select 1 from outbox where message_id = ${id}`.execute(world.database.db)).rows).toEqual([]);
  });
});

describe("inbound messages", () => {
  test("open the conversation, and name the message of ours they answer", async () => {
    const id = await sent();
    await post("inbound", buildInboundCallback({ from: "+919800000001", wabaNumber: "918000000002", timestamp: at, replyTo: id, content: { kind: "button", payload: "ok-42", text: "OK" } }));
    expect(world.told.inbound).toMatchObject([
      { sender: "+919800000001", type: "button", content: { choice: { payload: "ok-42", text: "OK" } }, replyTo: { messageId: id, originId }, occurredAt: new Date(at * 1000) },
    ]);
    const windows = await sql`select 1 from conversation_windows where phone = '+919800000001' and provider_id = ${provider.id}`.execute(world.database.db);
    expect(windows.rows).toHaveLength(1);
  });

  test("from a number that WhatsApp writes otherwise are from the contact's number", async () => {
    await upsert(world.database.db, workspaceId, [{ phone: "+5531987654321" }]);
    await post("inbound", text("Oi", { from: "553187654321" }));
    expect(world.told.inbound).toMatchObject([{ sender: "+5531987654321" }]);
  });

  test("that are repeated are answered the same and stored once", async () => {
    const body = text("only once");
    const first = await post("inbound", body);
    expect(await post("inbound", body)).toEqual(first);
    expect(await post("status", [body, body])).toMatchObject({ status: 200 });
    expect(world.told.inbound).toHaveLength(1);
  });

  test("that say the same again without a time are another message a minute later", () => {
    const wireId = (now: string, body: object): string => readCallback(Buffer.from(JSON.stringify(body)), new Date(now)).inbound[0]!.wireId;
    const timeless = text("STOP", { timestamp: undefined });
    expect(wireId("2026-03-01T10:00:10Z", timeless)).toBe(wireId("2026-03-01T10:00:50Z", timeless));
    expect(wireId("2026-03-01T10:00:10Z", timeless)).not.toBe(wireId("2026-03-01T10:01:10Z", timeless));
    expect(wireId("2026-03-01T10:00:10Z", text("STOP"))).toBe(wireId("2026-03-02T10:00:10Z", text("STOP")));
  });

  test("by a clock that runs ahead were said when they came", () => {
    const now = new Date("2026-03-01T10:00:00Z");
    const saidAt = (timestamp: string): Date => readCallback(Buffer.from(JSON.stringify(text("hi", { timestamp }))), now).inbound[0]!.occurredAt;
    expect([saidAt(String(now.getTime() / 1000 + 19_800)), saidAt(String(now.getTime() / 1000 - 60))]).toEqual([now, new Date("2026-03-01T09:59:00Z")]);
  });

  test("of a type the contract does not know are kept raw, and open the conversation", async () => {
    const body = text("", { type: "hologram", text: undefined, hologram: { depth: 3 }, from: "919800000077" });
    expect(await post("inbound", body)).toMatchObject({ status: 200, body: { status: "success" } });
    expect(world.told.inbound).toMatchObject([{ sender: "+919800000077", type: "hologram", content: {}, raw: { hologram: { depth: 3 } } }]);
    expect((await sql`select 1 from conversation_windows where phone = '+919800000077' and provider_id = ${provider.id}`.execute(world.database.db)).rows).toHaveLength(1);
  });

  test.each([
    ["voice", { type: "voice", voice: { mediaURL: "http://127.0.0.1:1/v.ogg", mimetype: "ogg" } }, { kind: "audio", mimeType: "audio/ogg" }],
    ["audio", { type: "audio", audio: { mediaURL: "http://127.0.0.1:1/v.ogg", mimeType: "audio/ogg" } }, { kind: "audio", mimeType: "audio/ogg" }],
    ["a file under document", { type: "file", document: { mediaURL: "http://127.0.0.1:1/d.pdf", mimeType: "pdf", caption: "Bill" } }, { kind: "document", mimeType: "application/pdf", caption: "Bill" }],
    ["a file under file", { type: "file", file: { mediaURL: "http://127.0.0.1:1/e.pdf" } }, { kind: "document", mimeType: "application/octet-stream" }],
    ["an image", { type: "image", image: { mediaURL: "http://127.0.0.1:1/i.jpg", mimeType: "jpg" } }, { kind: "image", mimeType: "image/jpeg" }],
  ])("may be %s, and keep the file's address", async (_name, change, media) => {
    expect(await post("inbound", { ...text(""), text: undefined, ...change })).toMatchObject({ status: 200 });
    expect(world.told.inbound).toMatchObject([{ content: { media: { ...media, wireMediaId: expect.stringContaining("http://127.0.0.1:1/") } } }]);
  });

  test("with a file that can be fetched have it copied here", async () => {
    const address = new URL("/files/1.png", haptik.endpoint).href;
    await post("inbound", { ...text(""), text: undefined, type: "image", image: { mediaURL: address } });
    const stored = async () => (await sql`select mime_type, size from media_files where wire_media_id = ${address}`.execute(world.database.db)).rows;
    await expect.poll(stored).toEqual([{ mime_type: "image/png", size: PICTURE.length }]);
    const { url } = await world.providers.media.publish(workspaceId, provider.id, address);
    expect(await (await fetch(url)).text()).toBe(PICTURE);
  });
});

describe("what is no callback", () => {
  test.each([
    ["nothing", ""],
    ["no JSON", "{"],
    ["a number", "7"],
    ["an empty list", "[]"],
    ["bytes that are not UTF-8", Buffer.from([0x7b, 0xff, 0x7d])],
    ["an inbound message from nobody", JSON.stringify(text("hi", { from: "somebody" }))],
    ["no type", JSON.stringify(text("hi", { type: undefined }))],
    ["a text with NUL in a member nobody reads", JSON.stringify(text("hi", { extra: "a\0b" }))],
  ])("is refused with 400 and a reason: %s", async (_name, body) => {
    expect(await post("inbound", body)).toEqual({ status: 400, body: { status: "error", message: expect.any(String), error_code: 400 } });
  });

  test("is refused with 413 above 3 MB, and with 404 at an address that is nobody's", async () => {
    expect((await post("status", "x".repeat(3 * 1024 * 1024 + 1))).status).toBe(413);
    for (const secret of ["a", "x".repeat(43), "%00", "..", "x".repeat(400)]) {
      const answer = await fetch(`${world.url}/wire/callbacks/${secret}/status`, { method: "POST", body: "{}" });
      expect(answer.status).toBe(404);
    }
  });

  test("whatever is posted, the answer is never a server error", async () => {
    const id = await sent();
    const nearly = fc.oneof(
      fc.record({ statuses: fc.oneof(fc.jsonValue(), fc.array(fc.record({ msgId: fc.oneof(fc.constant(id), fc.string()), status: fc.oneof(fc.constantFrom("sent", "failed", "clicked"), fc.string()), timestamp: fc.jsonValue(), error: fc.jsonValue() }, { requiredKeys: [] }))) }),
      fc.record({ from: fc.oneof(fc.constant("919800000009"), fc.jsonValue()), wabaNumber: fc.constant("1"), timestamp: fc.jsonValue(), type: fc.constantFrom("text", "image", "button", "location"), text: fc.jsonValue(), image: fc.jsonValue(), context: fc.jsonValue(), more: fc.string({ unit: "binary" }) }, { requiredKeys: [] }),
      fc.jsonValue(),
    );
    await fc.assert(
      fc.asyncProperty(fc.oneof(nearly, fc.array(nearly)), async (body) => {
        expect([200, 400]).toContain((await post("status", body)).status);
      }),
      { numRuns: 150 },
    );
  });
});

test("the provider's page shows what came, what could not be read, and warns when reports stop although messages are sent", async () => {
  const other = (await admin.post<GenericProvider>("/api/v1/providers", { kind: "generic", nickname: "Quiet", number: "+918000000003", endpoint: haptik.endpoint })).body;
  const { db } = world.database;
  const callbacks = async () => (await admin.get<GenericProvider>(`/api/v1/providers/${other.id}`)).body.health;
  await fetch(other.callbackUrls!.status, { method: "POST", body: '{"statuses":[{"msgId":"x","status":"sent"}]}' });
  await fetch(other.callbackUrls!.status, { method: "POST", body: "{" });
  await expect.poll(async () => (await callbacks()).callbacks, { timeout: 4000 }).toMatchObject({ received: 2, refused: 1, errorRate: 0.5, lastStatusAt: expect.any(String), lastInboundAt: null, lastRefusal: expect.stringContaining("JSON") });

  const yesterday = new Date(Date.now() - 25 * 3_600_000);
  await sql`update providers set created_at = ${new Date(Date.now() - 72 * 3_600_000)} where id = ${other.id}`.execute(db);
  await sql`delete from provider_callback_hours where provider_id = ${other.id}`.execute(db);
  expect((await callbacks()).status).toBe("ok");
  const one = message({ workspaceId, providerId: other.id, originId: uuidv7() }, { id: uuidv7(yesterday.getTime()) });
  await accept(db, workspaceId, [one], []);
  await sql`update messages set state = 'submitted', submitted_at = ${yesterday} where id = ${one.id}`.execute(db);
  await sql`update lanes set stats = jsonb_build_object('lastSentAt', ${yesterday.toISOString()}::text) where id = ${other.id}`.execute(db);
  expect(await callbacks()).toMatchObject({ status: "degraded", reason: expect.stringContaining("No delivery report has come for 24 hours") });
});
