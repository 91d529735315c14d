/**
 * Values for everything variable in a template: those given, else the template's own samples, else the examples it was reviewed with.
 * What a preview shows is then what a test sends.
 */
import type { ButtonSetting, ButtonValue, CardValue, HeaderValue, TemplateComponent, TemplateContent, TemplateValues, TextValue } from "@tincan/api";
import { dynamicUrlSuffix } from "@tincan/clevertap";
import { templateVariables, type AnyTemplate, type CardVariables, type TemplateVariables } from "@tincan/whatsapp";
import { bodyExamples, componentOf, firstText, headerExample, mediaExample } from "./examples.ts";
import type { TemplateRow } from "./store.ts";

/** How long a limited-time offer lasts when nobody says. */
const OFFER_MS = 24 * 60 * 60 * 1000;

/** A template's row as the package of WhatsApp's rules reads templates: any JSON at all. */
export function asListed(row: Pick<TemplateRow, "components" | "parameter_format" | "category" | "name" | "language">): AnyTemplate {
  return row as unknown as AnyTemplate;
}

/** The content of a message of this template. What no source has a value for is left out, for the rules to name. */
export function fillTemplate(row: TemplateRow, given: TemplateValues | undefined, now: Date): TemplateContent {
  const needs = templateVariables(asListed(row));
  const sources = given ? [given, row.samples] : [row.samples];
  const cards = componentOf(row.components, "CAROUSEL")?.cards ?? [];
  const settings = (card?: number) => row.button_settings.filter((each) => each.card === card);
  const content: TemplateContent = { type: "template", name: row.name, language: row.language, ...fillPart(row.components, needs, sources, settings(), needs) };
  if (needs.limitedTimeOffer?.expires) content.expiresAtMs = sources.map(({ expiresAtMs }) => expiresAtMs).find((at) => at !== undefined) ?? now.getTime() + OFFER_MS;
  if (cards.length > 0) {
    // A card too many stays, so that it is named as such.
    const count = Math.max(cards.length, given?.cards?.length ?? 0);
    content.cards = Array.from({ length: count }, (_, i) => fillPart(cards[i]?.components ?? [], needs.cards[i] ?? noNeeds, sources.map((each) => each.cards?.[i] ?? {}), settings(i), needs));
  }
  return content;
}

const noNeeds: CardVariables = { body: [], buttons: [] };

function fillPart(components: readonly TemplateComponent[], needs: CardVariables, sources: readonly CardValue[], settings: readonly ButtonSetting[], { format, authentication }: TemplateVariables): CardValue {
  const header = sources.map((each) => each.header).find((each) => each !== undefined) ?? exampleHeader(componentOf(components, "HEADER"), needs, format === "named");
  const body = fillBody(components, needs, sources, format === "named");
  const buttons = fillButtons(components, needs, sources, settings, authentication ? body[0]?.text : undefined);
  return { ...(header && { header }), ...(body.length > 0 && { body }), ...(buttons.length > 0 && { buttons }) };
}

function exampleHeader(component: TemplateComponent | undefined, { header }: CardVariables, named: boolean): HeaderValue | undefined {
  if (!component || !header) return undefined;
  const { kind, params } = header;
  if (kind === "text") {
    const text = headerExample(component.example);
    return params.length === 0 || text === undefined ? undefined : { kind, text, ...(named && { name: params[0] }) };
  }
  const link = mediaExample(component.example);
  // A handle is good for review alone.
  if (link === undefined || !/^https?:/i.test(link)) return undefined;
  return kind === "image" || kind === "video" || kind === "document" ? { kind, media: { link } } : undefined;
}

/** Values given stand as they are, also when their number is wrong. */
function fillBody(components: readonly TemplateComponent[], needs: CardVariables, sources: readonly CardValue[], named: boolean): TextValue[] {
  const given = sources.map(({ body }) => body).find((body) => body !== undefined);
  if (given) return given.map((value, i) => (named && value.name === undefined && needs.body[i] !== undefined ? { ...value, name: needs.body[i] } : value));
  const examples = bodyExamples(componentOf(components, "BODY")?.example);
  return needs.body.flatMap((name, i): TextValue[] => (examples[i] === undefined ? [] : [named ? { name, text: examples[i] } : { text: examples[i] }]));
}

function fillButtons(components: readonly TemplateComponent[], needs: CardVariables, sources: readonly CardValue[], settings: readonly ButtonSetting[], code: string | undefined): ButtonValue[] {
  const buttons = componentOf(components, "BUTTONS")?.buttons ?? [];
  const filled = needs.buttons.flatMap(({ index, type, need }): ButtonValue[] => {
    const given = sources.map((each) => each.buttons?.find((value) => value.index === index)).find((value) => value !== undefined);
    if (given) return [given];
    const button = buttons[index];
    const payload = settings.find((each) => each.index === index)?.payload;
    if (type === "QUICK_REPLY") return payload === undefined ? [] : [{ kind: "quickReply", index, payload }];
    if (need !== "required" || !button) return [];
    const example = firstText(button.example);
    if (type === "OTP") return code === undefined ? [] : [{ kind: "url", index, suffix: code }];
    if (example === undefined) return [];
    if (type === "COPY_CODE") return [{ kind: "copyCode", index, code: example }];
    return type === "URL" ? [{ kind: "url", index, suffix: dynamicUrlSuffix(example, button.url ?? "") || example }] : [];
  });
  const places = new Set(needs.buttons.map(({ index }) => index));
  const astray = (sources[0]?.buttons ?? []).filter(({ index }) => !places.has(index));
  return [...filled, ...astray];
}
