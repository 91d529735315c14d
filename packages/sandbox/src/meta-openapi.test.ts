import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { arrayOf, memberOf, objectOf, textOf, type JsonObject } from "./json.ts";
import { locateDescription, MetaDescription } from "./meta-openapi.ts";
import { hello, idOf, orderReady, phoneNumberId, startClient, text, until, wabaId, type Answer, type Client } from "./testing.ts";

const file = locateDescription();
const sends = "/{Version}/{Phone-Number-ID}/messages";
const creations = "/{Version}/{WABA-ID}/message_templates";

/** Answers and webhooks that depart from Meta's v23 file, each with the reason. */
const knownDifferences: Record<string, string> = {
  "GET /{Version}/{WABA-ID}/phone_numbers: .data[].status enum": "live numbers answer CONNECTED, which Meta documents for the number itself; the file lists the states of an older relation",
  "text: .context required referred_product": "the file knows context only from product pages; a reply has from and id alone",
  "reaction: .reaction required emoji": "a reaction that is taken back has no emoji (Meta: webhooks/messages/reaction, 2025)",
  "text: required from": "users with a username may be shown without their number since 2026",
  "status: .statuses[] required recipient_id": "a message sent to a business-scoped user id may not show the number (2026)",
  "status: .statuses[].status enum": "played came in March 2026",
  "webhook: field user_preferences": "the file has the message and group fields only",
};

/** Examples of the file that the sandbox refuses, each with the reason. */
const refusedExamples: Record<string, string> = {
  "Send Reply to List Message": "the example has no type, which counts as text",
  "Send Sample Issue Resolution Template": "its quick replies carry text, where Meta documents a payload",
};

