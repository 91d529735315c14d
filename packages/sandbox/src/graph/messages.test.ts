import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { errorOf, hello, idOf, orderReady, phoneNumberId, startClient, text, until, type Client } from "../testing.ts";

let client: Client;
beforeEach(async () => {
  client = await startClient();
});
afterEach(() => client.close());

const phone = "/phones/15550100123";

describe("a send that is in order", () => {
  it("answers with the number as typed, the WhatsApp id and an id of Meta's layout", async () => {
    const answer = await client.send({ to: "+1 (555) 010-0123", ...hello });
    expect(answer.status).toBe(200);
    expect(answer.body).toEqual({
      messaging_product: "whatsapp",
      contacts: [{ input: "+1 (555) 010-0123", wa_id: "15550100123" }],
      messages: [{ id: expect.stringMatching(/^wamid\./), message_status: "accepted" }],
    });
    const hex = Buffer.from(idOf(answer).slice(6), "base64").toString("hex");
    const digits = Buffer.from("15550100123").toString("hex");
    expect(hex).toMatch(new RegExp(`^1c180b${digits}150200111812([34]\\d){18}00$`));
  });

  it("has no message_status when it is free-form", async () => {
    await client.control("POST", `${phone}/messages`, text("hello"));
    expect((await client.send(text("hi"))).body["messages"]).toEqual([{ id: expect.stringMatching(/^wamid\./) }]);
  });

  it("carries the headers of a Graph answer", async () => {
    const { headers } = await client.send(hello);
    expect(headers.get("facebook-api-version")).toBe("v26.0");
    expect(headers.get("x-fb-trace-id")).toMatch(/^A\w{22}$/);
    expect(JSON.parse(headers.get("x-business-use-case-usage") ?? "")["900100200300400"][0].type).toBe("whatsapp_business_management");
  });

  it("counts as text when it has no type", async () => {
    await client.control("POST", `${phone}/messages`, text("hello"));
    expect((await client.send({ text: { body: "hi" } })).status).toBe(200);
  });

  it("gives a Brazilian number its WhatsApp id without the ninth digit", async () => {
    const answer = await client.send({ to: "+5531987654321", ...hello });
    expect(answer.body["contacts"]).toEqual([{ input: "+5531987654321", wa_id: "553187654321" }]);
  });

  it("can be addressed to a business-scoped user id", async () => {
    const { body } = await client.control("GET", phone);
    const answer = await client.send({ to: undefined, recipient: body["userId"], ...hello });
    expect(answer.body["contacts"]).toEqual([{ input: body["userId"], user_id: body["userId"] }]);
  });

  it("can be addressed to the parent id that its webhooks show", async () => {
    client.sandbox.change({ webhooks: { identity: "parent" } });
    await client.send(hello);
    await until(() => client.app.statuses().length > 0);
    const parent = client.app.statuses()[0]!["recipient_parent_user_id"];
    expect((await client.send({ to: undefined, recipient: parent, ...hello })).body["contacts"]).toMatchObject([{ input: parent }]);
  });

  it("makes the same ids in the same order with the same seed", async () => {
    const other = await startClient();
    const [here, there] = [idOf(await client.send(hello)), idOf(await other.send(hello))];
    await other.close();
    expect(here).toBe(there);
  });
});

