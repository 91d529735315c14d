/**
 * From one can to the other and on to the Cloud API, for any template: what the generic adapter says is what the contract's parser hears,
 * a deployment makes the same message of it again, and what goes on to the Cloud API is taken by it, component by component.
 */
import type { ButtonValue, CardValue, HeaderValue, TemplateComponent, TemplateContent } from "@tincan/api";
import { parseSendRequest } from "@tincan/clevertap";
import { sandboxAccount, startSandbox, type Sandbox } from "@tincan/sandbox";
import { checkSend, validateTemplate, type AnyTemplate } from "@tincan/whatsapp";
import * as fc from "fast-check";
import { afterAll, beforeAll, expect, test } from "vitest";
import { fitTemplate } from "../apps/server/src/deployments/content.ts";
import { knowTemplate } from "../apps/server/src/deployments/known-template.ts";
import { outbound } from "../apps/server/src/providers/adapter-contract.ts";
import { cloudApiAdapter } from "../apps/server/src/providers/cloud-api/adapter.ts";
import { genericAdapter } from "../apps/server/src/providers/generic/adapter.ts";

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ port: 0, behaviour: { templates: { reviewMs: 0 }, throughput: { messagesPerSecond: null }, pairRate: null } });
});
afterAll(() => sandbox.close());

const graph = async (path: string, body: object): Promise<{ status: number; body: unknown }> => {
  const answer = await fetch(`${sandbox.url}/v26.0/${path}`, {
    method: "POST", headers: { authorization: `Bearer ${sandboxAccount.accessToken}`, "content-type": "application/json" }, body: JSON.stringify(body),
  });
  return { status: answer.status, body: await answer.json() };
};

/** The review takes no time, but a turn of the event loop. */
async function reviewed(name: string): Promise<string | undefined> {
  const answer = await fetch(`${sandbox.url}/v26.0/${sandboxAccount.wabaId}/message_templates?name=${name}`, { headers: { authorization: `Bearer ${sandboxAccount.accessToken}` } });
  return ((await answer.json()) as { data: { status: string }[] }).data[0]?.status;
}

/** A part of a template with the values of one person for it. */
interface Filled {
  component: TemplateComponent;
  header?: HeaderValue;
}

