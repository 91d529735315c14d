import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCloudApi, type CloudApi } from "./client.ts";
import { startFakeGraph, type FakeGraph } from "./fake-graph.ts";
import { locateDescription, readDescription, type MetaDescription } from "./meta-openapi.ts";
import type { SendBody, SendContent, SendComponent } from "./messages.ts";
import type { TemplateComponent } from "./templates/types.ts";
import { validateTemplate } from "./templates/rules.ts";
import { parseWebhook } from "./webhook/parse.ts";

const number = "700800900100200";
const waba = "900100200300400";
const description = locateDescription();

/** Departures of our requests from Meta's v23 file, each with the reason why the file is wrong or silent. */
const knownDifferences: Record<string, string> = {
  "sendMessage: body.template.components[].index: pattern":
    "the file's pattern ^[2-6, 11-14]$ stands for footnote marks; its own examples send 0 and 1",
  "sendMessage: body.template.language: required policy": "the policy is optional; the file's own template examples leave it out",
  "sendMarketingMessage: body.template.language: required policy": "as for sendMessage",
  "sendMessage: body: unevaluatedProperties biz_opaque_callback_data": "documented by Meta for every message type, missing in the file",
  "sendMessage: body: a read mark is not listed": "read marks have a schema of their own (MarkMessageRequestPayload) that the file forgets to list here",
  "getTemplateByNameDefaultFields: query fields: undeclared": "every read of the Graph API takes fields; the file lists name only",
  "getTemplateByNameDefaultFields: query limit: undeclared": "paging of the Graph API; the file lists name only",
  "getTemplateByNameDefaultFields: query status: undeclared": "filter documented by Meta; the file lists name only",
  "getTemplateByIdDefaultFields: query fields: undeclared": "every read of the Graph API takes fields",
  "deleteTemplateByName: query hsm_ids: undeclared": "deletion of several templates came after v23",
  "deleteMedia: header Content-Type: required": "a DELETE without a body has no content type",
};

const send = (content: SendContent, more: Partial<SendBody> = {}): SendBody =>
  ({ messaging_product: "whatsapp", recipient_type: "individual", to: "+15550100123", ...content, ...more }) as SendBody;

const contents: [string, SendContent][] = [
  ["text", { type: "text", text: { body: "Hi", preview_url: true } }],
  ["image by id", { type: "image", image: { id: "33" } }],
  ["image by link", { type: "image", image: { link: "https://cdn.example/a.png", caption: "A" } }],
  ["video", { type: "video", video: { link: "https://cdn.example/a.mp4" } }],
  ["audio", { type: "audio", audio: { id: "33" } }],
  ["document", { type: "document", document: { id: "33", filename: "a.pdf", caption: "Bill" } }],
  ["sticker", { type: "sticker", sticker: { id: "33" } }],
  ["location", { type: "location", location: { latitude: "37.48", longitude: "-122.14", name: "Depot", address: "4 Dock Rd" } }],
  [
    "contacts",
    {
      type: "contacts",
      contacts: [
        {
          name: { formatted_name: "Ada Pruett", first_name: "Ada" },
          phones: [{ phone: "+15550100145", type: "WORK", wa_id: "15550100145" }],
          emails: [{ email: "ada@example.com", type: "WORK" }],
          addresses: [{ street: "1 Elm", city: "Reno", zip: "89501", country_code: "us", type: "HOME" }],
          org: { company: "Pruett Ltd" },
          urls: [{ url: "https://pruett.example", type: "WORK" }],
          birthday: "1990-04-02",
        },
      ],
    },
  ],
  ["reaction", { type: "reaction", reaction: { message_id: "wamid.1", emoji: "✅" } }],
  [
    "reply buttons",
    { type: "interactive", interactive: { type: "button", header: { type: "text", text: "H" }, body: { text: "B" }, footer: { text: "F" }, action: { buttons: [{ type: "reply", reply: { id: "y", title: "Yes" } }] } } },
  ],
  [
    "list",
    { type: "interactive", interactive: { type: "list", body: { text: "B" }, action: { button: "Choose", sections: [{ title: "S", rows: [{ id: "1", title: "10:00", description: "Hall" }] }] } } },
  ],
  [
    "flow",
    { type: "interactive", interactive: { type: "flow", body: { text: "B" }, action: { name: "flow", parameters: { flow_message_version: "3", flow_id: "1", flow_cta: "Start", flow_token: "t" } } } },
  ],
  ["product", { type: "interactive", interactive: { type: "product", action: { catalog_id: "1", product_retailer_id: "sku" } } }],
  [
    "product list",
    { type: "interactive", interactive: { type: "product_list", header: { type: "text", text: "H" }, body: { text: "B" }, action: { catalog_id: "1", sections: [{ title: "S", product_items: [{ product_retailer_id: "sku" }] }] } } },
  ],
  [
    "catalogue",
    { type: "interactive", interactive: { type: "catalog_message", body: { text: "B" }, action: { name: "catalog_message", parameters: { thumbnail_product_retailer_id: "sku" } } } },
  ],
  ["call permission", { type: "interactive", interactive: { type: "call_permission_request", body: { text: "B" }, action: { name: "call_permission_request" } } }],
];