describe("a send is refused with Meta's own error", () => {
  it.each([
    ["without messaging_product", { messaging_product: undefined, ...text("x") }, "(#100) The parameter messaging_product is required."],
    ["without recipient", { to: undefined, ...text("x") }, "(#100) The parameter to is required."],
    ["without text", { type: "text", text: {} }, "(#100) The parameter text['body'] is required."],
    ["without the type's member", { type: "image" }, "(#100) The parameter image is required."],
    ["without a template's name", { type: "template", template: { language: { code: "en" } } }, "(#100) The parameter template['name'] is required."],
  ])("%s", async (_case, message, expected) => {
    const answer = await client.send(message);
    expect(answer.status).toBe(400);
    expect(answer.body).toEqual({ error: { message: expected, type: "OAuthException", code: 100, fbtrace_id: answer.headers.get("x-fb-trace-id") } });
  });

  it("names the types there are when the type is unknown", async () => {
    expect(errorOf(await client.send({ type: "poll", poll: {} }))["message"]).toBe(
      '(#100) Param type must be one of {AUDIO, CONTACTS, DOCUMENT, IMAGE, INTERACTIVE, LOCATION, REACTION, STICKER, TEMPLATE, TEXT, VIDEO} - got "poll".',
    );
  });

  it("when the number cannot be read", async () => {
    expect(errorOf(await client.send({ to: "12ab", ...hello }))).toMatchObject({ code: 131009, message: "(#131009) Parameter value is not valid" });
  });

  it("when it goes to the sender itself", async () => {
    expect(errorOf(await client.send({ to: "+15550100199", ...hello }))["code"]).toBe(131021);
  });

  it("when the template does not exist in the language, with HTTP 404", async () => {
    const answer = await client.send({ type: "template", template: { name: "hello_world", language: { code: "en" } } });
    expect(answer.status).toBe(404);
    expect(errorOf(answer)).toMatchObject({
      message: "(#132001) Template name does not exist in the translation",
      code: 132001,
      error_data: { messaging_product: "whatsapp", details: "template name (hello_world) does not exist in en" },
    });
  });

  it("when a value is missing in the body", async () => {
    expect(errorOf(await client.send(orderReady(["Ada"])))).toMatchObject({
      message: "(#132000) Number of parameters does not match the expected number of params",
      error_data: { details: "body: number of localizable_params (1) does not match the expected number of params (2)" },
    });
  });

  it("when the header's picture is missing", async () => {
    const message = orderReady();
    const { template } = message as { template: { components: unknown[] } };
    template.components = template.components.slice(1);
    expect(errorOf(await client.send(message))).toMatchObject({
      message: "(#132012) Parameter format does not match format in the created template",
      error_data: { details: "header: Format mismatch, expected IMAGE, received UNKNOWN" },
    });
  });

  it("when an uploaded file is not there", async () => {
    const answer = await client.send({ type: "image", image: { id: "999" } });
    expect(errorOf(answer)["message"]).toBe("(#100) Param image['id'] is not a valid whatsapp business account media attachment ID");
  });

  it.each([
    ["more than three buttons", { type: "button", body: { text: "?" }, action: { buttons: Array.from({ length: 4 }, (_, i) => ({ type: "reply", reply: { id: `${i}`, title: `${i}` } })) } }],
    ["two buttons of one title", { type: "button", body: { text: "?" }, action: { buttons: ["a", "b"].map((id) => ({ type: "reply", reply: { id, title: "Yes" } })) } }],
    ["more than ten rows", { type: "list", body: { text: "?" }, action: { button: "Pick", sections: [{ rows: Array.from({ length: 11 }, (_, i) => ({ id: `${i}`, title: `${i}` })) }] } }],
    ["a footer that is too long", { type: "button", body: { text: "?" }, footer: { text: "x".repeat(61) }, action: { buttons: [{ type: "reply", reply: { id: "a", title: "a" } }] } }],
    ["a carousel of one card", { type: "carousel", body: { text: "?" }, action: { cards: [{ card_index: 0, type: "cta_url" }] } }],
  ])("for %s", async (_case, interactive) => {
    expect(errorOf(await client.send({ type: "interactive", interactive }))["code"]).toBe(131009);
  });
});

