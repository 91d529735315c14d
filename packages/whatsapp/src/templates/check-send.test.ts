import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { checkSend } from "./check-send.ts";
import type { TemplateComponent, TemplateDefinition } from "./types.ts";
import { templateVariables } from "./variables.ts";

function template(components: TemplateComponent[], more: Partial<TemplateDefinition> = {}): TemplateDefinition {
  return { name: "order_ready", language: "en", category: "MARKETING", components, ...more };
}

const orderReady = template([
  { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::x"] } },
  { type: "BODY", text: "Hi {{1}}, order {{2}} is ready." },
  { type: "FOOTER", text: "Reply STOP" },
  {
    type: "BUTTONS",
    buttons: [
      { type: "URL", text: "Track", url: "https://x.example/t/{{1}}" },
      { type: "QUICK_REPLY", text: "Stop" },
      { type: "PHONE_NUMBER", text: "Call", phone_number: "15550100199" },
    ],
  },
]);
const springOffer = template([
  { type: "BODY", text: "Only for you this week." },
  { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon", has_expiration: true } },
  { type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "SPRING" }, { type: "URL", text: "Shop", url: "https://x.example/{{1}}" }] },
]);
const oneTimePassword = template(
  [{ type: "BODY", add_security_recommendation: true }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE" }] }],
  { category: "AUTHENTICATION" },
);
const named = template([{ type: "BODY", text: "Hi {{first_name}}, order {{order_no}} is ready." }], { parameter_format: "NAMED" });

const text = (value: string, name?: string) => ({ type: "text", text: value, ...(name ? { parameter_name: name } : {}) });
const image = { type: "header", parameters: [{ type: "image", image: { id: "33" } }] };
const bodyOf = (...parameters: object[]) => ({ type: "body", parameters });
const twoValues = bodyOf(text("Ada"), text("A-1"));
const track = { type: "button", sub_type: "url", index: "0", parameters: [text("81")] };
const coupon = { type: "button", sub_type: "copy_code", index: "0", parameters: [{ type: "coupon_code", coupon_code: "SPRING" }] };
const shop = { type: "button", sub_type: "url", index: 1, parameters: [text("a")] };
const expiry = (at: unknown) => ({ type: "limited_time_offer", parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: at } }] });

function carousel(cards: number): TemplateDefinition {
  return template([
    { type: "BODY", text: "Look at these." },
    {
      type: "CAROUSEL",
      cards: Array.from({ length: cards }, () => ({
        components: [
          { type: "HEADER", format: "IMAGE" },
          { type: "BODY", text: "Only {{1}} left in the shop." },
          { type: "BUTTONS", buttons: [{ type: "URL", text: "Shop", url: "https://x.example/{{1}}" }] },
        ],
      })),
    },
  ]);
}

const sentCard = (index: number) => ({ card_index: index, components: [image, bodyOf(text("3")), track] });

describe("what a send must supply", () => {
  test("a template with a media header, two values and a dynamic link", () => {
    expect(templateVariables(orderReady)).toEqual({
      format: "positional",
      header: { kind: "image", params: [] },
      body: ["1", "2"],
      buttons: [
        { index: 0, type: "URL", subType: "url", text: "Track", need: "required" },
        { index: 1, type: "QUICK_REPLY", subType: "quick_reply", text: "Stop", need: "optional" },
        { index: 2, type: "PHONE_NUMBER", subType: "phone_number", text: "Call", need: "none" },
      ],
      cards: [],
      authentication: false,
    });
  });

  test("names in order of appearance, an offer's expiry, a password twice, each card", () => {
    expect(templateVariables(named)).toMatchObject({ format: "named", body: ["first_name", "order_no"] });
    expect(templateVariables(springOffer).limitedTimeOffer).toEqual({ expires: true });
    expect(templateVariables(oneTimePassword)).toMatchObject({ authentication: true, body: ["1"], buttons: [{ subType: "url", need: "required" }] });
    expect(templateVariables(carousel(3)).cards).toHaveLength(3);
  });

  test("a positional variable used twice is one value, and numbers sort as numbers", () => {
    const many = Array.from({ length: 11 }, (_, index) => `{{${11 - index}}}`).join(" and ");
    expect(templateVariables(template([{ type: "BODY", text: `${many} and {{1}}` }])).body).toEqual(["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11"]);
  });
});

describe("sends that fit", () => {
  test.each<[string, TemplateDefinition, unknown]>([
    ["values in order, quick reply left to its default", orderReady, [image, twoValues, track]],
    ["with a payload and upper-case types", orderReady, [{ ...image, type: "HEADER" }, twoValues, track, { type: "BUTTON", sub_type: "QUICK_REPLY", index: 1, parameters: [{ type: "payload", payload: "STOP" }] }]],
    ["named values in any order", named, [bodyOf(text("A-1", "order_no"), text("Ada", "first_name"))]],
    ["a currency and a date", orderReady, [image, bodyOf({ type: "currency", currency: { fallback_value: "$1", code: "USD", amount_1000: 1000 } }, { type: "date_time", date_time: { fallback_value: "3 March" } }), track]],
    ["an offer with code, link and expiry", springOffer, [expiry(1_798_761_600_000), coupon, shop]],
    ["a password in body and button", oneTimePassword, [bodyOf(text("482913")), { ...track, parameters: [text("482913")] }]],
    ["a card each", carousel(2), [{ type: "carousel", cards: [sentCard(0), sentCard(1)] }]],
    ["nothing for a template without variables", template([{ type: "BODY", text: "Hello there." }]), undefined],
  ])("%s", (_name, definition, components) => {
    expect(checkSend(definition, components)).toBeNull();
  });
});

