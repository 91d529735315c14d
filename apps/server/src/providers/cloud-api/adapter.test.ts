import type { ButtonValue, HeaderValue, TemplateContent } from "@tincan/api";
import { checkSend, errorBody, metaError, validateTemplate, type TemplateButton, type TemplateComponent, type TemplateDefinition, type TemplateHeader } from "@tincan/whatsapp";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { adapterContract, outbound } from "../adapter-contract.ts";
import { cloudApiAdapter } from "./adapter.ts";
import { templateComponents } from "./render.ts";

const adapter = cloudApiAdapter({
  baseUrl: "http://127.0.0.1:3001",
  version: "v26.0",
  phoneNumberId: "700800900100200",
  accessToken: "sandbox-token",
  limits: { concurrency: 30, timeoutMs: 30_000 },
});

/** Meta's answer for one of its codes. */
function refusal(code: number, options: Parameters<typeof metaError>[1] = {}): { status: number; body: string } {
  const error = metaError(code, options);
  return { status: error.httpStatus, body: JSON.stringify(errorBody(error)) };
}

adapterContract("The Cloud API's adapter", {
  adapter,
  taken: {
    status: 200,
    body: '{"messaging_product":"whatsapp","contacts":[{"input":"+1","wa_id":"1"}],"messages":[{"id":"wamid.A","message_status":"accepted"}]}',
    wireId: "wamid.A",
  },
  answers: {
    refused: [100, 131008, 131009, 131026, 131047, 131048, 131049, 132000, 132001, 132016].map((code) => refusal(code)),
    retry: [4, 80007, 130429, 131056, 131057, 131064, 132015].map((code) => refusal(code)).concat({ status: 429, body: "slow down" }),
    ambiguous: [1, 2, 131000, 131016]
      .map((code) => refusal(code))
      .concat({ status: 200, body: "{" }, { status: 200, body: "{}" }, { status: 502, body: "<html>" }, refusal(987654, { httpStatus: 500 })),
    laneDown: [0, 3, 10, 190, 200, 299, 368, 131005, 131031, 131042, 133010]
      .map((code) => refusal(code))
      .concat(refusal(100, { subcode: 33 }), { status: 401, body: "" }, { status: 404, body: "<html>not here" }, { status: 302, body: "" }),
  },
});

test("slows the whole number down for its own limits, and one person's messages for the pair limit", () => {
  const paces = [4, 80007, 130429, 131057, 131056, 132015].map((code) => {
    const { status, body } = refusal(code);
    const outcome = adapter.readAnswer(status, body);
    return outcome.kind === "retry" && [outcome.pace, outcome.throttled];
  });
  expect(paces).toEqual([...Array.from({ length: 4 }, () => ["backOff", true]), ["pairBackOff", false], ["later", false]]);
});

test("keeps Meta's code, its title and what exactly was wrong", () => {
  const { status, body } = refusal(132000, { details: "body: number of localizable_params (1) does not match the expected number of params (2)" });
  expect(adapter.readAnswer(status, body)).toMatchObject({
    error: { source: "meta", code: 132000, title: "Number of parameters does not match the expected number of params", details: expect.stringContaining("(1)") },
  });
});

test("writes to a number with its plus sign, and to a business-scoped user id by its own member", () => {
  expect(bodyOf({ recipient: "+15550100123" })).toMatchObject({ to: "+15550100123", biz_opaque_callback_data: outbound({ type: "text", text: "" }).messageId });
  expect(bodyOf({ recipient: "US.77001122334455667788" })).toMatchObject({ recipient: "US.77001122334455667788" });
});

test("quotes the message that is answered", () => {
  expect(bodyOf({ replyToWireId: "wamid.Q" })).toMatchObject({ context: { message_id: "wamid.Q" } });
});

test("refuses a reaction to a message nobody knows, without a request", () => {
  expect(adapter.request(outbound({ type: "reaction", emoji: "✅", replyTo: "gone" }))).toMatchObject({ refusal: { source: "tincan" } });
});

test("posts to the number's own path below the address, whatever path the address has", () => {
  const nested = cloudApiAdapter({ baseUrl: "https://proxy.example/meta/", version: "v26.0", phoneNumberId: "7", accessToken: "t", limits: adapter.limits });
  expect(nested.request(outbound({ type: "text", text: "hi" }))).toMatchObject({ path: "/meta/v26.0/7/messages", headers: { authorization: "Bearer t" } });
});

function bodyOf(more: Partial<ReturnType<typeof outbound>>): unknown {
  const request = adapter.request(outbound({ type: "text", text: "hi" }, more));
  return "body" in request && JSON.parse(request.body);
}

/*
 * Any template that Meta takes, with values for everything it needs, is rendered into components that Meta takes.
 */

const word = fc.stringMatching(/^[A-Za-z0-9]{1,12}$/);

const header = fc.constantFrom<[TemplateComponent | undefined, HeaderValue | undefined]>(
  [undefined, undefined],
  [{ type: "HEADER", format: "TEXT", text: "Plain" }, undefined],
  [{ type: "HEADER", format: "TEXT", text: "Our {{1}} is on", example: { header_text: ["Sale"] } }, { kind: "text", text: "Spring" }],
  [{ type: "HEADER", format: "IMAGE", example: { header_handle: ["4::a"] } }, { kind: "image", media: { link: "https://cdn.example/a.png", caption: "not in a header" } }],
  [{ type: "HEADER", format: "VIDEO", example: { header_handle: ["4::a"] } }, { kind: "video", media: { id: "33" } }],
  [{ type: "HEADER", format: "DOCUMENT", example: { header_handle: ["4::a"] } }, { kind: "document", media: { link: "https://cdn.example/a.pdf", filename: "a.pdf" } }],
  [{ type: "HEADER", format: "LOCATION" }, { kind: "location", location: { latitude: "37.48", longitude: "-122.14", name: "Depot 4", address: "4 Dock Rd" } }],
);

