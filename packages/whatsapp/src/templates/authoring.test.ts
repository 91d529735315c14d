import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { templateDefinition, templateProblems, type WrittenTemplate } from "./authoring.ts";
import { templateLimits as limits } from "./limits.ts";
import { validateTemplate } from "./rules.ts";

const body = { type: "BODY", text: "Your parcel is ready for collection today." };
const image = { type: "HEADER", format: "IMAGE", example: { header_handle: ["4::aW1h"] } };
const reply = (text = "Stop") => ({ type: "QUICK_REPLY", text });
const link = { type: "URL", text: "Open", url: "https://shop.example/a" };
const buttons = (...list: object[]) => ({ type: "BUTTONS", buttons: list });

function written(components: object[], more: Partial<WrittenTemplate> = {}): WrittenTemplate {
  return { name: "parcel", language: "en", category: "MARKETING", components, ...more };
}

const found = (template: WrittenTemplate, destination: "cloud-api" | "generic" = "cloud-api") => templateProblems(template, destination).map(({ path, rule }) => `${path} ${rule}`);

describe("a template for Meta", () => {
  test("that keeps every rule has no problem", () => {
    const settings = [{ index: 0, payload: "STOP", optOut: true }, { index: 1, tracked: true }];
    expect(found(written([image, body, buttons(reply(), link)], { buttonSettings: settings, timeToLiveSeconds: 43_200, parameterFormat: "POSITIONAL" }))).toEqual([]);
  });

  test.each<[string, WrittenTemplate, string]>([
    ["a name of another script", written([body], { name: "Paket" }), "name name.format"],
    ["too long a name", written([body], { name: "a".repeat(limits.name + 1) }), "name name.length"],
    ["no language", written([body], { language: "english" }), "language language.format"],
    ["an unknown category", written([body], { category: "NEWS" }), "category category.value"],
    ["too short a time to live", written([body], { timeToLiveSeconds: 5 }), "timeToLiveSeconds ttl.range"],
    ["no body", written([image]), "components components.body"],
    ["too long a header", written([{ type: "HEADER", format: "TEXT", text: "a".repeat(limits.header + 1) }, body]), "components[0].text header.length"],
    ["a media header without its sample", written([{ type: "HEADER", format: "IMAGE" }, body]), "components[0].example.header_handle header.handle"],
    ["a sample's address instead of its handle", written([{ ...image, example: { header_handle: ["https://cdn.example/a.png"] } }, body]), "components[0].example.header_handle header.handle_address"],
    ["too long a body", written([{ type: "BODY", text: "word ".repeat(limits.body / 5 + 1) }]), "components[0].text body.length"],
    ["a body that begins with a variable", written([{ type: "BODY", text: "{{1}} is ready for you in the shop.", example: { body_text: [["A"]] } }]), "components[0].text variable.edges"],
    ["a variable without an example", written([{ type: "BODY", text: "Hi {{1}}, your parcel is ready." }]), "components[0].example.body_text example.missing"],
    ["too long a footer", written([body, { type: "FOOTER", text: "a".repeat(limits.footer + 1) }]), "components[1].text footer.length"],
    ["a variable in the footer", written([body, { type: "FOOTER", text: "for {{1}}" }]), "components[1].text footer.variable"],
    ["too many buttons", written([body, buttons(...Array.from({ length: limits.buttons + 1 }, (_, i) => reply(`Reply ${i}`)))]), "components[1].buttons buttons.count"],
    ["too long a label", written([body, buttons(reply("a".repeat(limits.buttonText + 1)))]), "components[1].buttons[0].text button.length"],
    ["three links", written([body, buttons(link, link, link)]), "components[1].buttons buttons.count_of_type"],
    ["a link in the clear", written([body, buttons({ ...link, url: "http://shop.example" })]), "components[1].buttons[0].url button.url_https"],
    ["too long a link", written([body, buttons({ ...link, url: `https://shop.example/${"a".repeat(limits.url)}` })]), "components[1].buttons[0].url button.url_length"],
    ["a variable inside a link", written([body, buttons({ ...link, url: "https://{{1}}.example/a" })]), "components[1].buttons[0].url button.url_variable"],
    ["quick replies apart", written([body, buttons(reply("a"), link, reply("b"))]), "components[1].buttons buttons.grouping"],
    ["too long a code", written([body, buttons({ type: "COPY_CODE", example: "A".repeat(16) })]), "components[1].buttons[0].example button.code_length"],
    ["an offer with a footer", written([image, body, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends" } }, { type: "FOOTER", text: "bye" }]), "components[3] offer.footer"],
    ["an offer's long title", written([image, body, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "a".repeat(limits.offerText + 1) } }]), "components[2].limited_time_offer.text offer.length"],
    ["one card", written([body, { type: "CAROUSEL", cards: [{ components: [image, body] }] }]), "components[1].cards carousel.count"],
    ["cards that differ", written([body, { type: "CAROUSEL", cards: [{ components: [image, body] }, { components: [image] }] }]), "components[1].cards[1] carousel.layout"],
    ["a one-time password with a text", written([body, buttons({ type: "OTP", otp_type: "COPY_CODE" })], { category: "AUTHENTICATION" }), "components[0].text authentication.body"],
  ])("with %s is told so by name", (_, template, problem) => {
    expect(found(template)).toContain(problem);
  });
});

describe("what is kept about buttons", () => {
  const template = (settings: WrittenTemplate["buttonSettings"], category = "MARKETING") => written([body, buttons(reply("Yes"), reply("Stop"), link)], { buttonSettings: settings, category });

  test.each<[string, WrittenTemplate, string]>([
    ["a payload longer than WhatsApp returns", template([{ index: 0, payload: "a".repeat(limits.payload + 1) }]), "buttonSettings[0].payload settings.payload_length"],
    ["a payload on a link", template([{ index: 2, payload: "a" }]), "buttonSettings[0].payload settings.payload_type"],
    ["a tracked reply", template([{ index: 0, tracked: true }]), "buttonSettings[0].tracked settings.tracked_type"],
    ["a button that is not there", template([{ index: 3, payload: "a" }]), "buttonSettings[0].index settings.button"],
    ["a card that is not there", template([{ index: 0, card: 1, payload: "a" }]), "buttonSettings[0].index settings.button"],
    ["one button twice", template([{ index: 0, payload: "a" }, { index: 0, payload: "b" }]), "buttonSettings[1] settings.once"],
    ["two opt-outs", template([{ index: 0, optOut: true }, { index: 1, optOut: true }]), "buttonSettings[1].optOut settings.opt_out_once"],
    ["an opt-out that is a link", template([{ index: 2, optOut: true }]), "buttonSettings[0].optOut settings.opt_out_type"],
    ["a marketing opt-out of a utility template", template([{ index: 0, optOut: true }], "UTILITY"), "buttonSettings[0].optOut settings.opt_out_category"],
  ])("may not name %s", (_, given, problem) => {
    expect(found(given)).toEqual([problem]);
    expect(found(given, "generic")).toEqual([problem]);
  });
});

describe("a template of a generic provider", () => {
  test("keeps the limits of length and number, but need not pass a review it has behind it", () => {
    const old = written([{ type: "HEADER", format: "IMAGE" }, { type: "BODY", text: "{{1}} {{2}}" }, buttons({ ...link, url: "https://bit.ly/{{1}}" })], { name: "ACME:Order.Ready-2" });
    expect(found(old, "generic")).toEqual([]);
    expect(found(old).length).toBeGreaterThan(4);
    expect(found(written([{ type: "BODY", text: "word ".repeat(300) }]), "generic")).toEqual(["components[0].text body.length"]);
  });

  test("has a name the provider can be asked by, and values by position", () => {
    expect(found(written([body], { name: "order ready" }), "generic")).toEqual(["name name.format"]);
    expect(found(written([body], { parameterFormat: "NAMED" }), "generic")).toEqual(["parameterFormat generic.named"]);
  });
});

test("whatever is written is judged without an exception, and never milder than Meta's own rules", () => {
  const json = fc.jsonValue() as fc.Arbitrary<never>;
  const template = fc.record({
    name: fc.string(), language: fc.string(), category: fc.constantFrom("MARKETING", "UTILITY", "AUTHENTICATION", "?"),
    components: fc.array(fc.oneof(json, fc.constantFrom(body, image, buttons(reply(), link), { type: "CAROUSEL", cards: [{ components: [image] }] })), { maxLength: 4 }),
    buttonSettings: fc.array(fc.record({ index: fc.nat(9), card: fc.option(fc.nat(9), { nil: undefined }), payload: fc.option(fc.string(), { nil: undefined }) }), { maxLength: 3 }),
  });
  fc.assert(
    fc.property(template, (each) => {
      templateProblems(each, "generic");
      expect(templateProblems(each, "cloud-api").length).toBeGreaterThanOrEqual(validateTemplate(templateDefinition(each)).length);
    }),
  );
});
