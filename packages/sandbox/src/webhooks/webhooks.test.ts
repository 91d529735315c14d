import { signatureIsValid } from "@tincan/whatsapp";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { arrayOf, objectOf, type JsonObject } from "../json.ts";
import { appId, appSecret, errorOf, hello, idOf, orderReady, phoneNumberId, startApp, startClient, text, until, wabaId, type Client } from "../testing.ts";
import { escapeLikeMeta, webhookBody } from "./update.ts";

let client: Client;
beforeEach(async () => {
  client = await startClient();
});
afterEach(() => client.close());

const phone = "/phones/15550100123";
const stagesOf = (id: string) => client.app.statuses().filter((each) => each["id"] === id).map((each) => each["status"]);
const status = (wanted: string) => until(() => client.app.statuses().find((each) => each["status"] === wanted));
const inbound = () => client.app.change((value) => value["messages"] !== undefined);

describe("the bytes", () => {
  it("escape non-ASCII characters and slashes", () => {
    expect(escapeLikeMeta('{"a":"café/🎉"}')).toBe('{"a":"caf\\u00e9\\/\\ud83c\\udf89"}');
  });

  it("are signed with the app's secret, and sent as they were signed", async () => {
    await client.control("POST", `${phone}/messages`, text("café/🎉"));
    await inbound();
    const [{ raw, headers }] = client.app.received as [(typeof client.app.received)[number]];
    expect(raw).toContain('"caf\\u00e9\\/\\ud83c\\udf89"');
    expect(signatureIsValid(raw, String(headers["x-hub-signature-256"]), appSecret)).toBe(true);
    expect(headers["x-hub-signature"]).toMatch(/^sha1=[0-9a-f]{40}$/);
    expect(headers["content-type"]).toBe("application/json");
  });

  it("place a batch in one list, in several changes or in several entries", () => {
    const updates = [1, 2].map((id) => ({ field: "messages", value: { messaging_product: "whatsapp", metadata: { phone_number_id: "7" }, statuses: [{ id }] } }));
    const shape = (name: "values" | "changes" | "entries") => {
      const { entry } = JSON.parse(webhookBody("9", updates, name)) as { entry: { changes: { value: { statuses: unknown[] } }[] }[] };
      return [entry.length, entry[0]!.changes.length, entry[0]!.changes[0]!.value.statuses.length];
    };
    expect(shape("values")).toEqual([1, 1, 2]);
    expect(shape("changes")).toEqual([1, 2, 1]);
    expect(shape("entries")).toEqual([2, 1, 1]);
  });
});

