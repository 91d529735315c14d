import type { ProviderHealth } from "@tincan/api";
import { sandboxAccount } from "@tincan/sandbox";
import * as fc from "fast-check";
import { sql } from "kysely";
import type { CompiledQuery } from "kysely";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { Visitor } from "../../../../../tests/support/visitor.ts";
import type { Database } from "../../database/connection.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { accept } from "../../ledger/accept.ts";
import { message } from "../../ledger/test-builders.ts";
import { connectNumber } from "../connect.ts";
import { WebhookDirectory } from "./webhook-directory.ts";
import { accountBody, messagesBody, startWorld, type World } from "../test-world.ts";

let world: World;
let admin: Visitor;
let workspaceId: string;
let providerId: string;

beforeAll(async () => {
  world = await startWorld();
  admin = await world.admin();
  workspaceId = (await sql<{ id: string }>`select id from workspaces`.execute(world.database.db)).rows[0]!.id;
  const answer = await admin.post<{ id: string }>("/api/v1/providers", world.input);
  providerId = answer.body.id;
});
afterAll(() => world.stop());

beforeEach(() => {
  world.told.changes.length = 0;
  world.told.inbound.length = 0;
});
afterEach(async () => {
  for (const table of ["messages", "outbox", "inbound_messages", "raw_webhooks", "marketing_opt_outs", "conversation_windows"]) {
    await sql`delete from ${sql.table(table)}`.execute(world.database.db);
  }
});

/** An accepted message that nobody has sent yet. */
async function queued(): Promise<string> {
  const one = message({ workspaceId, providerId, originId: uuidv7() });
  await accept(world.database.db, workspaceId, [one], []);
  return one.id;
}

function status(word: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { id: "wamid.A", status: word, timestamp: "1764000000", recipient_id: "15550100123", ...more };
}

function text(id: string, more: Record<string, unknown> = {}): Record<string, unknown> {
  return { from: "15550100123", from_user_id: "US.77001122334455667788", id, timestamp: "1764000000", type: "text", text: { body: "Hello" }, ...more };
}

const ada = [{ profile: { name: "Ada P." }, wa_id: "15550100123", user_id: "US.77001122334455667788" }];

async function rows(table: string): Promise<Record<string, unknown>[]> {
  return (await sql<Record<string, unknown>>`select * from ${sql.table(table)}`.execute(world.database.db)).rows;
}

describe("verification of the address", () => {
  const get = (query: Record<string, string>) => fetch(`${world.url}/wire/meta/webhook?${new URLSearchParams(query)}`);

  test("answers the challenge to a provider's verify token, and to one we gave out ourselves", async () => {
    for (const token of [sandboxAccount.verifyToken, world.providers.connect.verifyTokens.issue("webhook")]) {
      const answer = await get({ "hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1158201444" });
      expect([answer.status, await answer.text()]).toEqual([200, "1158201444"]);
    }
  });

  test("refuses any other token, one of ours that is too old or for something else, and a request that asks nothing", async () => {
    const tokens = world.providers.connect.verifyTokens;
    const bad = ["", "sandbox-verif", tokens.issue("signup"), tokens.issue("webhook", Date.now() - 3_600_000), `${Date.now() + 1e6}.forged`];
    for (const token of bad) expect((await get({ "hub.mode": "subscribe", "hub.verify_token": token, "hub.challenge": "1" })).status).toBe(403);
    expect((await get({})).status).toBe(403);
    expect((await get({ "hub.mode": "unsubscribe", "hub.verify_token": sandboxAccount.verifyToken, "hub.challenge": "1" })).status).toBe(403);
  });
});

