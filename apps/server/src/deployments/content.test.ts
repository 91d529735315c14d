import type { TemplateComponent, TemplateContent } from "@tincan/api";
import { buildSendRequest, parseSendRequest, type Button, type TemplateDraft, type TemplateRequest } from "@tincan/clevertap";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { fitTemplate } from "./content.ts";
import { knowTemplate, type KnownTemplate } from "./known-template.ts";

function template(components: TemplateComponent[], more: { category?: string; parameterFormat?: string } = {}): KnownTemplate {
  return knowTemplate({ id: "1", name: "offer", language: "en", category: "MARKETING", status: "APPROVED", parameterFormat: "POSITIONAL", components, ...more });
}

/** The request as it arrives: built by the contract, sent as JSON, parsed. */
function arrived(more: Partial<TemplateDraft>): TemplateRequest {
  const draft: TemplateDraft = {
    kind: "template", msgId: "1|2|3|4", to: "+919800000001", wabaNumber: "918000000002", customProps: {}, template: { name: "offer", language: "en" }, buttons: [], ...more,
  };
  const parsed = parseSendRequest(JSON.parse(JSON.stringify(buildSendRequest(draft))));
  if (!parsed.ok || parsed.value.kind !== "template") throw new Error("The test's request is not a template request.");
  return parsed.value;
}

function content(request: TemplateRequest, known: KnownTemplate): TemplateContent {
  const fitted = fitTemplate(request, known);
  if (!fitted.ok) throw new Error(fitted.message);
  return fitted.content;
}

function complaint(request: TemplateRequest, known: KnownTemplate): string {
  const fitted = fitTemplate(request, known);
  return fitted.ok ? "" : fitted.message;
}

const values = (...texts: string[]) => ({ text: texts.join(" "), parameters: texts });
const button = (kind: Button["kind"], value?: string, index = 0): Button => ({ kind, index, ...(value !== undefined && { value }) });
const urlButton = (text: string, url: string) => ({ type: "URL", text, url });

/** A value as WhatsApp takes it. */
const word = fc.string({ minLength: 1, maxLength: 20, unit: fc.constantFrom(..."abcXYZ019-_/?&=é字") });