describe("statuses", () => {
  it("are sent and delivered, then read when the phone reads", async () => {
    const id = idOf(await client.send({ ...hello, biz_opaque_callback_data: "camp-77|1" }));
    const delivered = await status("delivered");
    expect(delivered).toMatchObject({ id, recipient_id: "15550100123", recipient_user_id: expect.stringMatching(/^US\./), biz_opaque_callback_data: "camp-77|1", timestamp: expect.stringMatching(/^\d{10}$/) });
    expect((await client.control("POST", `${phone}/read`)).body).toEqual({ read: [id] });
    await status("read");
    expect(stagesOf(id)).toEqual(["sent", "delivered", "read"]);
  });

  it.each(["sent", "delivered"] as const)("carry the price exactly once, on %s", async (pricingOn) => {
    client.sandbox.change({ receipts: { pricingOn, readAfterMs: [1, 1] } });
    await client.send(hello);
    await status("read");
    const priced = client.app.statuses().filter((each) => each["pricing"] !== undefined);
    expect(priced).toMatchObject([{ status: pricingOn, pricing: { billable: true, pricing_model: "PMP", type: "regular", category: "utility" } }]);
  });

  it("price a free-form message as free of charge", async () => {
    await client.control("POST", `${phone}/messages`, text("hi"));
    await client.send(text("hello"));
    expect(objectOf((await status("sent"))["pricing"])).toMatchObject({ billable: false, type: "free_customer_service", category: "service" });
  });

  it("have a conversation up to v23 only, its end on sent alone", async () => {
    await client.send(hello);
    await status("delivered");
    expect(client.app.statuses().some((each) => "conversation" in each)).toBe(false);
    client.app.received.length = 0;
    client.sandbox.change({ webhooks: { version: "v23.0" } });
    await client.send(hello);
    expect((await status("sent"))["conversation"]).toEqual({ id: expect.any(String), expiration_timestamp: expect.any(String), origin: { type: "utility" } });
    expect((await status("delivered"))["conversation"]).toEqual({ id: expect.any(String), origin: { type: "utility" } });
  });

  it("name the user in contacts, the username from delivered on", async () => {
    await client.control("PATCH", phone, { username: "ada.p" });
    await client.send(hello);
    const contactsOf = async (stage: string) => (await client.app.change((value) => objectOf(arrayOf(value["statuses"])[0])["status"] === stage))["contacts"];
    expect(await contactsOf("sent")).toEqual([{ profile: { name: "Ada" }, wa_id: "15550100123", user_id: expect.any(String) }]);
    expect(await contactsOf("delivered")).toMatchObject([{ profile: { name: "Ada", username: "ada.p" } }]);
  });

  it("come twice, late, or without delivered, when told to", async () => {
    client.sandbox.change({ receipts: { duplicate: 1, dropDelivered: 1, readAfterMs: [1, 1] } });
    const doubled = idOf(await client.send(hello));
    await until(() => stagesOf(doubled).length === 4);
    expect(stagesOf(doubled).sort()).toEqual(["read", "read", "sent", "sent"]);
    client.sandbox.change({ receipts: { duplicate: 0, dropDelivered: 0, reorder: 1 } });
    const late = idOf(await client.send(hello));
    await until(() => stagesOf(late).length === 3);
    expect(stagesOf(late)[0]).not.toBe("sent");
  });

  it("wait for a phone that is off", async () => {
    await client.control("PATCH", phone, { reachable: false });
    const id = idOf(await client.send(hello));
    await status("sent");
    await client.sandbox.advance(60_000);
    expect(stagesOf(id)).toEqual(["sent"]);
    await client.control("PATCH", phone, { reachable: true });
    await status("delivered");
    expect(stagesOf(id)).toEqual(["sent", "delivered"]);
  });

  it("report played for a voice note", async () => {
    await client.control("POST", `${phone}/messages`, text("hi"));
    await client.send({ type: "audio", audio: { link: "https://cdn.example/a.ogg", voice: true } });
    await status("delivered");
    await client.control("POST", `${phone}/read`);
    expect(await status("played")).toMatchObject({ recipient_id: "15550100123" });
  });

  it("omit the number when the message went to a user id", async () => {
    const userId = (await client.control("GET", phone)).body["userId"];
    await client.send({ to: undefined, recipient: userId, ...hello });
    const sent = await status("sent");
    expect(sent["recipient_user_id"]).toBe(userId);
    expect(sent).not.toHaveProperty("recipient_id");
  });
});

