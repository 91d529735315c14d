import type { MessageContent, TemplateComponent } from "@tincan/api";
import { parseSendRequest } from "@tincan/clevertap";
import { expect, test } from "vitest";
import { adapterContract, outbound } from "../adapter-contract.ts";
import { genericAdapter } from "./adapter.ts";

const orderReady: TemplateComponent[] = [
  { type: "HEADER", format: "IMAGE" },
  { type: "BODY", text: "Hi {{1}}, order {{2}} is ready. See you, {{1}}!" },
  { type: "FOOTER", text: "Reply STOP to opt out" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "URL", text: "Track", url: "https://shop.example/{{1}}" },
      { type: "URL", text: "Shop", url: "https://shop.example/" },
      { type: "PHONE_NUMBER", text: "Call", phone_number: "+15550100111" },
      { type: "QUICK_REPLY", text: "OK" },
      { type: "COPY_CODE", text: "Copy code" },
    ],
  },
];

const adapter = genericAdapter({
  settings: { endpoint: "https://provider.example/send?account=7", wabaNumber: "918000000002", customKeys: [{ key: "team", value: "growth" }] },
  secrets: { headers: [{ key: "Token", value: "s3cret" }], auth: { username: "ada", password: "pass" } },
  limits: { concurrency: 30, timeoutMs: 1000 },
  find: (name) => (name === "order_ready" ? orderReady : undefined),
});

const hasMediaId = (content: MessageContent): boolean => JSON.stringify(content).includes('"id":');
const failure = (code: number): string => JSON.stringify({ status: "failure", error: { code, message: "no" } });

adapterContract("The generic adapter", {
  adapter,
  taken: { status: 200, body: '{"status":"success"}', wireId: undefined },
  unsayable: (content) => ["sticker", "contacts", "interactive", "reaction"].includes(content.type) || hasMediaId(content),
  answers: {
    refused: [
      ...[2001, 2002, 2003, 2004].map((code) => ({ status: 200, body: failure(code) })),
      { status: 400, body: failure(2001) },
      { status: 400, body: "Bad Request" },
      { status: 422, body: "{}" },
    ],
    retry: [{ status: 429, body: '{"message":"slow down"}' }],
    ambiguous: [
      { status: 500, body: '{"status":"failure","error":{"message":"oh"}}' },
      { status: 200, body: "" },
      { status: 200, body: "<html>OK</html>" },
      { status: 200, body: '{"queued":true}' },
      { status: 408, body: "" },
    ],
    laneDown: [
      { status: 200, body: failure(2000) },
      { status: 403, body: '{"message":"who are you"}' },
      { status: 401, body: "" },
      { status: 404, body: "<html>" },
      { status: 302, body: "" },
    ],
  },
});

const bodyOf = (content: MessageContent): Record<string, unknown> => {
  const request = adapter.request(outbound(content));
  if ("refusal" in request) throw new Error(request.refusal.title);
  return JSON.parse(request.body) as Record<string, unknown>;
};

test("a request goes to the endpoint's own path and query with all its headers", () => {
  const request = adapter.request(outbound({ type: "text", text: "hi" }));
  expect(request).toMatchObject({
    path: "/send?account=7",
    headers: { token: "s3cret", authorization: `Basic ${Buffer.from("ada:pass").toString("base64")}`, "content-type": "application/json; charset=utf-8" },
  });
});

test("a template goes out with its finished texts, and with the buttons that hold no value too", () => {
  const body = bodyOf({
    type: "template", name: "order_ready", language: "en",
    header: { kind: "image", media: { link: "https://cdn.example/a.png" } },
    body: [{ text: "Ravi" }, { text: "42" }],
    buttons: [{ kind: "url", index: 0, suffix: "t/42" }, { kind: "copyCode", index: 4, code: "SAVE5" }],
  });
  expect(body).toEqual({
    payloadVersion: 0.1,
    to: "+15550100123",
    wabaNumber: "918000000002",
    isTemplate: true,
    msgId: "01890a5d-ac96-774b-bcce-b302099a8057",
    template: { namespace: "order_ready", languageCode: "en" },
    components: [
      { type: "header", header: { type: "image", image: { mediaURL: "https://cdn.example/a.png" } } },
      { type: "body", body: { text: "Hi Ravi, order 42 is ready. See you, Ravi!", parameters: [{ type: "text", text: "Ravi" }, { type: "text", text: "42" }] } },
      { type: "footer", footer: "Reply STOP to opt out" },
      { type: "button", index: 0, buttonText: "Track", subType: "dynamicUrl", parameters: [{ type: "text", text: "t/42" }] },
      { type: "button", index: 1, buttonText: "Shop", subType: "staticUrl", parameters: [{ type: "text", text: "https://shop.example/" }] },
      { type: "button", index: 2, buttonText: "Call", subType: "callPhone", parameters: [{ type: "text", text: "+15550100111" }] },
      { type: "button", index: 3, buttonText: "OK", subType: "quickReply" },
      { type: "button", index: 4, buttonText: "Copy code", subType: "copy_code", parameters: [{ type: "coupon_code", coupon_code: "SAVE5" }] },
      { customProps: [{ team: "growth" }] },
    ],
  });
});

test("values with names go out in the order in which the template names them", () => {
  const named = genericAdapter({
    settings: { endpoint: "https://provider.example/", wabaNumber: "1", customKeys: [] },
    secrets: { headers: [], auth: null },
    limits: { concurrency: 30, timeoutMs: 1000 },
    find: () => [{ type: "BODY", text: "{{item}} for {{person}}" }],
  });
  const request = named.request(outbound({ type: "template", name: "gift", language: "en", body: [{ name: "person", text: "Ada" }, { name: "item", text: "A book" }] }));
  expect("body" in request && JSON.parse(request.body)).toMatchObject({
    components: [{ type: "body", body: { text: "A book for Ada", parameters: [{ type: "text", text: "A book" }, { type: "text", text: "Ada" }] } }],
  });
});

test("a message's own custom properties go beside the provider's, and before those of the same name", () => {
  expect(bodyOf({ type: "template", name: "unknown", language: "en", customProps: { campaign: "Diwali", team: "sales" } })).toMatchObject({ components: [{ customProps: [{ team: "sales" }, { campaign: "Diwali" }] }] });
});

test("a template nobody has told us about goes out with its values alone", () => {
  const parsed = parseSendRequest(bodyOf({ type: "template", name: "unknown", language: "en", body: [{ text: "Ravi" }], buttons: [{ kind: "quickReply", index: 1, payload: "ok" }] }));
  expect(parsed).toMatchObject({ ok: true, value: { body: { text: "", parameters: ["Ravi"] }, buttons: [{ index: 1, kind: "quickReply", value: "ok" }] } });
});

test("a free-form document is called a file, and custom keys stand beside it", () => {
  expect(bodyOf({ type: "document", media: { link: "https://cdn.example/a.pdf", filename: "a.pdf", caption: "Your bill" } })).toMatchObject({
    isTemplate: false, type: "file", file: { mediaURL: "https://cdn.example/a.pdf", caption: "Your bill", filename: "a.pdf" }, customProps: [{ team: "growth" }],
  });
});

test("a person whose number is not known cannot be asked for", () => {
  expect(adapter.request(outbound({ type: "text", text: "hi" }, { recipient: "US.13491208655302741918" }))).toMatchObject({ refusal: { title: "The person's number is not known" } });
});