describe.skipIf(file === undefined)("Meta's own OpenAPI description (skipped where the file is not present)", () => {
  let meta: MetaDescription;
  let client: Client;
  const found = new Set<string>();
  const media: Record<string, string> = {};
  const uploads: Answer[] = [];
  let received = "";

  /** Differences that nobody has given a reason for. */
  const unexplained = (differences: string[]) => {
    for (const each of differences) found.add(each);
    return differences.filter((each) => !(each in knownDifferences));
  };

  beforeAll(async () => {
    meta = new MetaDescription(file!);
    client = await startClient({ behaviour: { throughput: { messagesPerSecond: null }, pairRate: null, templates: { reviewMs: 0 } } });
    received = textOf((await client.control("POST", "/phones/15550100123/messages", text("hi"))).body["id"]);
    for (const [kind, type] of [["AUDIO", "audio/mpeg"], ["IMAGE", "image/png"], ["DOCUMENT", "application/pdf"], ["VIDEO", "video/mp4"], ["MEDIA", "image/webp"]] as const) {
      const form = new FormData();
      form.set("messaging_product", "whatsapp");
      form.set("file", new Blob(["x"], { type }), "file");
      const answer = await client.graph("POST", `/v23.0/${phoneNumberId}/media`, form);
      uploads.push(answer);
      media[kind] = textOf(answer.body["id"]);
    }
  });
  afterAll(() => client.close());

  /** An example with its placeholders filled. */
  const filled = (value: unknown, member = ""): unknown => {
    if (Array.isArray(value)) return value.map((each) => filled(each));
    if (typeof value === "object" && value !== null) return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, filled(each, name)]));
    if (typeof value !== "string") return value;
    if (member === "to") return "+15550100123";
    if (member === "message_id") return received;
    if (member === "id" && /_OBJECT_ID>/.test(value)) return media[/<(\w+?)_OBJECT_ID>/.exec(value)![1]!];
    if (/http\(s\)/.test(value)) return "https://cdn.example/file";
    if (value === "<HEADER_TYPE>") return "text";
    if (value === "language-and-locale-code") return "en_US";
    if (/_(TITLE|TEXT)>$|_TITLE_?\d?>$|BUTTON_TITLE/.test(value)) return `T${value.replace(/\D/g, "").slice(0, 6)}${member.slice(0, 2)}`;
    return value.replace(/^[<{]+|[>}]+$/g, (mark) => (mark.length > 0 ? "" : mark));
  };

  /** Creates a template that an example's send fits. */
  const templateFor = async (send: JsonObject, index: number): Promise<void> => {
    const template = memberOf(send, "template");
    if (template["name"] === "hello_world") return;
    const name = `example_send_${index}`;
    template["name"] = name;
    const sent = arrayOf(template["components"]).map(objectOf);
    const of = (type: string) => sent.filter((each) => textOf(each["type"]).toLowerCase() === type);
    const header = arrayOf(of("header")[0]?.["parameters"]).map(objectOf)[0];
    const count = arrayOf(of("body")[0]?.["parameters"]).length;
    const places = Array.from({ length: count }, (_, i) => `value {{${i + 1}}} of the words`);
    const buttons = of("button").map((each) => {
      const type = textOf(each["sub_type"]).toUpperCase();
      return { type, text: `B${textOf(each["index"])}`, ...(type === "FLOW" && { flow_id: "1", flow_action: "navigate", navigate_screen: "S" }) };
    });
    const created = await client.graph("POST", `/v23.0/${wabaId}/message_templates`, {
      name,
      language: memberOf(template, "language")["code"],
      category: "MARKETING",
      components: [
        ...(header ? [{ type: "HEADER", format: textOf(header["type"]).toUpperCase(), example: { header_handle: ["4::aW1h"] } }] : []),
        { type: "BODY", text: `Words of example ${index}, then ${places.join(" and ") || "nothing"} to the end.`, ...(count > 0 && { example: { body_text: [places.map(() => "x")] } }) },
        ...(buttons.length > 0 ? [{ type: "BUTTONS", buttons }] : []),
      ],
    });
    expect(created.body).toMatchObject({ status: "PENDING" });
    await client.sandbox.advance(1000);
  };

  /** What the examples came to that were refused, by title; those with a listed reason are counted off. */
  const unlisted = (answers: [title: string, answer: Answer][], prefix: string) => {
    const refused = new Map(answers.filter(([, { status }]) => status !== 200).map(([title, { body }]) => [title, body["error"]]));
    const listed = Object.keys(refusedExamples).filter((title) => title.startsWith(prefix));
    expect(listed.filter((title) => !refused.has(title))).toEqual([]);
    return [...refused].filter(([title]) => !listed.includes(title));
  };

  /** What in the good answers departs from the file. */
  const departures = (answers: [title: string, answer: Answer][], path: string) =>
    answers.filter(([, { status }]) => status === 200).flatMap(([, { body }]) => unexplained(meta.answer("POST", path, body)));

  it("every example of a send is accepted, or its reason is listed", async () => {
    const examples = meta.examples("POST", sends);
    expect(examples.length).toBeGreaterThan(40);
    const answers: [string, Answer][] = [];
    for (const [index, [title, example]] of examples.entries()) {
      const send = filled(example) as JsonObject;
      if (send["type"] === "template") await templateFor(send, index);
      answers.push([title, await client.graph("POST", `/v23.0/${phoneNumberId}/messages`, send)]);
    }
    expect(unlisted(answers, "Send")).toEqual([]);
    expect(departures(answers, sends)).toEqual([]);
  });

  it("every example of a template is accepted, or its reason is listed", async () => {
    const examples = meta.examples("POST", creations);
    expect(examples.length).toBeGreaterThan(8);
    const answers: [string, Answer][] = [];
    for (const [index, [title, example]] of examples.entries()) {
      answers.push([title, await client.graph("POST", `/v23.0/${wabaId}/message_templates`, { ...example, name: `example_${index}` })]);
    }
    expect(unlisted(answers, "Create")).toEqual([]);
    expect(departures(answers, creations)).toEqual([]);
  });

  it.each([
    ["GET", "/{Version}/{WABA-ID}/message_templates", `/${wabaId}/message_templates`],
    ["GET", "/{Version}/{TEMPLATE_ID}", "/1400200300400502"],
    ["GET", "/{Version}/{Phone-Number-ID}", `/${phoneNumberId}?fields=id,display_phone_number,verified_name,quality_rating,code_verification_status,name_status`],
    ["GET", "/{Version}/{WABA-ID}/phone_numbers", `/${wabaId}/phone_numbers`],
    ["GET", "/{Version}/{WABA-ID}", `/${wabaId}?fields=id,name,currency,timezone_id,account_review_status,business_verification_status`],
    ["GET", "/{Version}/{WABA-ID}/subscribed_apps", `/${wabaId}/subscribed_apps`],
    ["POST", "/{Version}/{WABA-ID}/subscribed_apps", `/${wabaId}/subscribed_apps`],
    ["POST", "/{Version}/{Phone-Number-ID}/deregister", `/${phoneNumberId}/deregister`],
    ["POST", "/{Version}/{Phone-Number-ID}/register", `/${phoneNumberId}/register`],
    ["POST", "/{Version}/{TEMPLATE_ID}", "/1400200300400502"],
    ["DELETE", "/{Version}/{WABA-ID}/message_templates", `/${wabaId}/message_templates?name=order_ready`],
  ])("the answer to %s %s is valid", async (method, path, call) => {
    const body = method === "POST" ? { messaging_product: "whatsapp", pin: "123456" } : undefined;
    const answer = await client.graph(method, `/v23.0${call}`, body);
    expect(answer.status).toBe(200);
    expect(unexplained(meta.answer(method, path, answer.body))).toEqual([]);
  });

  it("the answers about media are valid", async () => {
    expect(uploads.flatMap(({ body }) => unexplained(meta.answer("POST", "/{Version}/{Phone-Number-ID}/media", body)))).toEqual([]);
    const path = `/v23.0/${media["IMAGE"]}`;
    expect(unexplained(meta.answer("GET", "/{Version}/{Media-ID}", (await client.graph("GET", path)).body))).toEqual([]);
    expect(unexplained(meta.answer("DELETE", "/{Version}/{Media-ID}", (await client.graph("DELETE", path)).body))).toEqual([]);
  });

  it("errors are valid", async () => {
    const answers = [
      await client.graph("GET", "/v23.0/1"),
      await client.send({ type: "text" }),
      await client.send({ type: "template", template: { name: "nobody", language: { code: "en" } } }),
      await client.graph("POST", `/v23.0/${wabaId}/message_templates`, { name: "A", language: "en", category: "UTILITY", components: [{ type: "BODY", text: "x" }] }),
      await client.graph("GET", `/v23.0/${phoneNumberId}`, undefined, {}),
    ];
    for (const answer of answers) {
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect(unexplained(meta.error(answer.body))).toEqual([]);
    }
  });

  it("webhooks are valid, in both dialects and all identities", async () => {
    const fresh = await startClient({ behaviour: { receipts: { readAfterMs: [1, 1] } } });
    const say = (body: JsonObject) => fresh.control("POST", "/phones/15550100123/messages", body);
    await fresh.control("PATCH", "/phones/15550100145", { identity: "username" });
    await fresh.control("POST", "/phones/15550100145/messages", text("nobody knows my number"));
    for (const [version, identity] of [["v23.0", "phone"], ["v26.0", "username"], ["v26.0", "parent"]] as const) {
      fresh.sandbox.change({ webhooks: { version, identity } });
      const id = idOf(await fresh.send(orderReady()));
      await say({ ...text("quoting"), replyTo: id });
      await say({ type: "button", button: { text: "On my way" } });
      for (const type of ["image", "document", "sticker"]) await say({ type, [type]: {} });
      await say({ type: "audio", audio: { data: "eA==", mime_type: "audio/ogg" } });
      await say({ type: "location", location: { latitude: 1, longitude: 2, name: "Depot", address: "4 Dock Rd" } });
      await say({ type: "contacts", contacts: [{ name: { formatted_name: "Ada Pruett", first_name: "Ada" }, phones: [{ phone: "+15550100145", type: "CELL", wa_id: "15550100145" }] }] });
      await say({ type: "reaction", reaction: { message_id: id, emoji: "👍" } });
      await say({ type: "reaction", reaction: { message_id: id } });
      await fresh.send({ type: "interactive", interactive: { type: "button", body: { text: "?" }, action: { buttons: [{ type: "reply", reply: { id: "y", title: "Yes" } }] } } });
      await say({ type: "button", button: { id: "y" } });
      await fresh.send({ type: "interactive", interactive: { type: "list", body: { text: "?" }, action: { button: "Pick", sections: [{ rows: [{ id: "1", title: "One", description: "First" }] }] } } });
      await say({ type: "list", list: { id: "1" } });
      await say({ type: "raw", raw: { type: "system", system: { body: "User changed number", type: "user_changed_number", wa_id: "15550100177" } } });
      await fresh.send({ type: "audio", audio: { link: "https://cdn.example/a.ogg", voice: true } });
      await fresh.send({ to: undefined, recipient: (await fresh.control("GET", "/phones/15550100123")).body["userId"], ...hello });
      await fresh.send({ to: "+15550100177", ...text("outside the window") });
      await fresh.sandbox.advance(60_000);
    }
    await fresh.control("POST", "/phones/15550100123/opt-out");
    await until(() => fresh.app.received.some(({ raw }) => raw.includes("user_preferences")));
    expect(fresh.app.received.length).toBeGreaterThan(60);
    expect([...new Set(fresh.app.received.flatMap(({ body }) => unexplained(meta.webhook(body as unknown as JsonObject))))]).toEqual([]);
    await fresh.close();
  });

  it("every listed difference still exists", () => {
    expect(Object.keys(knownDifferences).filter((each) => !found.has(each))).toEqual([]);
  });

  it("a wrong answer and a wrong webhook are noticed", () => {
    expect(meta.answer("POST", sends, { contacts: "none" })).not.toEqual([]);
    expect(meta.error({ error: { code: "100" } })).not.toEqual([]);
    expect(meta.webhook({ object: "page", entry: [{ changes: [{ field: "messages", value: { statuses: [{}] } }] }] }).length).toBeGreaterThan(3);
  });
});