const components: SendComponent[] = [
  { type: "header", parameters: [{ type: "document", document: { link: "https://cdn.example/a.pdf", filename: "a.pdf" } }] },
  {
    type: "body",
    parameters: [
      { type: "text", text: "Ada" },
      { type: "currency", currency: { fallback_value: "$19.90", code: "USD", amount_1000: 19_900 } },
      { type: "date_time", date_time: { fallback_value: "3 March 2027" } },
    ],
  },
  { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "t%2F81" }] },
  { type: "button", sub_type: "quick_reply", index: "1", parameters: [{ type: "payload", payload: "STOP" }] },
];
const template: SendContent = { type: "template", template: { name: "order_ready", language: { code: "en_US" }, components } };

const definition: TemplateComponent[] = [
  { type: "HEADER", format: "TEXT", text: "Our {{1}} is on", example: { header_text: ["Sale"] } },
  { type: "BODY", text: "Hi {{1}}, your order {{2}} is ready at the shop.", example: { body_text: [["Ada", "A-1"]] } },
  { type: "FOOTER", text: "Reply STOP" },
  { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Stop" }, { type: "URL", text: "Track", url: "https://x.example/{{1}}", example: ["https://x.example/1"] }] },
];

/** Every request for a feature of v23, with the operation it belongs to. */
const requests: [name: string, operationId: string, run: (api: CloudApi) => Promise<unknown>][] = [
  ...contents.map(([name, content]): [string, string, (api: CloudApi) => Promise<unknown>] => [
    `send ${name}`, "sendMessage", (api) => api.send(number, send(content)),
  ]),
  ["send a template", "sendMessage", (api) => api.send(number, send(template))],
  ["send a quoted reply with a callback mark", "sendMessage", (api) => api.send(number, send(contents[0]![1], { context: { message_id: "wamid.1" }, biz_opaque_callback_data: "m-1" }))],
  ["send through the Marketing Messages API", "sendMarketingMessage", (api) => api.sendMarketing(number, { messaging_product: "whatsapp", recipient_type: "individual", to: "+15550100123", type: "template", template: { name: "spring_sale", language: { code: "en_US" } }, product_policy: "STRICT", message_activity_sharing: true })],
  ["mark as read", "sendMessage", (api) => api.markRead(number, "wamid.IN")],
  ["upload media", "uploadImage", (api) => api.uploadMedia(number, { bytes: Buffer.from("x"), mimeType: "image/png", filename: "a.png" })],
  ["read media", "retrieveMediaUrl", (api) => api.mediaInfo("33", number)],
  ["delete media", "deleteMedia", (api) => api.deleteMedia("33", number)],
  ["create a template", "createAuthenticationTemplateWOtpCopyCodeButton", (api) => api.createTemplate(waba, { name: "order_ready", language: "en_US", category: "UTILITY", components: definition })],
  ["list templates", "getTemplateByNameDefaultFields", (api) => api.listTemplates(waba, { name: "order_ready", status: "approved" }).next()],
  ["read a template", "getTemplateByIdDefaultFields", (api) => api.template("14")],
  ["edit a template", "editTemplate", (api) => api.editTemplate("14", { category: "MARKETING", components: definition })],
  ["delete a template", "deleteTemplateByName", (api) => api.deleteTemplate(waba, { name: "order_ready", id: "14" })],
  ["delete several templates", "deleteTemplateByName", (api) => api.deleteTemplate(waba, { ids: ["14", "15"] })],
  ["read a number", "getPhoneNumberById", (api) => api.phoneNumber(number)],
  ["list numbers", "getWhatsAppBusinessAccountPhoneNumbers", (api) => api.phoneNumbers(waba).next()],
  ["read an account", "getWhatsAppBusinessAccountDetails", (api) => api.businessAccount(waba)],
  ["register a number", "registerWhatsAppBusinessPhoneNumber", (api) => api.register(number, "123456")],
  ["deregister a number", "deregisterPhoneNumber", (api) => api.deregister(number)],
  ["subscribe an app", "subscribeToWabaWebhooks", (api) => api.subscribeApp(waba)],
  ["subscribe an app with an address", "subscribeToWabaWebhooks", (api) => api.subscribeApp(waba, { callbackUrl: "https://t.example/hook", verifyToken: "v" })],
  ["list subscribed apps", "getAllSubscriptionsForAWaba", (api) => api.subscribedApps(waba)],
  ["unsubscribe an app", "unsubscribeFromWabaWebhooks", (api) => api.unsubscribeApp(waba)],
];

const placeholder = /<[^>]*>|\{\{[A-Za-z-]+\}\}/;

describe.skipIf(description === undefined)("Meta's own OpenAPI description (skipped where the file is not present)", () => {
  let meta: MetaDescription;
  let graph: FakeGraph;
  const found = new Set<string>();

  beforeAll(async () => {
    meta = readDescription(description!);
    graph = await startFakeGraph(() => ({ json: { id: "1", messages: [{ id: "wamid.1" }], data: [], success: true } }));
  });

  afterAll(() => graph.close());

  test.each(requests)("%s: the request is valid, or its difference is listed", async (_name, operationId, run) => {
    await run(createCloudApi({ baseUrl: graph.baseUrl, version: "v23.0", accessToken: "EAAtoken" }));
    const differences = meta.differences(operationId, graph.last());
    for (const each of differences) found.add(each);
    expect(differences.filter((each) => !(each in knownDifferences))).toEqual([]);
  });

  test("every listed difference still exists", () => {
    expect(Object.keys(knownDifferences).filter((each) => !found.has(each))).toEqual([]);
  });

  test("a wrong request is noticed", async () => {
    const api = createCloudApi({ baseUrl: graph.baseUrl, version: "v23.0", accessToken: "EAAtoken" });
    await api.send(number, send({ type: "text", text: { body: 7, colour: "red" } } as never));
    expect(meta.differences("sendMessage", graph.last())).toEqual([
      "sendMessage: body.text.body: type",
      "sendMessage: body.text: additionalProperties colour",
    ]);
  });

  test("without our reading of its sealed branches, the file refuses its own examples", () => {
    const example = { messaging_product: "whatsapp", recipient_type: "individual", to: "1", type: "text", text: { body: "x" } };
    expect(meta.uncorrected("TextMessage", example)).toContain("body: additionalProperties messaging_product");
  });

  test("every example template of the file keeps our rules, once its placeholders are filled", () => {
    const examples = Object.entries(meta.examples("createAuthenticationTemplateWOtpCopyCodeButton"));
    expect(examples.length).toBeGreaterThan(8);
    for (const [title, example] of examples) {
      const json = example as Record<string, unknown>;
      const named = placeholder.test(String(json["name"])) ? { ...json, name: "example" } : json;
      expect({ title, problems: validateTemplate(named) }).toEqual({ title, problems: [] });
    }
  });

  test("every example webhook about a message is read completely", () => {
    const examples = Object.entries(meta.examples("post /whatsapp/webhooks"));
    expect(examples.length).toBeGreaterThan(10);
    for (const [title, example] of examples) {
      if (title.startsWith("Group")) continue;
      const content = parseWebhook(example);
      const unread = [...content.unknown, ...content.messages.filter((message) => message.content.type === "unknown")];
      expect({ title, unread, read: content.messages.length + content.statuses.length > 0 }).toEqual({ title, unread: [], read: true });
    }
  });
});