describe("signatures", () => {
  test("a body signed with another secret, or not at all, is refused and leaves nothing behind", async () => {
    const body = messagesBody({ contacts: ada, messages: [text("wamid.IN1")] });
    expect(await world.webhook(body, { secret: "another secret" })).toBe(403);
    expect(await world.webhook(body, { headers: { "x-hub-signature-256": "" } })).toBe(403);
    expect(await world.webhook(body, { headers: { "x-hub-signature-256": "sha256=00" } })).toBe(403);
    expect(await rows("inbound_messages")).toEqual([]);
    expect(await rows("raw_webhooks")).toEqual([]);
  });

  test("a body about a number nobody has connected is refused", async () => {
    expect(await world.webhook(messagesBody({ messages: [text("wamid.IN1")] }, { wabaId: "1", phoneNumberId: "2" }))).toBe(403);
  });

  test("a body about another number of a connected account is taken, and comes to nothing", async () => {
    expect(await world.webhook(messagesBody({ messages: [text("wamid.IN1")] }, { phoneNumberId: "2" }))).toBe(200);
    expect(await rows("inbound_messages")).toEqual([]);
  });

  test.each(["application/json", "text/plain", "", "json", ";;=", "application/json; charset", "multipart/form-data"])("a signed body counts whatever its content type says: %s", async (type) => {
    expect(await world.webhook(messagesBody({ contacts: ada, messages: [text("wamid.TYPE")] }), { headers: { "content-type": type } })).toBe(200);
    expect(await rows("inbound_messages")).toHaveLength(1);
  });

  test("a body may name many numbers: it is believed when one of ours has signed it", async () => {
    const others = Array.from({ length: 900 }, (_, i) => messagesBody({ messages: [text(`wamid.M${i}`)] }, { wabaId: String(i + 1), phoneNumberId: String(i + 1) }));
    const body = { object: "whatsapp_business_account", entry: [...others, messagesBody({ contacts: ada, messages: [text("wamid.OURS")] })].flatMap((each) => (each as { entry: object[] }).entry) };
    expect(await world.webhook(body, { secret: "another secret" })).toBe(403);
    expect(await rows("inbound_messages")).toEqual([]);
    expect(await world.webhook(body)).toBe(200);
    expect(await rows("inbound_messages")).toMatchObject([{ wire_id: "wamid.OURS" }]);
  });

  test("whatever a body names is looked up with one query, and once more when the signature fits nobody", async () => {
    let queries = 0;
    const counted = { executeQuery: (query: CompiledQuery) => (queries++, world.database.db.executeQuery(query)) } as Database;
    const directory = new WebhookDirectory(counted, world.core.secrets);
    const named = [...Array.from({ length: 999 }, (_, i) => ({ phoneNumberId: String(i), wabaId: undefined })), { phoneNumberId: sandboxAccount.phoneNumberId, wabaId: undefined }];
    const found = await directory.find(named);
    expect(found.map((targets) => targets.length)).toEqual([...Array.from({ length: 999 }, () => 0), 1]);
    expect(queries).toBe(1);
    await directory.find(named);
    await directory.findAgain(named);
    expect(queries).toBe(1);
    await new Promise((done) => setTimeout(done, 600));
    expect(await directory.findAgain(named)).toEqual(found);
    expect(queries).toBe(2);
    await directory.find([{ phoneNumberId: "made up", wabaId: "'; --" }]);
    expect(queries).toBe(2);
  });

  test("a new app secret works at once, although another process has changed it", async () => {
    await world.webhook(messagesBody({}));
    const stored = await sql<{ secrets: Buffer }>`select secrets from providers`.execute(world.database.db);
    const { secrets } = world.core;
    const changed = secrets.seal(JSON.stringify({ ...JSON.parse(secrets.open(stored.rows[0]!.secrets)), appSecret: "rotated" }));
    await new Promise((done) => setTimeout(done, 600));
    await sql`update providers set secrets = ${changed}`.execute(world.database.db);
    expect(await world.webhook(messagesBody({ messages: [text("wamid.IN2")] }), { secret: "rotated" })).toBe(200);
    await sql`update providers set secrets = ${stored.rows[0]!.secrets}`.execute(world.database.db);
    world.providers.connect.directory.forget();
  });

  test("two workspaces with the same number both hear", async () => {
    const other = uuidv7();
    await sql`insert into workspaces (id, name) values (${other}, 'Other')`.execute(world.database.db);
    const second = await connectNumber(world.providers.connect, { workspaceId: other, role: "admin", name: "test" }, world.input as never);
    expect(await world.webhook(messagesBody({ contacts: ada, messages: [text("wamid.BOTH")] }))).toBe(200);
    expect((await rows("inbound_messages")).map((row) => row["workspace_id"]).sort()).toEqual([workspaceId, other].sort());
    await sql`delete from providers where id = ${second.id}`.execute(world.database.db);
    world.providers.connect.directory.forget();
  });
});

