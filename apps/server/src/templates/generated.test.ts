/** Templates and values made up at random: what the rules let pass, WhatsApp takes, component by component. */
import type { ButtonValue, HeaderValue, Message, TemplateComponent, TemplateInput, TemplateValues, TestResult } from "@tincan/api";
import { checkSend, templateProblems } from "@tincan/whatsapp";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { templateComponents } from "../providers/cloud-api/render.ts";
import { asListed, fillTemplate } from "./sample-values.ts";
import type { TemplateRow } from "./store.ts";
import { startTemplateWorld, type TemplateWorld } from "./test/world.ts";

interface Generated {
  template: Omit<TemplateInput, "provider" | "name">;
  values: TemplateValues;
}

/** One line that is not blank, as short as the place allows. */
const line = (most: number) => fc.string({ unit: "grapheme", minLength: 1, maxLength: most }).map((text) => text.replaceAll(/[\s{}]+/g, " ").trim() || "x").filter((text) => [...text].length <= most);
const suffix = fc.stringMatching(/^[a-z0-9]{1,12}$/);
const fileLink = "https://cdn.example.com/sample";
const handle = { example: { header_handle: ["4::aW1hZ2U=:ARb"] } };

interface Part {
  component: TemplateComponent | undefined;
  header?: HeaderValue;
}

const media = (format: "IMAGE" | "VIDEO" | "DOCUMENT"): Part => ({
  component: { type: "HEADER", format, ...handle },
  header: { kind: format.toLowerCase() as "image", media: { link: fileLink } },
});
const textHeader = line(40).map((text): Part => ({ component: { type: "HEADER", format: "TEXT", text: "News: {{1}} and more", example: { header_text: ["Sale"] } }, header: { kind: "text", text } }));
const anyHeader: fc.Arbitrary<Part> = fc.oneof(
  fc.constant<Part>({ component: undefined }),
  fc.constant<Part>({ component: { type: "HEADER", format: "TEXT", text: "Plain news" } }),
  textHeader,
  fc.constantFrom("IMAGE" as const, "VIDEO" as const, "DOCUMENT" as const).map(media),
  fc.constant<Part>({ component: { type: "HEADER", format: "LOCATION" }, header: { kind: "location", location: { latitude: "37.48", longitude: "-122.14", name: "Depot" } } }),
);

function bodyWith(values: string[], named: boolean): { component: TemplateComponent; body: { name?: string; text: string }[] } {
  const names = values.map((_, i) => (named ? `value_${i + 1}` : String(i + 1)));
  const text = `We write to you today ${names.map((name) => `about {{${name}}} and what follows`).join(" ")} with regards.`;
  const example = named ? { body_text_named_params: names.map((param_name) => ({ param_name, example: "some" })) } : { body_text: [names.map(() => "some")] };
  return { component: { type: "BODY", text, ...(values.length > 0 && { example }) }, body: values.map((value, i) => (named ? { name: names[i]!, text: value } : { text: value })) };
}

const button = fc.oneof(
  suffix.map((text) => ({ button: { type: "URL", text: "Open", url: "https://shop.example/{{1}}", example: ["https://shop.example/a"] }, value: { kind: "url", suffix: text } as const })),
  fc.constant({ button: { type: "URL", text: "Look", url: "https://shop.example/a" }, value: undefined }),
  fc.constant({ button: { type: "PHONE_NUMBER", text: "Call", phone_number: "+15550100199" }, value: undefined }),
  suffix.map((text) => ({ button: { type: "COPY_CODE", example: "SPRING" }, value: { kind: "copyCode", code: text } as const })),
);
const reply = fc.option(suffix, { nil: undefined }).map((payload) => ({ button: { type: "QUICK_REPLY", text: "Yes" }, value: payload === undefined ? undefined : ({ kind: "quickReply", payload } as const) }));

const buttons = fc.tuple(fc.array(reply, { maxLength: 3 }), fc.uniqueArray(button, { selector: (each) => each.button.type, maxLength: 3 })).map(([replies, others]) => {
  const all = [...replies, ...others];
  const values = all.flatMap(({ value }, index): ButtonValue[] => (value ? [{ ...value, index }] : []));
  return { component: all.length === 0 ? undefined : { type: "BUTTONS", buttons: all.map((each) => each.button) }, values };
});

const ordinary: fc.Arbitrary<Generated> = fc
  .tuple(anyHeader, fc.array(line(60), { maxLength: 4 }), fc.boolean(), fc.boolean(), buttons, fc.constantFrom("MARKETING" as const, "UTILITY" as const))
  .map(([head, texts, namedWish, footer, foot, category]) => {
    // A text header's variable has no name here.
    const named = namedWish && texts.length > 0 && head.header?.kind !== "text";
    const { component, body } = bodyWith(texts, named);
    return {
      template: {
        language: "en", category, parameterFormat: named ? "NAMED" : "POSITIONAL",
        components: [head.component, component, footer ? { type: "FOOTER", text: "Reply STOP" } : undefined, foot.component].filter((each) => each !== undefined),
      },
      values: { ...(head.header && { header: head.header }), body, buttons: foot.values },
    };
  });

