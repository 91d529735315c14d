import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { validateTemplate } from "./rules.ts";

type Json = Record<string, unknown>;

const plainBody = { type: "BODY", text: "Your parcel is ready for collection today." };
const imageHeader = { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::aW1h"] } };

function template(components: unknown[], more: Json = {}): Json {
  return { name: "order_ready", language: "en_US", category: "MARKETING", components, ...more };
}

function body(text: string, values: string[] = []): Json {
  return { type: "BODY", text, ...(values.length > 0 ? { example: { body_text: [values] } } : {}) };
}

function buttons(...list: Json[]): Json {
  return { type: "BUTTONS", buttons: list };
}

const quickReply = (text: string) => ({ type: "QUICK_REPLY", text });
const link = (url: string, example?: string) => ({ type: "URL", text: "Open", url, ...(example ? { example: [example] } : {}) });
const call = { type: "PHONE_NUMBER", text: "Call", phone_number: "15550100199" };

function rulesOf(json: unknown): string[] {
  return validateTemplate(json).map((problem) => problem.rule);
}

describe("templates that keep the rules", () => {
  test.each<[string, Json]>([
    ["a plain body", template([plainBody])],
    ["positional variables with a nested example", template([body("Hi {{1}}, your order {{2}} is ready at the shop.", ["Ada", "A-1"])])],
    ["one variable with a flat example", template([{ type: "BODY", text: "Hi {{1}}, welcome to us.", example: { body_text: ["Ada"] } }])],
    [
      "named variables",
      template([{ type: "BODY", text: "Hi {{first_name}}, welcome to us.", example: { body_text_named_params: [{ param_name: "first_name", example: "Ada" }] } }], {
        parameter_format: "named",
      }),
    ],
    ["a text header with a variable", template([{ type: "HEADER", format: "TEXT", text: "Our {{1}} is on", example: { header_text: ["Sale"] } }, plainBody])],
    ["a name with a trade mark as its header", template([{ type: "HEADER", format: "TEXT", text: "Acme® news" }, plainBody])],
    ["ten emoji of several parts", template([body(`Good morning to the family ${"👨‍👩‍👧".repeat(10)} today.`)])],
    ["a named variable at the end of an address", template([plainBody, buttons(link("https://x.example/t/{{code}}", "81"))], { parameter_format: "named" })],
    ["a numbered variable at the end of an address, in a template with names", template([plainBody, buttons(link("https://x.example/t/{{1}}", "81"))], { parameter_format: "named" })],
    ["media, footer and buttons", template([imageHeader, plainBody, { type: "FOOTER", text: "Reply STOP" }, buttons(link("https://x.example/t/{{1}}", "81"), call, quickReply("Stop"))])],
    [
      "a limited-time offer",
      template([
        imageHeader,
        plainBody,
        { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon", has_expiration: true } },
        buttons({ type: "COPY_CODE", example: "SPRING15" }, link("https://x.example/{{1}}", "a")),
      ]),
    ],
    ["a carousel", template([plainBody, { type: "CAROUSEL", cards: [card("Blue one here"), card("Red one here")] }])],
    [
      "a one-time password",
      template(
        [
          { type: "BODY", add_security_recommendation: true },
          { type: "FOOTER", code_expiration_minutes: 10 },
          buttons({ type: "OTP", otp_type: "ONE_TAP", text: "Copy", supported_apps: [{ package_name: "com.example.shop", signature_hash: "K8a/AINcGX7" }] }),
        ],
        { category: "AUTHENTICATION", message_send_ttl_seconds: 60 },
      ),
    ],
    ["lower-case types, as Meta's examples have", template([{ type: "body", text: "Check out this new offer" }], { category: "marketing" })],
    ["a text in a script without spaces", template([body("您好{{1}},您的订单{{2}}已准备好。", ["王", "7"])], { language: "zh_CN" })],
    ["a library template, whose components are Meta's", { name: "a", language: "en", category: "UTILITY", library_template_name: "delivery_1" }],
  ])("%s has no problem", (_name, json) => {
    expect(validateTemplate(json)).toEqual([]);
  });

  test.each([["QUC"], ["UCQ"], ["QQUC"], ["QQQ"]])("the button order %s is well grouped", (order) => {
    expect(rulesOf(template([plainBody, buttons(...Array.from(order, ofLetter))]))).toEqual([]);
  });
});

function card(text: string): Json {
  return { components: [imageHeader, { type: "BODY", text }, buttons(link("https://x.example/p"))] };
}

function ofLetter(letter: string, index: number): Json {
  return letter === "Q" ? quickReply(`Reply ${index}`) : letter === "U" ? link("https://x.example/") : call;
}

describe("templates that break a rule", () => {
  test.each<[string, Json, string, string]>([
    ["name.format", template([plainBody], { name: "Order-Ready" }), "name", "name.format"],
    ["an overlong name", template([plainBody], { name: "a".repeat(513) }), "name", "name.length"],
    ["language", template([plainBody], { language: "english" }), "language", "language.format"],
    ["category", template([plainBody], { category: "SALES" }), "category", "category.value"],
    ["parameter format", template([plainBody], { parameter_format: "mixed" }), "parameter_format", "parameter_format.value"],
    ["time to live", template([plainBody], { message_send_ttl_seconds: 60 }), "message_send_ttl_seconds", "ttl.range"],
    ["no body", template([{ type: "FOOTER", text: "x" }]), "components", "components.body"],
    ["two bodies", template([plainBody, plainBody]), "components", "components.once"],
    ["an unknown component", template([plainBody, { type: "VIDEO" }]), "components[1].type", "component.type"],
    ["an overlong body", template([body("a ".repeat(513))]), "components[0].text", "body.length"],
    ["a variable at the beginning", template([body("{{1}} is your name, is it not?", ["Ada"])]), "components[0].text", "variable.edges"],
    ["a variable at the end, before a full stop", template([body("Your parcel is waiting, dear {{1}}.", ["Ada"])]), "components[0].text", "variable.edges"],
    ["touching variables", template([body("Hi {{1}}{{2}}, your parcel is ready today", ["A", "B"])]), "components[0].text", "variable.neighbours"],
    ["too few words", template([body("Hi {{1}} and {{2}} there", ["A", "B"])]), "components[0].text", "variable.ratio"],
    ["a gap in the numbers", template([body("Hi {{1}}, your parcel {{3}} is ready today", ["A", "B"])]), "components[0].text", "variable.numbering"],
    ["a name in a positional template", template([body("Hi {{name}}, your parcel is ready", ["A"])]), "components[0].text", "variable.format"],
    ["a number in a named template", template([body("Hi {{1}}, your parcel is ready", ["A"])], { parameter_format: "named" }), "components[0].text", "variable.format"],
    ["broken braces", template([body("Hi {{1}, your parcel is ready")]), "components[0].text", "variable.braces"],
    ["a missing example", template([body("Hi {{1}}, your parcel is ready")]), "components[0].example.body_text", "example.missing"],
    ["too few examples", template([body("Hi {{1}}, your parcel {{2}} is ready today", ["A"])]), "components[0].example.body_text", "example.count"],
    [
      "flat examples of several variables",
      template([{ type: "BODY", text: "Hi {{1}}, your parcel {{2}} is ready today", example: { body_text: ["A", "B"] } }]),
      "components[0].example.body_text",
      "example.nesting",
    ],
    ["five spaces", template([body("Hi     there, welcome")]), "components[0].text", "body.spaces"],
    ["eleven emoji", template([body(`Hi ${"🎉".repeat(11)} there`)]), "components[0].text", "body.emoji"],
    ["an overlong header", template([{ type: "HEADER", format: "TEXT", text: "a".repeat(61) }, plainBody]), "components[0].text", "header.length"],
    ["a header with an emoji", template([{ type: "HEADER", format: "TEXT", text: "Sale 🎉" }, plainBody]), "components[0].text", "header.emoji"],
    ["a header with bold type", template([{ type: "HEADER", format: "TEXT", text: "A *big* sale" }, plainBody]), "components[0].text", "header.formatting"],
    ["two variables in a header", template([{ type: "HEADER", format: "TEXT", text: "{{1}} {{2}}", example: { header_text: ["a", "b"] } }, plainBody]), "components[0].text", "variable.count"],
    ["a media header without a sample", template([{ type: "HEADER", format: "VIDEO" }, plainBody]), "components[0].example.header_handle", "header.handle"],
    ["a product header without its button", template([{ type: "HEADER", format: "PRODUCT" }, plainBody]), "components[0].format", "header.product"],
    ["a variable in the footer", template([plainBody, { type: "FOOTER", text: "Bye {{1}}" }]), "components[1].text", "footer.variable"],
    ["an overlong footer", template([plainBody, { type: "FOOTER", text: "a".repeat(61) }]), "components[1].text", "footer.length"],
    ["eleven buttons", template([plainBody, buttons(...Array.from({ length: 11 }, (_, n) => quickReply(`R${n}`)))]), "components[1].buttons", "buttons.count"],
    ["three links", template([plainBody, buttons(link("https://a.example/"), link("https://b.example/"), link("https://c.example/"))]), "components[1].buttons", "buttons.count_of_type"],
    ["scattered quick replies", template([plainBody, buttons(quickReply("a"), call, quickReply("b"))]), "components[1].buttons", "buttons.grouping"],
    ["an overlong button text", template([plainBody, buttons(quickReply("a".repeat(26)))]), "components[1].buttons[0].text", "button.length"],
    ["a variable in a button text", template([plainBody, buttons(quickReply("Hi {{1}}"))]), "components[1].buttons[0].text", "button.variable"],
    ["a header with a flag", template([{ type: "HEADER", format: "TEXT", text: "Sale 🇩🇪" }, plainBody]), "components[0].text", "header.emoji"],
    ["a link whose variable goes on counting from the body", template([body("Hi {{1}}, your order is ready.", ["Ada"]), buttons(link("https://x.example/{{2}}", "a"))]), "components[1].buttons[0].url", "button.url_numbering"],
    ["a link with a name in a template with numbers", template([plainBody, buttons(link("https://x.example/{{code}}", "a"))]), "components[1].buttons[0].url", "button.url_numbering"],
    ["a variable amid a link", template([plainBody, buttons(link("https://x.example/{{1}}/b", "a"))]), "components[1].buttons[0].url", "button.url_variable"],
    ["a link without an example", template([plainBody, buttons(link("https://x.example/{{1}}"))]), "components[1].buttons[0].example", "button.url_example"],
    ["a plain http link", template([plainBody, buttons(link("http://x.example/"))]), "components[1].buttons[0].url", "button.url_https"],
    ["a WhatsApp link", template([plainBody, buttons(link("https://wa.me/15550100199"))]), "components[1].buttons[0].url", "button.url_host"],
    ["an overlong link", template([plainBody, buttons(link(`https://x.example/${"a".repeat(2000)}`))]), "components[1].buttons[0].url", "button.url_length"],
    ["a malformed phone number", template([plainBody, buttons({ ...call, phone_number: "call {{1}}" })]), "components[1].buttons[0].phone_number", "button.phone"],
    ["an overlong coupon code of an offer", template([plainBody, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Soon" } }, buttons({ type: "COPY_CODE", example: "A".repeat(21) })]), "components[2].buttons[0].example", "button.code_length"],
    ["an overlong coupon code", template([plainBody, buttons({ type: "COPY_CODE", example: "A".repeat(21) })]), "components[1].buttons[0].example", "button.code_length"],
    ["an unknown button", template([plainBody, buttons({ type: "DANCE", text: "x" })]), "components[1].buttons[0].type", "button.type"],
    ["a Flow without an id", template([plainBody, buttons({ type: "FLOW", text: "Book" })]), "components[1].buttons[0]", "button.flow"],
    ["a password button outside authentication", template([plainBody, buttons({ type: "OTP", otp_type: "COPY_CODE" })]), "components[1].buttons[0].type", "button.otp_category"],
    ["a contact request beside another button", template([plainBody, buttons({ type: "REQUEST_CONTACT_INFO" }, call)]), "components[1].buttons", "buttons.alone"],
    ["a catalogue in a utility template", template([plainBody, buttons({ type: "CATALOG" })], { category: "UTILITY" }), "components[1].buttons[0].type", "button.marketing"],
    [
      "an offer with a footer",
      template([plainBody, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Soon" } }, { type: "FOOTER", text: "x" }]),
      "components[2]",
      "offer.footer",
    ],
    ["an offer with a long text", template([plainBody, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "a".repeat(17) } }]), "components[1].limited_time_offer.text", "offer.length"],
    ["an offer with a document", template([{ ...imageHeader, format: "DOCUMENT" }, plainBody, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Soon" } }]), "components[0].format", "offer.header"],
    [
      "an offer whose copy code is not first",
      template([plainBody, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Soon" } }, buttons(link("https://x.example/"), { type: "COPY_CODE", example: "A" })]),
      "components[2].buttons",
      "buttons.offer_order",
    ],
    ["a utility offer", template([plainBody, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Soon" } }], { category: "UTILITY" }), "components[1].type", "components.marketing"],
    ["a carousel of one card", template([plainBody, { type: "CAROUSEL", cards: [card("Blue")] }]), "components[1].cards", "carousel.count"],
    ["cards of different layout", template([plainBody, { type: "CAROUSEL", cards: [card("Blue"), { components: [imageHeader] }] }]), "components[1].cards[1]", "carousel.layout"],
    ["a card without a header", template([plainBody, { type: "CAROUSEL", cards: [card("Blue"), { components: [plainBody] }] }]), "components[1].cards[1].components", "carousel.header"],
    ["an overlong card body", template([plainBody, { type: "CAROUSEL", cards: [card("a ".repeat(81)), card("b")] }]), "components[1].cards[0].components[1].text", "body.length"],
    ["a free text for a one-time password", template([plainBody], { category: "AUTHENTICATION" }), "components[0].text", "authentication.body"],
    ["a password that expires after 91 minutes", template([{ type: "BODY" }, { type: "FOOTER", code_expiration_minutes: 91 }], { category: "AUTHENTICATION" }), "components[1].code_expiration_minutes", "footer.expiration"],
  ])("%s is named with its field", (_name, json, path, rule) => {
    expect(validateTemplate(json)).toContainEqual(expect.objectContaining({ path, rule, message: expect.stringMatching(/\.$/) }));
  });

  test("Meta's subcodes come with the rules that have one", () => {
    const subcodes = validateTemplate(template([body("{{1}} is here", ["Ada"])], { name: "A" })).map((problem) => problem.subcode);
    expect(subcodes).toEqual([2388046, 2388299, 2388293]);
  });

  test("any JSON is judged without an exception", () => {
    const part = fc.jsonValue();
    const typed = fc.record({ type: fc.constantFrom("HEADER", "BODY", "FOOTER", "BUTTONS", "CAROUSEL", "LIMITED_TIME_OFFER"), format: fc.constantFrom("TEXT", "IMAGE"), text: part, example: part, buttons: part, cards: part });
    fc.assert(
      fc.property(fc.oneof(part, fc.record({ name: part, language: part, category: part, components: fc.oneof(part, fc.array(typed)) })), (json) => {
        expect(Array.isArray(validateTemplate(json))).toBe(true);
      }),
    );
  });
});

test("a coupon code of 20 characters passes as Meta judges it, and not for a caller that keeps to 15", () => {
  const coupon = template([plainBody, buttons({ type: "COPY_CODE", example: "A".repeat(20) })]);
  expect([validateTemplate(coupon), validateTemplate(coupon, 15).map(({ rule }) => rule)]).toEqual([[], ["button.code_length"]]);
});