describe("what people send", () => {
  const first = (value: JsonObject) => objectOf(arrayOf(value["messages"])[0]);

  it("arrives with number, name and user id", async () => {
    const answer = await client.control("POST", `${phone}/messages`, text("yes"));
    expect(answer.status).toBe(201);
    const value = await inbound();
    expect(value).toEqual({
      messaging_product: "whatsapp",
      metadata: { display_phone_number: "15550100199", phone_number_id: phoneNumberId },
      contacts: [{ profile: { name: "Ada" }, wa_id: "15550100123", user_id: expect.stringMatching(/^US\./) }],
      messages: [{ from: "15550100123", from_user_id: expect.any(String), id: answer.body["id"], timestamp: expect.any(String), type: "text", text: { body: "yes" } }],
    });
    expect(Buffer.from(String(answer.body["id"]).slice(6), "base64").toString("hex")).toMatch(/121814([34]\d){20}00$/);
  });

  it("quotes the message it answers", async () => {
    const id = idOf(await client.send(hello));
    await client.control("POST", `${phone}/messages`, { ...text("yes"), replyTo: id });
    expect(first(await inbound())["context"]).toEqual({ from: "15550100199", id });
  });

  it("presses a template's quick reply", async () => {
    const id = idOf(await client.send(orderReady()));
    await client.control("POST", `${phone}/messages`, { type: "button", button: { text: "On my way" } });
    expect(first(await inbound())).toMatchObject({ type: "button", button: { payload: "On my way", text: "On my way" }, context: { id } });
  });

  it("opens a link without telling anybody", async () => {
    await client.send(orderReady());
    const answer = await client.control("POST", `${phone}/messages`, { type: "button", button: { index: 0 } });
    expect(answer).toMatchObject({ status: 200, body: { opened: "https://shop.example/orders/A-1042" } });
  });

  it("presses a reply button and picks from a list", async () => {
    await client.control("POST", `${phone}/messages`, text("hi"));
    const buttons = [{ type: "reply", reply: { id: "yes_1", title: "Yes" } }];
    await client.send({ type: "interactive", interactive: { type: "button", body: { text: "Coming?" }, action: { buttons } } });
    await client.control("POST", `${phone}/messages`, { type: "button", button: { index: 0 } });
    await client.app.change((value) => objectOf(first(value)["interactive"])["type"] === "button_reply");
    const sections = [{ rows: [{ id: "s1", title: "10:00", description: "Main hall" }] }];
    await client.send({ type: "interactive", interactive: { type: "list", body: { text: "When?" }, action: { button: "Choose", sections } } });
    await client.control("POST", `${phone}/messages`, { type: "list", list: { title: "10:00" } });
    const picked = await client.app.change((value) => objectOf(first(value)["interactive"])["type"] === "list_reply");
    expect(first(picked)["interactive"]).toEqual({ type: "list_reply", list_reply: { id: "s1", title: "10:00", description: "Main hall" } });
  });

  it("sends files whose bytes can be fetched with the token, for five minutes", async () => {
    await client.control("POST", `${phone}/messages`, { type: "image", image: { caption: "Here", data: Buffer.from("png").toString("base64"), mime_type: "image/png" } });
    const image = objectOf(first(await inbound())["image"]);
    expect(image).toMatchObject({ caption: "Here", mime_type: "image/png", sha256: expect.stringMatching(/=$/), id: expect.any(String) });
    const { body } = await client.graph("GET", `/v26.0/${String(image["id"])}`);
    expect(body).toMatchObject({ messaging_product: "whatsapp", mime_type: "image/png", file_size: "3", sha256: Buffer.from(String(image["sha256"]), "base64").toString("hex") });
    const fetched = await fetch(String(body["url"]), { headers: { authorization: "Bearer sandbox-token" } });
    expect(await fetched.text()).toBe("png");
    expect((await fetch(String(body["url"]))).status).toBe(401);
    await client.sandbox.advance(300_000);
    expect((await fetch(String(body["url"]), { headers: { authorization: "Bearer sandbox-token" } })).status).toBe(404);
    await client.sandbox.advance(7 * 86_400_000);
    expect(errorOf(await client.graph("GET", `/v26.0/${String(image["id"])}`))["error_subcode"]).toBe(33);
  });

  it("sends a place, a contact, and a reaction that can be taken back", async () => {
    const id = idOf(await client.send(hello));
    await client.control("POST", `${phone}/messages`, { type: "location", location: { latitude: "40.1", longitude: -3.7, name: "Depot" } });
    await client.control("POST", `${phone}/messages`, { type: "contacts", contacts: [{ name: { formatted_name: "Ben", first_name: "Ben" } }] });
    await client.control("POST", `${phone}/messages`, { type: "reaction", reaction: { emoji: "👍" }, replyTo: id });
    await client.control("POST", `${phone}/messages`, { type: "reaction", reaction: { message_id: id } });
    const sent = (type: string) => until(() => {
      const found = client.app.received.flatMap(({ body }) => body.entry.flatMap(({ changes }) => changes.map(({ value }) => first(value)))).filter((each) => each["type"] === type);
      return found.length > (type === "reaction" ? 1 : 0) && found;
    });
    expect(await sent("location")).toMatchObject([{ location: { latitude: 40.1, longitude: -3.7, name: "Depot" } }]);
    expect(await sent("contacts")).toHaveLength(1);
    const reactions = (await sent("reaction")).map((each) => each["reaction"]);
    expect(reactions).toContainEqual({ message_id: id, emoji: "👍" });
    expect(reactions).toContainEqual({ message_id: id });
  });

  it("hides the number of a user with a username until the business has written to it", async () => {
    client.sandbox.change({ webhooks: { identity: "username" } });
    await client.control("POST", "/phones/15550100155/messages", text("hi"));
    const hidden = await inbound();
    expect(first(hidden)).not.toHaveProperty("from");
    expect(hidden["contacts"]).toEqual([{ profile: { name: "+15550100155", username: expect.any(String) }, user_id: expect.any(String) }]);
    await client.send({ to: "+15550100155", ...hello });
    client.app.received.length = 0;
    await client.control("POST", "/phones/15550100155/messages", text("again"));
    expect(first(await inbound())["from"]).toBe("15550100155");
  });

  it("shows the parent id of an enrolled business", async () => {
    client.sandbox.change({ webhooks: { identity: "parent" } });
    await client.control("POST", `${phone}/messages`, text("hi"));
    expect(first(await inbound())["from_parent_user_id"]).toMatch(/^US\.ENT\.\d{20}$/);
  });

  it("may be any message of the webhook's, for kinds without a form of their own", async () => {
    await client.control("POST", `${phone}/messages`, { type: "raw", raw: { type: "system", system: { type: "user_changed_number", body: "…", wa_id: "15550100177" } } });
    const value = await inbound();
    expect(value).not.toHaveProperty("contacts");
    expect(first(value)["system"]).toMatchObject({ wa_id: "15550100177" });
  });
});