describe("sends that Meta refuses", () => {
  test.each<[string, TemplateDefinition, unknown, number, string]>([
    ["too few values", orderReady, [image, bodyOf(text("Ada")), track], 132000, "body: number of localizable_params (1) does not match the expected number of params (2)"],
    ["a missing media header", orderReady, [twoValues, track], 132012, "header: Format mismatch, expected IMAGE, received UNKNOWN"],
    ["another kind of header", orderReady, [{ type: "header", parameters: [text("x")] }, twoValues, track], 132012, "header: Format mismatch, expected IMAGE, received TEXT"],
    ["a header for a template without one", named, [image, bodyOf(text("a", "first_name"), text("b", "order_no"))], 132000, "header: number of localizable_params (1) does not match the expected number of params (0)"],
    ["a missing link value", orderReady, [image, twoValues], 131008, "Parameter value for URL was expected but was not found"],
    ["an empty text", orderReady, [image, bodyOf(text(""), text("b")), track], 131008, "Parameter of type text is missing text value"],
    ["a line break", orderReady, [image, bodyOf(text("a\nb"), text("b")), track], 132018, "Param text cannot have new-line/tab characters or more than 4 consecutive spaces"],
    ["a text that grows too long", orderReady, [image, bodyOf(text("a".repeat(1024)), text("b")), track], 132005, "body: hydrated text has 1046 characters, at most 1024 are allowed"],
    ["a value without its name", named, [bodyOf(text("a"), text("b"))], 100, "Parameter name is missing or empty"],
    ["a wrong name", named, [bodyOf(text("a", "first_name"), text("b", "order"))], 132012, "body: parameter_name (order) is not a variable of the template"],
    ["a name given twice", named, [bodyOf(text("a", "first_name"), text("b", "first_name"))], 132012, "body: a parameter_name is given twice"],
    ["a value for a fixed button", orderReady, [image, twoValues, track, { ...track, index: "2" }], 132018, "buttons: Button at index 2 takes no parameter"],
    ["a value for a button that is not there", orderReady, [image, twoValues, track, { ...track, index: 7 }], 132018, "buttons: Button at index 7 does not exist in the template"],
    ["the wrong kind of button", orderReady, [image, twoValues, { ...coupon, index: "0" }], 132012, "buttons: Format mismatch at index 0, expected URL, received COPY_CODE"],
    ["a password without its button", oneTimePassword, [bodyOf(text("482913"))], 132000, "buttons: number of localizable_params (0) does not match the expected number of params (1)"],
    ["an offer without its expiry", springOffer, [coupon, shop], 131008, "Parameter value for LIMITED_TIME_OFFER was expected but was not found"],
    ["an expiry that is no time", springOffer, [expiry("soon"), coupon, shop], 131009, "limited_time_offer: expiration_time_ms is a time in Unix milliseconds"],
    ["too few cards", carousel(3), [{ type: "carousel", cards: [sentCard(0)] }], 132000, "carousel: number of cards (1) does not match the expected number of cards (3)"],
    ["a card given twice", carousel(2), [{ type: "carousel", cards: [sentCard(0), sentCard(0)] }], 132018, "carousel: card_index 0 is given twice"],
    ["a card without its picture", carousel(2), [{ type: "carousel", cards: [sentCard(0), { card_index: 1, components: [bodyOf(text("1")), track] }] }], 132012, "carousel card 1 header: Format mismatch, expected IMAGE, received UNKNOWN"],
    ["media without id or link", orderReady, [{ type: "header", parameters: [{ type: "image", image: {} }] }, twoValues, track], 131008, "header: image needs either an id or a link"],
  ])("%s", (_name, definition, components, code, details) => {
    expect(checkSend(definition, components)).toMatchObject({ code, details });
  });

  test("of several mistakes the count is named before the format and the format before the length", () => {
    const long = bodyOf(text("a".repeat(1025)), text("b"));
    expect(checkSend(orderReady, [bodyOf(text("a")), track])).toMatchObject({ code: 132000 });
    expect(checkSend(orderReady, [long, track])).toMatchObject({ code: 132012 });
    expect(checkSend(orderReady, [image, long, track])).toMatchObject({ code: 132005 });
  });

  test("an unknown component type is refused with its position", () => {
    expect(checkSend(orderReady, [{ type: "hat" }])?.message).toMatch(/^\(#100\) Param template\['components'\]\[0\]\['type'\] must be one of/);
  });

  test("any JSON gets an answer, never an exception", () => {
    const component = fc.record({ type: fc.constantFrom("header", "body", "button", "carousel", "limited_time_offer"), sub_type: fc.jsonValue(), index: fc.jsonValue(), parameters: fc.jsonValue(), cards: fc.jsonValue() });
    fc.assert(
      fc.property(fc.constantFrom(orderReady, springOffer, oneTimePassword, named, carousel(2)), fc.oneof(fc.jsonValue(), fc.array(component)), (definition, json) => {
        const refusal = checkSend(definition, json);
        expect(refusal === null || refusal.code >= 100).toBe(true);
      }),
    );
  });
});