describe("receipts", () => {
  test("a status that overtakes the answer of its send finds its message by our own id", async () => {
    const id = await queued();
    expect(await world.webhook(messagesBody({ statuses: [status("delivered", { biz_opaque_callback_data: id })] }))).toBe(200);
    expect(world.told.changes.map((c) => [c.messageId, c.status])).toEqual([[id, "sent"], [id, "delivered"]]);
  });

  test("duplicates and any order are told once, in order", async () => {
    const id = await queued();
    const ours = { biz_opaque_callback_data: id };
    for (const word of ["read", "sent", "delivered", "read", "delivered"]) {
      expect(await world.webhook(messagesBody({ statuses: [status(word, ours)] }))).toBe(200);
    }
    expect(world.told.changes.map((c) => c.status)).toEqual(["sent", "delivered", "read"]);
  });

  test("a status without our id finds its message by Meta's", async () => {
    const id = await queued();
    await sql`insert into wire_ids (workspace_id, provider_id, wire_id, message_id) values (${workspaceId}, ${providerId}, 'wamid.W', ${id})`.execute(world.database.db);
    await world.webhook(messagesBody({ statuses: [status("sent", { id: "wamid.W", biz_opaque_callback_data: "somebody else's" })] }));
    expect(world.told.changes).toMatchObject([{ messageId: id, status: "sent" }]);
  });

  test("a hundred in one body are applied together, and those that are not ours are only counted", async () => {
    const ids = await Promise.all(Array.from({ length: 99 }, queued));
    const statuses = [...ids, uuidv7()].map((id) => status("sent", { id: `wamid.${id}`, biz_opaque_callback_data: id, pricing: { billable: true, category: "utility" } }));
    expect(await world.webhook(messagesBody({ statuses }))).toBe(200);
    expect(world.told.changes).toHaveLength(99);
    expect(await world.core.metrics.registry.getSingleMetricAsString("tincan_receipts_unmatched_total")).toMatch(/ [1-9]/);
    expect((await rows("messages"))[0]).toMatchObject({ state: "sent", pricing: { billable: true, category: "utility" } });
  });

  test("a failure keeps Meta's code, title and details; a listened voice note counts as read", async () => {
    const [failed, played] = [await queued(), await queued()];
    const errors = [{ code: 131026, title: "Message undeliverable", message: "Message undeliverable", error_data: { details: "Not on WhatsApp" } }];
    await world.webhook(messagesBody({ statuses: [status("failed", { errors, biz_opaque_callback_data: failed }), status("played", { biz_opaque_callback_data: played })] }));
    expect(world.told.changes.find((c) => c.messageId === failed)).toMatchObject({
      status: "failed", error: { source: "meta", code: 131026, title: "Message undeliverable", details: "Not on WhatsApp" },
    });
    expect(world.told.changes.filter((c) => c.messageId === played).at(-1)).toMatchObject({ status: "read" });
  });

  test("a status of a kind not known is kept raw", async () => {
    expect(await world.webhook(messagesBody({ statuses: [status("constructor"), 7] }))).toBe(200);
    expect(await rows("raw_webhooks")).toHaveLength(2);
  });
});