describe("fitting a request to its template", () => {
  test("keeps every value where the template has its variable, whatever the shape", () => {
    const shape = fc.record({
      header: fc.constantFrom("none", "text", "image", "video", "document", "location"),
      body: fc.array(word, { maxLength: 6 }),
      urls: fc.array(word, { maxLength: 2 }),
      payloads: fc.array(fc.option(word), { maxLength: 4 }),
      code: fc.option(word),
      cards: fc.option(fc.array(fc.record({ body: word, url: word }), { minLength: 2, maxLength: 4 })),
      expiresAtMs: fc.option(fc.integer({ min: 1, max: 4e12 })),
    });
    fc.assert(
      fc.property(shape, ({ header, body, urls, payloads, code, cards, expiresAtMs }) => {
        const kinds = { none: [], text: [{ type: "HEADER", format: "TEXT", text: "For {{1}} only" }] };
        const buttons = [
          ...urls.map((_, i) => urlButton(`u${i}`, `https://shop.example/${i}/{{1}}`)),
          ...(code === null ? [] : [{ type: "COPY_CODE", example: "CODE" }]),
          ...payloads.map((_, i) => ({ type: "QUICK_REPLY", text: `q${i}` })),
        ];
        const known = template([
          ...(header in kinds ? kinds[header as keyof typeof kinds] : [{ type: "HEADER", format: header.toUpperCase() }]),
          { type: "BODY", text: body.map((_, i) => `{{${i + 1}}}`).join(", ") },
          ...(buttons.length > 0 ? [{ type: "BUTTONS", buttons }] : []),
          ...(expiresAtMs === null ? [] : [{ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Soon", has_expiration: true } }]),
          ...(cards === null ? [] : [{
            type: "CAROUSEL",
            cards: cards.map(() => ({ components: [
              { type: "HEADER", format: "IMAGE" }, { type: "BODY", text: "{{1}}" }, { type: "BUTTONS", buttons: [urlButton("Shop", "https://shop.example/p/{{1}}")] },
            ] })),
          }]),
        ]);
        const media = { mediaUrl: "https://cdn.example.com/a" };
        const headers = {
          none: undefined, text: { kind: "text", ...values("Ravi") }, image: { kind: "image", ...media }, video: { kind: "video", ...media },
          document: { kind: "document", ...media, filename: "invoice" }, location: { kind: "location", latitude: "19.07", longitude: "72.87" },
        } as const;
        const given = [
          ...urls.map((value) => button("dynamicUrl", value)),
          ...(code === null ? [] : [button("copyCode", code)]),
          ...payloads.map((value) => button("quickReply", value ?? undefined)),
        ].map((each, index) => ({ ...each, index }));
        const fitted = content(
          arrived({
            header: headers[header as keyof typeof headers],
            body: values(...body),
            buttons: given,
            ...(expiresAtMs !== null && { limitedTimeOffer: { expiresAtMs } }),
            ...(cards !== null && {
              carousel: cards.map((card) => ({ header: { kind: "image" as const, ...media }, body: values(card.body), buttons: [button("dynamicUrl", card.url)] })),
            }),
          }),
          known,
        );
        expect(fitted.body ?? []).toEqual(body.map((text) => ({ text })));
        expect(fitted.header?.kind).toBe(header === "none" ? undefined : header);
        expect(fitted.expiresAtMs).toBe(expiresAtMs ?? undefined);
        expect(fitted.cards?.map((card) => [card.body?.[0]?.text, card.buttons])).toEqual(
          cards?.map((card) => [card.body, [{ kind: "url", index: 0, suffix: card.url }]]),
        );
        const wanted = given.flatMap(({ kind, index, value }): object[] => {
          if (value === undefined) return [];
          return kind === "dynamicUrl" ? [{ kind: "url", index, suffix: value }] : kind === "copyCode" ? [{ kind, index, code: value }] : [{ kind, index, payload: value }];
        });
        expect(fitted.buttons ?? []).toEqual(wanted);
      }),
      { numRuns: 300 },
    );
  });

  test("finds the suffix in a whole URL, with the template's own prefix and tail", () => {
    const known = template([{ type: "BODY", text: "Hi" }, { type: "BUTTONS", buttons: [urlButton("Track", "https://shop.example/o/{{1}}?from=wa")] }]);
    fc.assert(
      fc.property(word, fc.constantFrom("", "https://shop.example/o/"), (value, prefix) => {
        const sent = prefix === "" ? value : `${prefix}${value}?from=wa`;
        expect(content(arrived({ buttons: [button("dynamicUrl", sent)] }), known).buttons).toEqual([{ kind: "url", index: 0, suffix: value }]);
      }),
    );
  });

  test("gives named variables their names in order", () => {
    const known = template([{ type: "BODY", text: "Hi {{first_name}}, order {{order}}" }], { parameterFormat: "NAMED" });
    expect(content(arrived({ body: values("Ravi", "42") }), known).body).toEqual([{ name: "first_name", text: "Ravi" }, { name: "order", text: "42" }]);
  });

  test("reads a header's value out of its text when the parameters are missing", () => {
    const known = template([{ type: "HEADER", format: "TEXT", text: "Order {{1}} shipped" }, { type: "BODY", text: "Hi" }]);
    expect(content(arrived({ header: { kind: "text", text: "Order 7781 shipped", parameters: [] } }), known).header).toEqual({ kind: "text", text: "7781" });
    expect(complaint(arrived({ header: { kind: "text", text: "Something else", parameters: [] } }), known)).toMatch(/header has 0 values, the template needs 1/);
  });

  test("counts characters as people do: an emoji is one", () => {
    expect(content(arrived({ body: values("🎉".repeat(1021)) }), template([{ type: "BODY", text: "Hi {{1}}" }])).body).toHaveLength(1);
  });

  test("passes over what changes nothing: static buttons, footers, fixed header texts", () => {
    const known = template([{ type: "BODY", text: "Hi" }]);
    const request = arrived({ header: { kind: "text", text: "Hello", parameters: [] }, footer: "Bye", buttons: [button("staticUrl", "https://shop.example"), button("callPhone", "+9180")] });
    expect(content(request, known)).toEqual({ type: "template", name: "offer", language: "en" });
  });
});

describe("a request that does not fit says what differs", () => {
  const cases: [string, TemplateComponent[], Partial<TemplateDraft>, RegExp][] = [
    ["too few values", [{ type: "BODY", text: "{{1}} {{2}}" }], { body: values("a") }, /body has 1 value, the template needs 2/],
    ["too many values", [{ type: "BODY", text: "Hi" }], { body: values("a", "b") }, /body has 2 values, the template needs 0/],
    ["an empty value", [{ type: "BODY", text: "{{1}}" }], { body: values(" ") }, /body value 1 is empty/],
    ["a line break in a value", [{ type: "BODY", text: "{{1}}" }], { body: values("a\nb") }, /body value 1 holds a line break/],
    ["a body that its values make too long", [{ type: "BODY", text: `${"x".repeat(1000)} {{1}} {{1}}` }], { body: values("a".repeat(12)) }, /the body has 1026 characters with its values, and WhatsApp takes 1024/],
    ["a header that its value makes too long", [{ type: "HEADER", format: "TEXT", text: "For {{1}}" }], { header: { kind: "text", text: "", parameters: ["a".repeat(57)] } }, /the header has 61 characters/],
    ["a card's body that is too long", [{ type: "CAROUSEL", cards: [{ components: [{ type: "BODY", text: "{{1}}" }] }] }], { carousel: [{ body: values("a".repeat(1025)), buttons: [] }] }, /card 1: the body has 1025 characters/],
    ["a payload that is too long", [{ type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "OK" }] }], { buttons: [button("quickReply", "x".repeat(257))] }, /payload of button 0 has more than 256 characters/],
    ["a header of another kind", [{ type: "HEADER", format: "VIDEO" }], { header: { kind: "image", mediaUrl: "https://a.example/a" } }, /the header is an image, the template needs a video/],
    ["a missing header", [{ type: "HEADER", format: "DOCUMENT" }], {}, /the header is missing, the template needs a document/],
    ["a header the template lacks", [{ type: "BODY", text: "Hi" }], { header: { kind: "image", mediaUrl: "https://a.example/a" } }, /the header is an image, the template has none/],
    ["a place off the map", [{ type: "HEADER", format: "LOCATION" }], { header: { kind: "location", latitude: "120", longitude: "5" } }, /latitude/],
    ["a missing URL value", [{ type: "BUTTONS", buttons: [urlButton("Track", "https://a.example/{{1}}")] }], {}, /the template's button 0 \(URL "Track"\) needs a value/],
    ["a value for a fixed URL", [{ type: "BUTTONS", buttons: [urlButton("Shop", "https://a.example/")] }], { buttons: [button("dynamicUrl", "x")] }, /button 0 is a dynamic URL, and the template has no such button/],
    ["an empty suffix", [{ type: "BUTTONS", buttons: [urlButton("Track", "https://a.example/{{1}}")] }], { buttons: [button("dynamicUrl", "https://a.example/")] }, /holds no value/],
    ["a missing code", [{ type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "A" }] }], {}, /COPY_CODE\) needs a value/],
    ["a code that is too long", [{ type: "BUTTONS", buttons: [{ type: "COPY_CODE", example: "A" }] }], { buttons: [button("copyCode", "x".repeat(21))] }, /1 to 20 characters/],
    ["an offer without an end", [{ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Soon", has_expiration: true } }], { limitedTimeOffer: { text: "Soon" } }, /expiration_time_ms/],
    ["a missing carousel", [{ type: "CAROUSEL", cards: [{ components: [] }, { components: [] }] }], {}, /the carousel has 0 cards, the template needs 2/],
    ["a card that does not fit", [{ type: "CAROUSEL", cards: [{ components: [{ type: "BODY", text: "{{1}}" }] }] }], { carousel: [{ buttons: [] }] }, /card 1: body has 0 values, the template needs 1/],
    ["a header nothing can carry", [{ type: "HEADER", format: "PRODUCT" }], {}, /header is a product/],
  ];

  test.each(cases)("%s", (_name, components, request, expected) => {
    expect(complaint(arrived(request), template(components))).toMatch(expected);
  });

  test("and never throws, whatever the template is made of", () => {
    fc.assert(
      fc.property(fc.array(fc.dictionary(fc.constantFrom("type", "format", "text", "buttons", "cards", "limited_time_offer"), fc.jsonValue())), (components) => {
        const fitted = fitTemplate(arrived({ body: values("a") }), template(components as unknown as TemplateComponent[]));
        expect(typeof fitted.ok).toBe("boolean");
      }),
    );
  });
});
