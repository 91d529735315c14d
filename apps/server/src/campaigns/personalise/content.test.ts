import type { CampaignValues, TemplateComponent } from "@tincan/api";
import { expect, test } from "vitest";
import { compileContent, type ContentOptions } from "./content.ts";
import { Filling } from "./filling.ts";
import { ValueFault } from "./values.ts";

const NOW = Date.parse("2026-11-22T12:00:00Z");
const body: TemplateComponent = { type: "BODY", text: "Hi {{1}}, {{2}}" };
const compile = (values: CampaignValues, components: TemplateComponent[] = [body], change: Partial<ContentOptions> = {}) =>
  compileContent({
    template: { name: "offer", language: "en", category: "marketing", parameterFormat: "POSITIONAL", components },
    values, customProps: {}, timeZone: "UTC", origins: { publicUrl: "https://tincan.example", domain: null }, track: false, utm: null, ...change,
  });
const fill = (content: ReturnType<typeof compile>, profile: Record<string, unknown> = {}) => {
  const filling = new Filling({ profile, event: {}, coupon: null }, NOW);
  const message = content.make(filling);
  return { content: message, lost: filling.lost, links: filling.links };
};
const faultOf = (act: () => unknown): string => {
  try {
    act();
    return "none";
  } catch (cause) {
    return cause instanceof ValueFault ? `${cause.path}: ${cause.message}` : String(cause);
  }
};

test("every part of a template is filled", () => {
  const filled = fill(
    compile(
      {
        header: { kind: "document", media: { link: "https://x.example/{{ profile.bill }}.pdf", filename: "{{ profile.name }}.pdf" } },
        body: [{ text: "{{ profile.name }}" }, { text: "yes" }],
        buttons: [{ kind: "url", index: 0, suffix: "o/{{ profile.bill }}" }, { kind: "copyCode", index: 1, code: "C-{{ profile.bill }}" }, { kind: "quickReply", index: 2, payload: "p {{ profile.bill }}" }],
        offerEnds: { kind: "after", minutes: 60 },
      },
      [body, { type: "HEADER", format: "DOCUMENT" }],
      { customProps: { crm: "{{ profile.bill }}", empty: "{{ profile.nothing }}" } },
    ),
    { name: "Ravi", bill: 77 },
  );
  expect(filled.lost).toBeNull();
  expect(filled.content).toEqual({
    type: "template", name: "offer", language: "en",
    header: { kind: "document", media: { link: "https://x.example/77.pdf", filename: "Ravi.pdf" } },
    body: [{ text: "Ravi" }, { text: "yes" }],
    buttons: [{ kind: "url", index: 0, suffix: "o/77" }, { kind: "copyCode", index: 1, code: "C-77" }, { kind: "quickReply", index: 2, payload: "p 77" }],
    expiresAtMs: NOW + 3_600_000,
    customProps: { crm: "77", empty: "" },
  });
});

test("each card of a carousel has its own values", () => {
  const card = { header: { kind: "image" as const, media: { id: "12" } }, body: [{ text: "{{ profile.name }}" }], buttons: [{ kind: "url" as const, index: 0, suffix: "{{ profile.sku }}" }] };
  const components: TemplateComponent[] = [body, { type: "CAROUSEL", cards: [{ components: [] }, { components: [] }] }];
  const { content, lost } = fill(compile({ body: [{ text: "a" }, { text: "b" }], cards: [card, card] }, components), { name: "Ravi" });
  expect(content.cards?.[1]).toMatchObject({ header: { kind: "image", media: { id: "12" } }, body: [{ text: "Ravi" }] });
  expect(lost).toEqual({ reason: "missingValue", detail: "profile.sku" });
});

test("values of named variables get their names in the order of the text", () => {
  const template = { name: "offer", language: "en", category: "marketing" as const, parameterFormat: "NAMED" as const, components: [{ type: "BODY", text: "Hi {{first}}, {{second}}" }] };
  expect(fill(compile({ body: [{ text: "a" }, { name: "second", text: "b" }] }, [], { template })).content.body).toEqual([{ name: "first", text: "a" }, { name: "second", text: "b" }]);
});

test("a missing value names the property; one that ends up empty names its place", () => {
  expect(fill(compile({ body: [{ text: "{{ profile.name }}" }, { text: "x" }] })).lost).toEqual({ reason: "missingValue", detail: "profile.name" });
  expect(fill(compile({ body: [{ text: "x" }, { text: "{% if profile.vip %}gold{% endif %}" }] })).lost).toEqual({ reason: "missingValue", detail: "variable 2" });
});

test("whoever the text leaves out is left out with its reason", () => {
  expect(fill(compile({ body: [{ text: "{% abort_message('too young') %}" }, { text: "x" }] })).lost).toEqual({ reason: "valueAborted", detail: "too young" });
});

test("line breaks, tabs and many spaces in a value become spaces", () => {
  expect(fill(compile({ body: [{ text: "{{ profile.a }}" }, { text: "x" }] }), { a: "one\n  two\tthree      four" }).content.body?.[0]?.text).toBe("one two three    four");
});

test("a value of nothing but spaces is tidied at once, and one that grows too large says so", () => {
  const started = performance.now();
  expect(fill(compile({ body: [{ text: `a${" ".repeat(9_000)}b` }, { text: "x" }] })).content.body?.[0]?.text).toBe("a    b");
  expect(performance.now() - started).toBeLessThan(100);
  expect(fill(compile({ body: [{ text: `{% for i in (1..90000) %}${" ".repeat(40)}{% endfor %}` }, { text: "x" }] })).lost).toEqual({ reason: "valueInvalid", detail: "It grows too large." });
});