describe("inbound messages", () => {
  test("are stored once, open the window, and are told with who wrote", async () => {
    const body = messagesBody({ contacts: ada, messages: [text("wamid.IN", { context: { id: "wamid.Q", from: "15550100199" } })] });
    expect(await world.webhook(body)).toBe(200);
    expect(await world.webhook(body)).toBe(200);
    expect(world.told.inbound).toMatchObject([
      { wireId: "wamid.IN", sender: "+15550100123", senderUserId: "US.77001122334455667788", profileName: "Ada P.", type: "text", content: { text: "Hello" }, replyToWireId: "wamid.Q" },
    ]);
    expect(await rows("conversation_windows")).toMatchObject([{ phone: "+15550100123", last_inbound_at: new Date(1_764_000_000_000) }]);
  });

  const kinds: [string, Record<string, unknown>, Record<string, unknown>][] = [
    ["a picture", { type: "image", image: { id: "77", mime_type: "image/jpeg", sha256: "x", caption: "Look" } }, { type: "image", content: { media: { kind: "image", wireMediaId: "77", mimeType: "image/jpeg", caption: "Look" } } }],
    ["a place near the equator", { type: "location", location: { latitude: 1e-7, longitude: -2.5e-7 } }, { type: "location", content: { location: { latitude: "0.0000001", longitude: "-0.00000025" } } }],
    ["a place", { type: "location", location: { latitude: 40.1, longitude: -3.7, name: "Depot" } }, { type: "location", content: { location: { latitude: "40.1", longitude: "-3.7", name: "Depot" } } }],
    ["a template's quick reply", { type: "button", button: { payload: "STOP", text: "Stop promos" } }, { type: "button", content: { choice: { payload: "STOP", text: "Stop promos" } } }],
    ["a pressed button", { type: "interactive", interactive: { type: "button_reply", button_reply: { id: "yes", title: "Yes" } } }, { type: "button", content: { choice: { payload: "yes", text: "Yes" } } }],
    ["a picked row", { type: "interactive", interactive: { type: "list_reply", list_reply: { id: "s1", title: "10:00" } } }, { type: "list", content: { choice: { payload: "s1", text: "10:00" } } }],
    ["a filled flow", { type: "interactive", interactive: { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: "{\"a\":1}" } } }, { type: "flow", content: { choice: { payload: "{\"a\":1}", text: "Sent" } } }],
    ["a reaction", { type: "reaction", reaction: { message_id: "wamid.R", emoji: "👍" } }, { type: "reaction", replyToWireId: "wamid.R", content: { reaction: { emoji: "👍", wireId: "wamid.R" } } }],
    ["contact cards", { type: "contacts", contacts: [{ name: { formatted_name: "Bo" }, phones: [{ phone: "+1 555 010 0124", wa_id: "15550100124" }, {}] }, {}] }, { type: "contacts", content: { contacts: [{ name: "Bo", phones: ["+1 555 010 0124"] }, { name: "", phones: [] }] } }],
    ["something newer", { type: "hologram", hologram: {} }, { type: "hologram", content: {} }],
  ];
  test.each(kinds)("of the kind of %s are put into neutral words", async (_, sent, expected) => {
    await world.webhook(messagesBody({ contacts: ada, messages: [text("wamid.K", { text: undefined, ...sent })] }));
    expect(world.told.inbound).toMatchObject([expected]);
  });

  test("from somebody who does not share the number come under the business-scoped id", async () => {
    const contacts = [{ profile: { name: "Ada", username: "ada.p" }, user_id: "US.77001122334455667788" }];
    await world.webhook(messagesBody({ contacts, messages: [text("wamid.U", { from: undefined })] }));
    expect(world.told.inbound).toMatchObject([{ sender: "US.77001122334455667788" }]);
  });

  test("from somebody who shows the number no more are still from that number", async () => {
    const hidden = [{ profile: { name: "Ada", username: "ada.p" }, user_id: "US.77001122334455667788" }];
    await world.webhook(messagesBody({ contacts: ada, messages: [text("wamid.1")] }));
    await world.webhook(messagesBody({ contacts: hidden, messages: [text("wamid.2", { from: undefined, timestamp: "1764500000" })] }));
    expect(world.told.inbound.map((m) => m.sender)).toEqual(["+15550100123", "+15550100123"]);
    expect(await rows("conversation_windows")).toMatchObject([{ phone: "+15550100123", last_inbound_at: new Date(1_764_500_000_000) }]);
  });

  test("from a number that WhatsApp writes otherwise are from the one that was written to, and so is what they stop", async () => {
    await accept(world.database.db, workspaceId, [message({ workspaceId, providerId, originId: uuidv7() }, { recipient: "+5531987654321" })], []);
    const contacts = [{ profile: { name: "Bia" }, wa_id: "553187654321" }];
    const failed = { ...status("failed", { errors: [{ code: 131050, title: "User stopped" }] }), recipient_id: "553187654321" };
    await world.webhook(messagesBody({ contacts, messages: [text("wamid.BR", { from: "553187654321", from_user_id: undefined })] }));
    await world.webhook(messagesBody({ statuses: [failed] }));
    expect(world.told.inbound).toMatchObject([{ sender: "+5531987654321", raw: { from: "553187654321" } }]);
    expect((await rows("conversation_windows")).map((row) => row["phone"]).sort()).toEqual(["+553187654321", "+5531987654321"]);
    expect(await rows("marketing_opt_outs")).toMatchObject([{ phone: "+5531987654321" }]);
  });

  test("news about somebody's number is no message: kept raw, no window opened", async () => {
    await world.webhook(messagesBody({ messages: [text("wamid.S", { type: "system", system: { type: "user_changed_number", wa_id: "15550100177" } })] }));
    expect(await rows("conversation_windows")).toEqual([]);
    expect(await rows("raw_webhooks")).toHaveLength(1);
  });

  test("text the database cannot hold does not hurt its neighbours, and is kept", async () => {
    const bodies = [messagesBody({ messages: [text("wamid.NUL", { id: "wamid.\0" })] }), messagesBody({ contacts: ada, messages: [text("wamid.GOOD")] })];
    expect(await Promise.all(bodies.map((body) => world.webhook(body)))).toEqual([200, 200]);
    expect(world.told.inbound.map((m) => m.wireId)).toContain("wamid.GOOD");
    expect(await rows("raw_webhooks")).toMatchObject([{ field: "unreadable" }]);
  });
});

