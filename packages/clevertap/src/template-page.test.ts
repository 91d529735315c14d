import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { buildTemplatePage, parseTemplatePage, type ReceivedTemplatePage } from "./template-page.ts";
import { mutated, templatePage } from "./testing/arbitraries.ts";
import { importedTemplate } from "./testing/bodies.ts";

function read(json: unknown): ReceivedTemplatePage {
  const parsed = parseTemplatePage(json);
  if (!parsed.ok) throw new Error(parsed.error.message);
  return parsed.value;
}

const everyComponent = [
  { type: "HEADER", format: "IMAGE", example: { header_handle: ["https://cdn.example.org/a.jpg"] } },
  { type: "BODY", text: "Hi {{1}}, {{2}} is here", example: { body_text: [["Mina", "88"]] } },
  { type: "FOOTER", text: "Reply STOP" },
  { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Until midnight", has_expiration: true } },
  {
    type: "BUTTONS",
    buttons: [
      { type: "URL", text: "Track", url: "https://example.org/{{1}}", example: ["https://example.org/t"] },
      { type: "PHONE_NUMBER", text: "Call", phone_number: "+918000000022" },
      { type: "COPY_CODE", text: "Copy offer code", example: ["TEN"] },
      { type: "QUICK_REPLY", text: "OK" },
      { type: "SOMETHING_NEW", text: "Try", depth: { of: 3 } },
    ],
  },
  { type: "CAROUSEL", cards: [{ components: [{ type: "BODY", text: "Card {{1}}" }] }] },
];

describe("a received page", () => {
  test("keeps every kind of component as Meta writes it", () => {
    expect(read({ data: [importedTemplate({ components: everyComponent })] }).templates[0]!.components).toEqual(everyComponent);
  });

  test("has the optional fields of a template", () => {
    const extra = { parameter_format: "POSITIONAL", message_send_ttl_seconds: 86_400, previous_category: "MARKETING" };
    expect(read({ data: [importedTemplate(extra)] }).templates[0]).toMatchObject(extra);
  });

  test("tells where the next page is", () => {
    const paging = { cursors: { before: "AA", after: "BB" }, next: "https://provider.example/templates?after=BB" };
    expect(read({ data: [importedTemplate()], paging })).toMatchObject({ before: "AA", after: "BB", next: paging.next });
  });

  test("without paging is the last", () => {
    expect(read({ data: [importedTemplate()] }).after).toBeUndefined();
  });

  test("without templates is the last, whatever its cursor says", () => {
    expect(read({ data: [], paging: { cursors: { after: "BB" } } })).toEqual({ templates: [], rejected: [] });
  });

  test("loses only the templates that cannot be read", () => {
    const { templates, rejected } = read({ data: [importedTemplate(), { id: 1 }, importedTemplate({ components: [{ text: "x" }] })] });
    expect(templates).toHaveLength(1);
    expect(rejected.map((each) => each.field)).toEqual(["data[1].name", "data[2].components[0].type"]);
  });

  test("with endlessly nested cards is answered", () => {
    let components: unknown = [];
    for (let level = 0; level < 50_000; level++) components = [{ type: "CAROUSEL", cards: [{ components }] }];
    expect(read({ data: [importedTemplate({ components })] }).rejected[0]!.field).toBe("data[0].components");
  });

  test.each([[{}, "data"], [{ data: 3 }, "data"], [[], "body"], [{ data: [], paging: 3 }, "paging"]])("of %j is refused by name", (json, field) => {
    const parsed = parseTemplatePage(json);
    expect(!parsed.ok && parsed.error).toMatchObject({ field, code: 400 });
  });
});

describe("a built page", () => {
  const templates = read({ data: [importedTemplate()] }).templates;

  test("has Meta's shape with cursors and the next address", () => {
    const page = { templates, before: "AA", after: "BB", next: "https://provider.example/templates?after=BB" };
    expect(buildTemplatePage(page)).toEqual({ data: templates, paging: { cursors: { before: "AA", after: "BB" }, next: page.next } });
  });

  test("has neither cursor nor next address when it is the last", () => {
    expect(buildTemplatePage({ templates })).toEqual({ data: templates, paging: { cursors: {} } });
  });
});

describe("properties", () => {
  test("a built page reads as it was", () => {
    fc.assert(
      fc.property(templatePage, (page) => {
        expect(read(JSON.parse(JSON.stringify(buildTemplatePage(page))))).toEqual({ ...page, rejected: [] });
      }),
      { numRuns: 300 },
    );
  });

  test("any JSON gives templates or errors that name fields", () => {
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), mutated(templatePage.map(buildTemplatePage))), (json) => {
        const parsed = parseTemplatePage(json);
        const errors = parsed.ok ? parsed.value.rejected : [parsed.error];
        for (const error of errors) expect(error.field).not.toBe("");
      }),
      { numRuns: 1500 },
    );
  });
});