const values = fc.array(word, { maxLength: 4 });

const buttons = fc
  .uniqueArray(fc.constantFrom("url", "fixedUrl", "phone", "copyCode"), { maxLength: 4 })
  .chain((kinds) => fc.tuple(fc.constant(kinds), fc.integer({ min: 0, max: 2 }), word))
  .map(([kinds, replies, value]): [TemplateButton[], ButtonValue[]] => {
    const definitions: TemplateButton[] = [];
    const given: ButtonValue[] = [];
    for (const kind of kinds) {
      const index = definitions.length;
      if (kind === "url") {
        definitions.push({ type: "URL", text: "Track", url: "https://x.example/t/{{1}}", example: ["https://x.example/t/81"] });
        given.push({ kind: "url", index, suffix: value });
      } else if (kind === "fixedUrl") definitions.push({ type: "URL", text: "Shop", url: "https://x.example/" });
      else if (kind === "phone") definitions.push({ type: "PHONE_NUMBER", text: "Call", phone_number: "15550100199" });
      else {
        definitions.push({ type: "COPY_CODE", example: "SPRING15" });
        given.push({ kind: "copyCode", index, code: value });
      }
    }
    for (let n = 0; n < replies; n++) {
      given.push({ kind: "quickReply", index: definitions.length, payload: `reply ${n}` });
      definitions.push({ type: "QUICK_REPLY", text: `Reply ${n}` });
    }
    return [definitions, given];
  });

const templates = fc.tuple(header, values, buttons, fc.boolean()).map(([[headerPart, headerValue], texts, [definitions, given], named]) => {
  const names = texts.map((_, i) => (named ? `name_${i}` : String(i + 1)));
  const example = named
    ? { body_text_named_params: names.map((name) => ({ param_name: name, example: "Ada" })) }
    : { body_text: [names.map(() => "Ada")] };
  // A text header's variable has no name in neutral content, so named templates are made without one.
  const variableHeader = named && headerValue?.kind === "text";
  const template: TemplateDefinition = {
    name: "any_template",
    language: "en",
    category: "MARKETING",
    parameter_format: named ? "NAMED" : "POSITIONAL",
    components: [
      ...(headerPart && !variableHeader ? [headerPart] : []),
      { type: "BODY", text: `Hello dear reader, ${names.map((name) => `here is {{${name}}} for you and yours`).join(", ")}.`, ...(texts.length > 0 && { example }) },
      ...(definitions.length > 0 ? [{ type: "BUTTONS" as const, buttons: definitions }] : []),
    ],
  };
  const content: TemplateContent = {
    type: "template",
    name: template.name,
    language: template.language,
    ...(headerValue && !variableHeader && { header: headerValue }),
    body: texts.map((text, i) => ({ text, ...(named && { name: names[i]! }) })),
    buttons: given,
  };
  return { template, content };
});

test("renders the values of any template Meta accepts into a send Meta accepts", () => {
  fc.assert(
    fc.property(templates, ({ template, content }) => {
      expect(validateTemplate(template)).toEqual([]);
      expect(checkSend(template, templateComponents(content))).toBeNull();
    }),
  );
});

test("renders a carousel and a limited-time offer as their templates need them", () => {
  const image: TemplateHeader = { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::a"] } };
  const carousel: TemplateDefinition = {
    name: "cards", language: "en", category: "MARKETING",
    components: [
      { type: "BODY", text: "New in the shop" },
      {
        type: "CAROUSEL",
        cards: ["red", "blue"].map(() => ({
          components: [
            image,
            { type: "BODY", text: "The {{1}} one is here", example: { body_text: [["blue"]] } },
            { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "More" }, { type: "URL", text: "See", url: "https://x.example/{{1}}", example: ["https://x.example/a"] }] },
          ],
        })),
      },
    ],
  };
  const card = (color: string) => ({
    header: { kind: "image" as const, media: { id: "33" } },
    body: [{ text: color }],
    buttons: [{ kind: "quickReply" as const, index: 0, payload: `more ${color}` }, { kind: "url" as const, index: 1, suffix: color }],
  });
  expect(checkSend(carousel, templateComponents({ type: "template", name: "cards", language: "en", cards: [card("red"), card("blue")] }))).toBeNull();

  const offer: TemplateDefinition = {
    name: "offer", language: "en", category: "MARKETING",
    components: [
      image,
      { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon", has_expiration: true } },
      { type: "BODY", text: "Good prices for you, {{1}} dear reader", example: { body_text: [["Ada"]] } },
      { type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "SPRING15" }, { type: "URL", text: "Shop", url: "https://x.example/{{1}}", example: ["https://x.example/a"] }] },
    ],
  };
  const content: TemplateContent = {
    type: "template", name: "offer", language: "en", expiresAtMs: 1_798_761_600_000,
    header: { kind: "image", media: { id: "33" } },
    body: [{ text: "Ada" }],
    buttons: [{ kind: "copyCode", index: 0, code: "SPRING15" }, { kind: "url", index: 1, suffix: "a" }],
  };
  expect(checkSend(offer, templateComponents(content))).toBeNull();
});