describe("the order of the checks", () => {
  it("looks at the token before anything else", async () => {
    const path = `/v26.0/${phoneNumberId}/messages`;
    expect(await client.graph("POST", path, "no json", {})).toMatchObject({ status: 401, body: { error: { code: 104 } } });
    expect(await client.graph("POST", "/v26.0/1/messages", {}, { authorization: "Bearer other" })).toMatchObject({
      status: 401,
      body: { error: { code: 190, message: "Invalid OAuth access token - Cannot parse access token" } },
    });
  });

  it("looks at the node and the scope before the body", async () => {
    expect(errorOf(await client.graph("POST", "/v26.0/1/messages", "no json"))).toMatchObject({ code: 100, error_subcode: 33, type: "GraphMethodException" });
    client.sandbox.change({ account: { scopes: ["whatsapp_business_management"] } });
    expect(errorOf(await client.send(text("x")))).toMatchObject({ code: 100, error_subcode: 33 });
  });

  it("refuses each thing that is wrong before the next one", async () => {
    const codes: unknown[] = [];
    const tryOnce = async (message: object) => codes.push(errorOf(await client.send({ ...message }))["code"]);
    await client.graph("POST", `/v26.0/${phoneNumberId}/deregister`);
    client.sandbox.change({ account: { state: "locked" }, allowedRecipients: [], throughput: { messagesPerSecond: 1 }, pairRate: { burst: 1, secondsPerMessage: 6 } });
    const unknown = { type: "template", template: { name: "nobody", language: { code: "en" } } };
    await tryOnce({ ...unknown, to: "+15550100199", text: undefined, messaging_product: undefined });
    await tryOnce({ ...unknown, to: "+15550100199" });
    await tryOnce(unknown);
    await client.graph("POST", `/v26.0/${phoneNumberId}/register`, { messaging_product: "whatsapp", pin: "000000" });
    await tryOnce(unknown);
    client.sandbox.change({ allowedRecipients: null });
    await tryOnce(unknown);
    client.sandbox.change({ account: { state: "active" } });
    await tryOnce(unknown);
    await tryOnce(unknown);
    client.sandbox.change({ throughput: { messagesPerSecond: null } });
    await tryOnce(unknown);
    expect(codes).toEqual([100, 131021, 133010, 131030, 131031, 132001, 130429, 131056]);
  });
});

describe("limits", () => {
  it("lets 45 messages to one person through and the next one after six seconds", async () => {
    client.sandbox.change({ throughput: { messagesPerSecond: null } });
    const answers = await Promise.all(Array.from({ length: 46 }, () => client.send(hello)));
    expect(answers.filter(({ status }) => status === 200)).toHaveLength(45);
    expect(answers.find(({ status }) => status !== 200)?.body["error"]).toMatchObject({ code: 131056 });
    await client.sandbox.advance(6000);
    expect((await client.send(hello)).status).toBe(200);
    expect((await client.send(hello)).status).toBe(400);
  });

  it("lets so many messages per second through, 80 unless told otherwise", async () => {
    expect(client.sandbox.behaviour().throughput).toEqual({ messagesPerSecond: 80 });
    client.sandbox.change({ throughput: { messagesPerSecond: 2 } });
    const answers = await Promise.all(Array.from({ length: 30 }, (_, i) => client.send({ to: `+1555020${1000 + i}`, ...hello })));
    const sent = answers.filter(({ status }) => status === 200).length;
    expect(sent).toBeGreaterThanOrEqual(2);
    expect(sent).toBeLessThan(30);
    expect(answers.find(({ status }) => status !== 200)?.body["error"]).toMatchObject({ code: 130429 });
  });

  it("answers throttles with 429 when told to", async () => {
    client.sandbox.change({ throughput: { messagesPerSecond: 1 }, throttleHttpStatus: 429 });
    await client.send(hello);
    expect((await client.send(hello)).status).toBe(429);
  });

  it("forgets the oldest messages of a phone", async () => {
    const small = await startClient({ keep: { perPhone: 3, inTotal: 5 }, behaviour: { throughput: { messagesPerSecond: null } } });
    for (let i = 0; i < 5; i++) await small.send(hello);
    expect((await small.control("GET", `${phone}/messages`)).body).toHaveLength(3);
    for (let i = 0; i < 5; i++) await small.send({ to: `+1555020000${i}`, ...hello });
    expect((await small.control("GET", "/state")).body).toMatchObject({ messages: 5 });
    expect((await small.control("GET", "/phones/15550200004/messages")).body).toHaveLength(1);
    await small.close();
  });
});