describe("wishes about marketing", () => {
  const preference = (value: string, timestamp: number) =>
    ({ ...messagesBody({ contacts: ada, user_preferences: [{ wa_id: "15550100123", user_id: "US.77001122334455667788", category: "marketing_messages", value, timestamp }] }) });
  const asPreference = (body: object): object => JSON.parse(JSON.stringify(body).replace("\"field\":\"messages\"", "\"field\":\"user_preferences\""));

  test("stop and resume are recorded", async () => {
    await world.webhook(asPreference(preference("stop", 1_764_000_000)));
    expect(await rows("marketing_opt_outs")).toMatchObject([{ phone: "+15550100123", source: "whatsapp" }]);
    await world.webhook(asPreference(preference("resume", 1_764_000_100)));
    expect(await rows("marketing_opt_outs")).toEqual([]);
  });

  test("of somebody who shows the number no more are about that number", async () => {
    await world.webhook(messagesBody({ contacts: ada, messages: [text("wamid.1")] }));
    await world.webhook(JSON.parse(JSON.stringify(asPreference(preference("stop", 1_764_000_100))).replaceAll('"wa_id":"15550100123",', "")));
    expect(await rows("marketing_opt_outs")).toMatchObject([{ phone: "+15550100123" }]);
  });

  test("a send that failed because the person had stopped is remembered", async () => {
    await world.webhook(messagesBody({ statuses: [status("failed", { errors: [{ code: 131050, title: "User stopped" }], biz_opaque_callback_data: await queued() })] }));
    expect(await rows("marketing_opt_outs")).toMatchObject([{ phone: "+15550100123" }]);
  });
});