const offer: fc.Arbitrary<Generated> = fc.tuple(fc.boolean(), suffix, suffix, fc.array(line(30), { maxLength: 2 })).map(([expires, code, path, texts]) => {
  const { component, body } = bodyWith(texts, false);
  const list = [{ type: "COPY_CODE", example: "SPRING" }, { type: "URL", text: "Shop", url: "https://shop.example/{{1}}", example: ["https://shop.example/a"] }];
  return {
    template: {
      language: "en", category: "MARKETING",
      components: [media("IMAGE").component!, component, { type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon", has_expiration: expires } }, { type: "BUTTONS", buttons: list }],
    },
    values: {
      header: media("IMAGE").header!, body, buttons: [{ kind: "copyCode", index: 0, code }, { kind: "url", index: 1, suffix: path }],
      ...(expires && { expiresAtMs: Date.UTC(2030, 0, 1) }),
    },
  };
});

const carousel: fc.Arbitrary<Generated> = fc.tuple(fc.array(fc.tuple(line(30), suffix), { minLength: 2, maxLength: 10 }), fc.constantFrom("IMAGE" as const, "VIDEO" as const), fc.array(line(30), { maxLength: 2 })).map(([cards, format, texts]) => {
  const { component, body } = bodyWith(texts, false);
  const list = { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "More" }, { type: "URL", text: "Shop", url: "https://shop.example/{{1}}", example: ["https://shop.example/a"] }] };
  const cardBody = { type: "BODY", text: "This is our {{1}} of the week.", example: { body_text: [["shirt"]] } };
  const head = media(format);
  return {
    template: { language: "en", category: "MARKETING", components: [component, { type: "CAROUSEL", cards: cards.map(() => ({ components: [head.component!, cardBody, list] })) }] },
    values: { body, cards: cards.map(([text, path]) => ({ header: head.header!, body: [{ text }], buttons: [{ kind: "quickReply", index: 0, payload: path }, { kind: "url", index: 1, suffix: path }] })) },
  };
});

const password: fc.Arbitrary<Generated> = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 90 }), fc.stringMatching(/^[0-9]{4,8}$/)).map(([advice, minutes, code]) => ({
  template: {
    language: "en", category: "AUTHENTICATION",
    components: [{ type: "BODY", add_security_recommendation: advice }, { type: "FOOTER", code_expiration_minutes: minutes }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE", text: "Copy" }] }],
  },
  values: { body: [{ text: code }] },
}));

const generated = fc.oneof({ weight: 4, arbitrary: ordinary }, offer, carousel, password);

function rowOf({ template }: Generated): TemplateRow {
  const { language, category, parameterFormat = "POSITIONAL", components } = template;
  return { name: "made_up", language, category, parameter_format: parameterFormat, components, button_settings: [], samples: {}, status: "APPROVED" } as unknown as TemplateRow;
}

test("a generated template keeps the rules, and its values fit it", () => {
  fc.assert(
    fc.property(generated, (each) => {
      expect(templateProblems({ ...each.template, name: "made_up" }, "cloud-api")).toEqual([]);
      const row = rowOf(each);
      expect(checkSend(asListed(row), templateComponents(fillTemplate(row, each.values, new Date())))).toBeNull();
    }),
    { numRuns: 300 },
  );
});

test("a value left out or put in is noticed", () => {
  fc.assert(
    fc.property(generated, fc.boolean(), (each, more) => {
      const row = rowOf(each);
      const body = each.values.body ?? [];
      fc.pre(more || body.length > 0);
      const wrong = more ? [...body, { text: "one too many" }] : body.slice(1);
      expect(checkSend(asListed(row), templateComponents(fillTemplate(row, { ...each.values, body: wrong }, new Date())))).not.toBeNull();
    }),
    { numRuns: 100 },
  );
});

let world: TemplateWorld;

beforeAll(async () => {
  world = await startTemplateWorld();
  world.sandbox.change({ templates: { reviewMs: 0 } });
});
afterAll(() => world.stop());

test("WhatsApp takes generated templates, and delivers them with their values", async () => {
  let n = 0;
  await fc.assert(
    fc.asyncProperty(generated, async ({ template, values }) => {
      // Two templates that say the same are refused by reviewers: each gets words of its own.
      const name = `made_up_${++n}`;
      const components = template.components.map((each) => (each.type === "BODY" && each.text ? { ...each, text: each.text.replace("today", `today for the ${name}`) } : each));
      const created = await world.create({ ...template, components, name, submit: true });
      expect(created).toMatchObject({ status: 201 });
      await world.becomes(created.body.id, "APPROVED");
      const sent = await world.api.post<TestResult>(`/api/v1/templates/${created.body.id}/test`, { to: [`+1555020${String(1000 + n)}`], values });
      expect(sent).toMatchObject({ status: 202 });
      const { messageId } = sent.body.tests[0]!;
      await expect.poll(async () => (await world.api.get<Message>(`/api/v1/messages/${messageId}`)).body.state, { timeout: 5000 }).toBe("delivered");
    }),
    { numRuns: 20, endOnFailure: true },
  );
});