describe("delivery", () => {
  it("repeats the same bytes until it is answered with 200", async () => {
    let refusals = 4;
    client.app.answer = () => (refusals-- > 0 ? 500 : 200);
    await client.control("POST", `${phone}/messages`, text("hi"));
    await until(() => client.app.received.length >= 2);
    await client.sandbox.advance(60_000);
    await until(() => client.app.received.length === 5);
    expect(new Set(client.app.received.map(({ raw, headers }) => raw + String(headers["x-hub-signature-256"]))).size).toBe(1);
    expect((await client.control("GET", "/webhook")).body).toMatchObject({ delivered: 1, failedAttempts: 4, waitingForRetry: 0 });
  });

  it("gives up after seven days", async () => {
    client.sandbox.change({ webhooks: { retry: { mostMs: 86_400_000 } } });
    client.app.answer = () => 503;
    await client.control("POST", `${phone}/messages`, text("hi"));
    await until(() => client.app.received.length >= 2);
    await client.sandbox.advance(9 * 86_400_000);
    expect((await client.control("GET", "/webhook")).body).toMatchObject({ delivered: 0, dropped: 1, waitingForRetry: 0 });
  });

  it("puts what piled up into few bodies of at most the batch size", async () => {
    client.sandbox.change({ throughput: { messagesPerSecond: null }, pairRate: null, webhooks: { concurrency: 1, maxBatch: 50 } });
    await Promise.all(Array.from({ length: 100 }, () => client.send(hello)));
    await until(() => client.app.statuses().length === 200);
    const sizes = client.app.received.map(({ body }) => body.entry.flatMap(({ changes }) => changes).length);
    expect(Math.max(...sizes)).toBeGreaterThan(1);
    expect(Math.max(...sizes)).toBeLessThanOrEqual(50);
  });

  it("stops while the app is not subscribed to the account", async () => {
    await client.graph("DELETE", `/v26.0/${wabaId}/subscribed_apps`);
    await client.control("POST", `${phone}/messages`, text("unheard"));
    await client.graph("POST", `/v26.0/${wabaId}/subscribed_apps`);
    await client.control("POST", `${phone}/messages`, text("heard"));
    await inbound();
    expect(client.app.received.some(({ raw }) => raw.includes("unheard"))).toBe(false);
  });
});

describe("subscribing", () => {
  const appToken = { authorization: `Bearer ${appId}|${appSecret}` };

  it("verifies the address before it is saved, and lists fields with their version", async () => {
    const path = `/v26.0/${appId}/subscriptions`;
    const body = { object: "whatsapp_business_account", callback_url: client.app.url, verify_token: "mine", fields: "messages,user_preferences" };
    expect(errorOf(await client.graph("POST", path, body))["code"]).toBe(15);
    expect((await client.graph("POST", path, body, appToken)).body).toEqual({ success: true });
    expect(Object.fromEntries(client.app.verifications[0] ?? [])).toMatchObject({ "hub.mode": "subscribe", "hub.verify_token": "mine" });
    const [listed] = arrayOf((await client.graph("GET", path, undefined, appToken)).body["data"]);
    expect(listed).toMatchObject({ object: "whatsapp_business_account", callback_url: client.app.url, active: true });
    expect(objectOf(listed)["fields"]).toContainEqual({ name: "messages", version: "v26.0" });
    const refused = await client.graph("POST", path, { ...body, verify_token: "wrong" }, appToken);
    expect(errorOf(refused)).toMatchObject({ code: 2200, message: expect.stringContaining("HTTP Status Code = 403") });
  });

  it("lets a number's address beat the account's, for messages alone", async () => {
    const other = await startApp();
    await client.graph("POST", `/v26.0/${phoneNumberId}`, { webhook_configuration: { override_callback_uri: other.url, verify_token: "t" } });
    await client.control("POST", `${phone}/messages`, text("hi"));
    await until(() => other.received.length === 1);
    expect(client.app.received).toEqual([]);
    await client.control("POST", `${phone}/opt-out`);
    await until(() => client.app.received.length === 1);
    other.close();
  });

  it("is done by the control plane in one step, which says why it failed", async () => {
    expect((await client.control("PUT", "/webhook", { url: client.app.url })).body).toMatchObject({ url: client.app.url, subscribed: true });
    expect(client.app.verifications[0]?.get("hub.verify_token")).toBe("sandbox-verify");
    expect(await client.control("PUT", "/webhook", { url: client.app.url, verifyToken: "wrong" })).toMatchObject({ status: 422, body: { error: { code: "verification_failed", field: "url" } } });
    expect(await client.control("PUT", "/webhook", { url: "ftp://x" })).toMatchObject({ status: 400, body: { error: { field: "url" } } });
  });

  it("passes any field on, for events that nothing here causes", async () => {
    await client.control("POST", "/webhook/send", { field: "account_update", value: { event: "ACCOUNT_VIOLATION" } });
    expect(await client.app.change((_, field) => field === "account_update")).toEqual({ event: "ACCOUNT_VIOLATION" });
  });
});