describe("news about templates and the account", () => {
  const template = (name: string) =>
    sql<{ status: string; quality: string; category: string; rejected_reason: string | null }>`select * from templates where name = ${name}`.execute(world.database.db).then(({ rows: [row] }) => row!);
  const named = { message_template_name: "order_ready", message_template_language: "en" };

  test("a paused template is paused at once, and one that is taken back is approved again", async () => {
    await world.webhook(accountBody("message_template_status_update", { ...named, event: "PAUSED", reason: null }));
    expect((await template("order_ready")).status).toBe("PAUSED");
    await world.webhook(accountBody("message_template_status_update", { ...named, event: "REINSTATED" }));
    expect((await template("order_ready")).status).toBe("APPROVED");
  });

  test("quality and a category that was changed are taken over, an announced change is not", async () => {
    await world.webhook(accountBody("message_template_quality_update", { ...named, previous_quality_score: "GREEN", new_quality_score: "YELLOW" }));
    const before = (await template("order_ready")).category;
    await world.webhook(accountBody("template_category_update", { ...named, new_category: before, correct_category: "AUTHENTICATION" }));
    expect(await template("order_ready")).toMatchObject({ quality: "YELLOW", category: before });
    await world.webhook(accountBody("template_category_update", { ...named, previous_category: before, new_category: "MARKETING" }));
    expect((await template("order_ready")).category).toBe("MARKETING");
  });

  test("an alert shows in the number's health, and the number is looked at again", async () => {
    await world.webhook(accountBody("account_alerts", { entity_type: "BUSINESS", entity_id: "1", alert_info: { alert_severity: "CRITICAL", alert_type: "X", alert_description: "Verify your business" } }));
    const health = async () => (await admin.get<ProviderHealth>(`/api/v1/providers/${providerId}/health`)).body;
    await expect.poll(health).toMatchObject({ status: "degraded", reason: "Meta warns: Verify your business", lastWebhookAt: expect.any(String) });
    world.sandbox.change({ account: { qualityRating: "YELLOW" } });
    await world.webhook(accountBody("phone_number_quality_update", { display_phone_number: sandboxAccount.number.slice(1), event: "DOWNGRADE" }));
    await expect.poll(health, { timeout: 5000 }).toMatchObject({ quality: "YELLOW" });
  });

  test("an error of the number shows in its health", async () => {
    await world.webhook(messagesBody({ errors: [{ code: 130429, title: "Rate limit hit" }] }));
    await sql`update providers set health = health - 'notice'`.execute(world.database.db);
    expect((await admin.get<ProviderHealth>(`/api/v1/providers/${providerId}/health`)).body).toMatchObject({ status: "degraded", reason: expect.stringContaining("130429") });
  });

  test("fields this version does not read are kept as they came, and counted", async () => {
    await world.webhook(accountBody("tracking_events", { anything: [1, 2] }));
    expect(await rows("raw_webhooks")).toMatchObject([{ field: "tracking_events", body: { anything: [1, 2] } }]);
  });
});

test("whatever is sent, signed or not, is answered without a server error", async () => {
  const valid = JSON.stringify(messagesBody({ contacts: ada, statuses: [status("sent")], messages: [text("wamid.M")] }));
  const mutated = fc.tuple(fc.nat(valid.length), fc.nat(20), fc.string()).map(([at, cut, put]) => valid.slice(0, at) + put + valid.slice(at + cut));
  await fc.assert(
    fc.asyncProperty(fc.oneof(mutated, fc.json(), fc.string()), fc.boolean(), async (body, signed) => {
      const answer = await world.webhook(body, signed ? {} : { secret: "another secret" });
      expect(answer).toBeLessThan(500);
    }),
    { numRuns: 300 },
  );
});

test("ids, codes and times of a wrong kind are no fault of ours", async () => {
  const odd = { toString: 1, valueOf: null };
  const failed = status("failed", { timestamp: odd, errors: [{ code: odd }] });
  expect(await world.webhook(messagesBody({ statuses: [failed] }))).toBe(200);
  const elsewhere = messagesBody({ metadata: { phone_number_id: "7\0" }, statuses: [status("sent")] });
  expect(await world.webhook(elsewhere)).toBe(200);
  expect(await world.webhook(elsewhere, { secret: "another secret" })).toBe(403);
});

test("a body of more than 3 MB is refused", async () => {
  expect(await world.webhook(messagesBody({ padding: "x".repeat(3 * 1024 * 1024) }))).toBe(413);
});