test("texts that are each just fast enough do not add up to more than one may take", () => {
  const slow = `{% assign a = '${"a,".repeat(400)}' | split: ',' %}{% for i in a %}{% for j in a %}{% assign z = j %}{% endfor %}{% endfor %}x`;
  const started = performance.now();
  expect(fill(compile({ body: Array.from({ length: 20 }, () => ({ text: slow })) })).lost).toEqual({ reason: "valueInvalid", detail: "It takes too long to fill." });
  expect(performance.now() - started).toBeLessThan(6_000);
});

test("a message that would be too long is not made", () => {
  expect(fill(compile({ body: [{ text: "{{ profile.a }}" }, { text: "x" }] }), { a: "y".repeat(1_018) }).lost).toBeNull();
  expect(fill(compile({ body: [{ text: "{{ profile.a }}" }, { text: "x" }] }), { a: "y".repeat(1_019) }).lost?.detail).toContain("1024 characters");
  expect(fill(compile({ body: [{ text: "{{ profile.a }}" }, { text: "x" }] }), { a: "👍".repeat(1_000) }).lost).toBeNull();
  expect(fill(compile({ buttons: [{ kind: "copyCode", index: 0, code: "{{ profile.a }}" }] }), { a: "y".repeat(15) }).lost?.reason).not.toBe("valueInvalid");
  expect(fill(compile({ buttons: [{ kind: "copyCode", index: 0, code: "{{ profile.a }}" }] }), { a: "y".repeat(16) }).lost).toMatchObject({ reason: "valueInvalid", detail: expect.stringContaining("15 characters") });
});

test("a file's address must be one", () => {
  const content = compile({ header: { kind: "image", media: { link: "{{ profile.photo }}" } } });
  expect(fill(content, { photo: "photo.jpg" }).lost).toEqual({ reason: "valueInvalid", detail: '"photo.jpg" is no web address (image).' });
  expect(fill(content, { photo: "https://x.example/p.jpg" }).lost).toBeNull();
});

test("an offer ends at one time, or at a date of the person's, and never in the past", () => {
  const at = (iso: string) => compile({ offerEnds: { kind: "at", at: iso } });
  expect(fill(at("2026-11-23T00:00:00Z")).content.expiresAtMs).toBe(Date.parse("2026-11-23T00:00:00Z"));
  expect(fill(at("2026-11-22T00:00:00Z")).lost?.reason).toBe("valueInvalid");
  const own = compile({ offerEnds: { kind: "property", property: "ends" } });
  expect(fill(own, { ends: "2026-11-25T10:00:00.000Z" }).content.expiresAtMs).toBe(Date.parse("2026-11-25T10:00:00Z"));
  expect(fill(own).lost).toEqual({ reason: "missingValue", detail: "profile.ends" });
  expect(fill(own, { ends: "soon" }).lost?.reason).toBe("valueInvalid");
});

test("addresses in values become short links that remember where they lead", () => {
  const content = compile({ body: [{ text: "see https://shop.example/a?x=1, or https://shop.example/a?x=1" }, { text: "{{ profile.url }}" }] }, [body], { track: true, utm: { source: "whatsapp", campaign: "Diwali" } });
  const { content: { body: values }, links } = fill(content, { url: "http://b.example" });
  expect(values?.[0]?.text).toMatch(/^see https:\/\/tincan\.example\/l\/(\w{10}), or https:\/\/tincan\.example\/l\/\1$/);
  expect(links.map(({ target, place }) => `${place}: ${target}`)).toEqual(["body: https://shop.example/a?x=1&utm_source=whatsapp&utm_campaign=Diwali", "body: http://b.example?utm_source=whatsapp&utm_campaign=Diwali"]);
});

test("without tracking addresses are marked alone", () => {
  const content = compile({ body: [{ text: "https://shop.example/a" }, { text: "x" }], buttons: [{ kind: "url", index: 0, suffix: "o/{{ profile.n }}" }] }, [body, { type: "BUTTONS", buttons: [{ type: "URL", url: "https://shop.example/{{1}}" }] }], { utm: { source: "wa" } });
  const { content: filled, links } = fill(content, { n: 5 });
  expect([filled.body?.[0]?.text, filled.buttons?.[0], links]).toEqual(["https://shop.example/a?utm_source=wa", { kind: "url", index: 0, suffix: "o/5?utm_source=wa" }, []]);
});

test("a button becomes a short link when its template leads to ours", () => {
  const tracked: CampaignValues = { buttons: [{ kind: "url", index: 0, suffix: null, target: "https://shop.example/{{ profile.n }}" }] };
  const buttons = (url: string): TemplateComponent[] => [{ type: "BUTTONS", buttons: [{ type: "URL", url }] }];
  const { content, links } = fill(compile(tracked, buttons("https://tincan.example/l/{{1}}"), { track: true }), { n: 5 });
  expect(content.buttons).toEqual([{ kind: "url", index: 0, suffix: links[0]?.code }]);
  expect(links).toMatchObject([{ target: "https://shop.example/5", place: "button 1" }]);
  expect(faultOf(() => compile(tracked, buttons("https://shop.example/{{1}}"), { track: true }))).toContain("buttons[0]: The template's button must lead to https://tincan.example/l/{{1}}");
});

test("a fault in a text says where it is", () => {
  expect(faultOf(() => compile({ body: [{ text: "x" }, { text: "{{ nobody }}" }] }))).toContain("body[1]: There is no");
  expect(faultOf(() => compile({ cards: [{ header: { kind: "text", text: "{{" } }] }))).toContain("cards[0].header.text: ");
});