const word = fc.stringMatching(/^[a-z]{2,8}$/);
/** Anything a value may hold: quotes, other scripts, emoji; no line breaks. */
const value = fc.oneof(fc.stringMatching(/^[a-zA-Z0-9"\\'{}/&<> éनä😀-]{1,20}$/u).filter((text) => text.trim() !== "" && !text.includes("     ")), word);
const link = word.map((name) => `https://cdn.example/${name}.bin`);
const sample = { header_handle: ["https://cdn.example/sample.bin"] };

const media = fc.record({ kind: fc.constantFrom("image" as const, "video" as const, "document" as const), link, filename: fc.option(word, { nil: undefined }) }).map(
  ({ kind, link: url, filename }): Filled => ({
    component: { type: "HEADER", format: kind.toUpperCase(), example: sample },
    header: { kind, media: { link: url, ...(kind === "document" && filename !== undefined && { filename }) } },
  }),
);
const header: fc.Arbitrary<Filled | undefined> = fc.oneof(
  fc.constant(undefined),
  media,
  word.map((text): Filled => ({ component: { type: "HEADER", format: "TEXT", text: `News ${text}` } })),
  fc.tuple(word, value).map(([text, filled]): Filled => ({
    component: { type: "HEADER", format: "TEXT", text: `News {{1}} ${text}`, example: { header_text: ["Sale"] } }, header: { kind: "text", text: filled },
  })),
  fc.record({ latitude: fc.integer({ min: -90, max: 90 }).map(String), longitude: fc.integer({ min: -180, max: 180 }).map(String), name: word, address: word }).map(
    (location): Filled => ({ component: { type: "HEADER", format: "LOCATION" }, header: { kind: "location", location } }),
  ),
);

const body = fc.array(fc.tuple(word, value), { maxLength: 3 }).map((parts) => ({
  component: {
    type: "BODY", text: `Hello dear customer ${parts.map(([text], i) => `${text} ${text} {{${i + 1}}} ${text}`).join(" ")} and good day`,
    ...(parts.length > 0 && { example: { body_text: [parts.map(([text]) => text)] } }),
  },
  values: parts.map(([, text]) => ({ text })),
}));

type Button = NonNullable<TemplateComponent["buttons"]>[number];
interface FilledButton {
  button: Button;
  value?: (index: number) => ButtonValue;
}
const url = fc.oneof(
  word.map((path): FilledButton => ({ button: { type: "URL", text: "Shop", url: `https://shop.example/${path}` } })),
  fc.stringMatching(/^[a-z0-9]{1,12}(\?x=[a-z]{1,4})?$/).map((suffix): FilledButton => ({
    button: { type: "URL", text: "Track", url: "https://shop.example/t/{{1}}", example: ["https://shop.example/t/1"] }, value: (index) => ({ kind: "url", index, suffix }),
  })),
);
const phone = fc.constant<FilledButton>({ button: { type: "PHONE_NUMBER", text: "Call", phone_number: "+15550100111" } });
const code = fc.stringMatching(/^[A-Z0-9]{4,12}$/).map((text): FilledButton => ({ button: { type: "COPY_CODE", text: "Copy offer code", example: "SAVE5" }, value: (index) => ({ kind: "copyCode", index, code: text }) }));
const reply = fc.option(value, { nil: undefined }).map((payload): FilledButton => ({
  button: { type: "QUICK_REPLY", text: "Fine" }, ...(payload !== undefined && { value: (index) => ({ kind: "quickReply", index, payload }) }),
}));
/** Replies stand together, after the others. */
const buttons = fc.tuple(fc.array(url, { maxLength: 2 }), fc.array(phone, { maxLength: 1 }), fc.array(code, { maxLength: 1 }), fc.array(reply, { maxLength: 3 })).map((kinds) => distinct(kinds.flat()));

/** Two buttons of one template may not say the same. */
function distinct(all: FilledButton[]): FilledButton[] {
  return all.map(({ button, ...rest }, i) => ({ ...rest, button: button.type === "COPY_CODE" ? button : { ...button, text: `${button.text} ${i + 1}` } }));
}

function put(parts: FilledButton[]): { component: TemplateComponent[]; values: { buttons?: ButtonValue[] } } {
  if (parts.length === 0) return { component: [], values: {} };
  const values = parts.flatMap((part, index) => part.value?.(index) ?? []);
  return { component: [{ type: "BUTTONS", buttons: parts.map((part) => part.button) }], values: values.length > 0 ? { buttons: values } : {} };
}

interface Case {
  components: TemplateComponent[];
  content: Omit<TemplateContent, "name">;
}
const base = { type: "template" as const, language: "en" };

const ordinary = fc.record({ header, body, footer: fc.option(word, { nil: undefined }), buttons }).map(({ header: top, body: middle, footer, buttons: parts }): Case => {
  const bottom = put(parts);
  return {
    components: [...(top ? [top.component] : []), middle.component, ...(footer === undefined ? [] : [{ type: "FOOTER", text: footer }]), ...bottom.component],
    content: { ...base, ...(top?.header && { header: top.header }), ...(middle.values.length > 0 && { body: middle.values }), ...bottom.values },
  };
});

const offer = fc.record({ body, expires: fc.boolean(), ends: fc.integer({ min: 1, max: 1_000_000 }), copy: code, shop: url }).map(({ body: middle, expires, ends, copy, shop }): Case => {
  const bottom = put(distinct([copy, shop]));
  return {
    components: [{ type: "LIMITED_TIME_OFFER", limited_time_offer: { text: "Ends soon", has_expiration: expires } }, middle.component, ...bottom.component],
    content: { ...base, ...(middle.values.length > 0 && { body: middle.values }), ...(expires && { expiresAtMs: Date.now() + 3_600_000 + ends }), ...bottom.values },
  };
});

/** All cards of a carousel are built alike. */
const carousel = fc.record({ body, cards: fc.array(fc.tuple(link, value, fc.stringMatching(/^[a-z]{1,9}$/)), { minLength: 2, maxLength: 10 }) }).map(({ body: middle, cards }): Case => {
  const card: TemplateComponent[] = [
    { type: "HEADER", format: "IMAGE", example: sample },
    { type: "BODY", text: "Something for {{1}} to look at", example: { body_text: [["Ada"]] } },
    { type: "BUTTONS", buttons: [{ type: "URL", text: "Look", url: "https://shop.example/c/{{1}}", example: ["https://shop.example/c/1"] }, { type: "QUICK_REPLY", text: "Later" }] },
  ];
  return {
    components: [middle.component, { type: "CAROUSEL", cards: cards.map(() => ({ components: card })) }],
    content: {
      ...base, ...(middle.values.length > 0 && { body: middle.values }),
      cards: cards.map(([picture, text, suffix]): CardValue => ({ header: { kind: "image", media: { link: picture } }, body: [{ text }], buttons: [{ kind: "url", index: 0, suffix }] })),
    },
  };
});

let made = 0;

test("any template with any values survives the string between two Tincans, and the Cloud API takes it", async () => {
  await fc.assert(
    fc.asyncProperty(fc.oneof({ arbitrary: ordinary, weight: 3 }, offer, carousel), async ({ components, content }) => {
      const name = `round_trip_${++made}`;
      // No two templates of an account may have the same text.
      const own = components.map((component) => (component.type === "BODY" ? { ...component, text: `${component.text} number ${made}` } : component));
      const template = { name, language: "en", category: "MARKETING", parameter_format: "POSITIONAL", components: own };
      expect(validateTemplate(template)).toEqual([]);
      const sent: TemplateContent = { ...content, name };

      // One can: the adapter's request, and what the parser hears.
      const generic = genericAdapter({
        settings: { endpoint: "https://provider.example/", wabaNumber: "15550100199", customKeys: [] },
        secrets: { headers: [], auth: null }, limits: { concurrency: 30, timeoutMs: 1000 }, find: () => own,
      });
      const request = generic.request(outbound(sent));
      if ("refusal" in request) throw new Error(request.refusal.title);
      const parsed = parseSendRequest(JSON.parse(request.body));
      if (!parsed.ok || parsed.value.kind !== "template") throw new Error(JSON.stringify(parsed));
      expect(parsed.value).toMatchObject({ msgId: outbound(sent).messageId, toE164: outbound(sent).recipient, template: { name, language: "en" } });

      // The other can: the same message again.
      const fitted = fitTemplate(parsed.value, knowTemplate({ id: "1", status: "APPROVED", parameterFormat: "POSITIONAL", ...template }));
      expect(fitted).toEqual({ ok: true, content: sent });
      if (!fitted.ok) return;

      // And on to the Cloud API.
      const cloud = cloudApiAdapter({ baseUrl: sandbox.url, version: "v26.0", phoneNumberId: sandboxAccount.phoneNumberId, accessToken: sandboxAccount.accessToken, limits: { concurrency: 30, timeoutMs: 1000 } });
      const onward = cloud.request(outbound(fitted.content));
      if ("refusal" in onward) throw new Error(onward.refusal.title);
      const message = JSON.parse(onward.body) as { template: { components?: unknown } };
      expect(checkSend(template as unknown as AnyTemplate, message.template.components)).toBeNull();
      expect(await graph(`${sandboxAccount.wabaId}/message_templates`, template)).toMatchObject({ status: 200 });
      await expect.poll(() => reviewed(name), { interval: 5 }).toBe("APPROVED");
      expect(await graph(`${sandboxAccount.phoneNumberId}/messages`, message)).toMatchObject({ status: 200, body: { messages: [{ id: expect.stringContaining("wamid") }] } });
    }),
    // An account may make 100 templates in an hour.
    { numRuns: 90 },
  );
});