describe("what an accepted message may still come to", () => {
  /** The codes of the first `failed` status that comes. */
  const failure = async () => (await until(() => client.app.statuses().find((each) => each["status"] === "failed")))["errors"];
  const withCode = (code: number) => [{ code, title: expect.any(String), message: expect.any(String), error_data: { details: expect.any(String) }, href: "/documentation/business-messaging/whatsapp/support/error-codes" }];

  it("fails with 131047 outside the 24-hour window", async () => {
    expect((await client.send(text("hi"))).status).toBe(200);
    expect(await failure()).toEqual(withCode(131047));
    expect(client.app.statuses()[0]).not.toHaveProperty("recipient_user_id");
  });

  it("is refused with 131047 at once when told to", async () => {
    client.sandbox.change({ window: { failAs: "answer" } });
    expect(errorOf(await client.send(text("hi")))["code"]).toBe(131047);
  });

  it("passes within the window, and no longer after 24 hours", async () => {
    await client.control("POST", `${phone}/messages`, text("hello"));
    const first = idOf(await client.send(text("hi")));
    await until(() => client.app.statuses().some((each) => each["id"] === first && each["status"] === "delivered"));
    await client.sandbox.advance(24 * 3_600_000);
    await client.send(text("hi again"));
    expect(await failure()).toEqual(withCode(131047));
  });

  it("fails with 131026 when the number is not on WhatsApp", async () => {
    await client.control("PATCH", phone, { onWhatsApp: false });
    await client.send(hello);
    expect(await failure()).toEqual(withCode(131026));
  });

  it("fails with 131050 for marketing after an opt-out, and passes after the opt-in", async () => {
    await client.control("POST", `${phone}/opt-out`);
    await client.app.change((_, field) => field === "user_preferences");
    const offer = {
      type: "template",
      template: {
        name: "spring_offer",
        language: { code: "en" },
        components: [
          { type: "limited_time_offer", parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: Date.now() + 3_600_000 } }] },
          { type: "button", sub_type: "copy_code", index: "0", parameters: [{ type: "coupon_code", coupon_code: "SPRING15" }] },
        ],
      },
    };
    await client.send(offer);
    expect(await failure()).toEqual(withCode(131050));
    await client.control("POST", `${phone}/opt-in`);
    const id = idOf(await client.send(offer));
    await until(() => client.app.statuses().some((each) => each["id"] === id && each["status"] === "delivered"));
  });

  it("fails with 131053 when a link on this machine cannot be fetched", async () => {
    client.sandbox.change({ fetchLocalMedia: true });
    await client.send(orderReady(undefined, `${client.sandbox.url}/sandbox/assets/none.png`));
    expect(await failure()).toEqual(withCode(131053));
  });

  it("fails with 131009 when a reaction has no target", async () => {
    await client.control("POST", `${phone}/messages`, text("hello"));
    await client.send({ type: "reaction", reaction: { message_id: "wamid.none", emoji: "👍" } });
    expect(await failure()).toEqual(withCode(131009));
  });
});

describe("reactions, reads and typing", () => {
  it("shows a reaction on the message and reports only sent for it", async () => {
    const written = String((await client.control("POST", `${phone}/messages`, text("hello"))).body["id"]);
    const id = idOf(await client.send({ type: "reaction", reaction: { message_id: written, emoji: "👍" } }));
    await until(() => client.app.statuses().some((each) => each["id"] === id));
    await client.sandbox.advance(5000);
    expect(client.app.statuses().filter((each) => each["id"] === id).map((each) => each["status"])).toEqual(["sent"]);
    expect(Object.values((await client.control("GET", `${phone}/messages`)).body)[0]).toMatchObject({ id: written, reactions: { business: "👍" } });
  });

  it("turns the ticks blue up to the message read and shows typing for 25 seconds", async () => {
    await client.control("POST", `${phone}/messages`, text("one"));
    const second = String((await client.control("POST", `${phone}/messages`, text("two"))).body["id"]);
    const answer = await client.send({ to: undefined, status: "read", message_id: second, typing_indicator: { type: "text" } });
    expect(answer.body).toEqual({ success: true });
    expect(Object.values((await client.control("GET", `${phone}/messages`)).body).map((each) => (each as { status: string }).status)).toEqual(["read", "read"]);
    expect((await client.control("GET", phone)).body["typing"]).toBe(true);
    await client.sandbox.advance(25_000);
    expect((await client.control("GET", phone)).body["typing"]).toBe(false);
  });

  it("refuses to mark what was not received", async () => {
    const id = idOf(await client.send(hello));
    expect(errorOf(await client.send({ to: undefined, status: "read", message_id: id }))["code"]).toBe(131009);
  });
});
