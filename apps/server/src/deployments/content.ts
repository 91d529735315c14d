/**
 * From CleverTap's request to a neutral message: the request says what the marketer filled in, the registry's template says
 * what WhatsApp will ask for. Whatever cannot be sent is refused here, in words the marketer can act on, instead of coming back
 * as a failure later.
 */
import type { CardValue, FreeFormContent, HeaderValue, TemplateContent, TextValue } from "@tincan/api";
import { isTrial, type FilledText, type FreeFormRequest, type Header, type TemplateRequest } from "@tincan/clevertap";
import type { CardVariables, HeaderNeed } from "@tincan/whatsapp";
import { buttonValues } from "./button-values.ts";
import type { KnownTemplate, TextSize } from "./known-template.ts";
import { Mismatch } from "./mismatch.ts";

/** What a header and a body may have with their values filled in (Meta: error code 132005). */
const MOST_CHARACTERS = { header: 60, body: 1024 };
const noText: TextSize = { fixed: 0, uses: [] };

export type Fitted = { ok: true; content: TemplateContent } | { ok: false; message: string };

/** Fits a template request to the template it names. Never throws; a misfit answers what differs. */
export function fitTemplate(request: TemplateRequest, template: KnownTemplate): Fitted {
  try {
    return { ok: true, content: fit(request, template) };
  } catch (thrown) {
    if (thrown instanceof Mismatch) return { ok: false, message: `Template ${template.name} (${template.language}): ${thrown.message}.` };
    throw thrown;
  }
}

interface Part {
  header?: Header;
  body?: FilledText;
  buttons: TemplateRequest["buttons"];
}

function fit(request: TemplateRequest, template: KnownTemplate): TemplateContent {
  const { needs } = template;
  const trial = isTrial(request);
  const top = fitPart(request, needs, template.headerText, template.urls, { named: needs.format === "named", authentication: needs.authentication, place: "", trial });
  if (top.header?.kind === "text") checkLength([top.header], template.headerSize, MOST_CHARACTERS.header, "the header");
  checkLength(top.body ?? [], template.bodySize, MOST_CHARACTERS.body, "the body");
  const content: TemplateContent = { type: "template", name: template.name, language: template.language, ...top };
  if (needs.limitedTimeOffer?.expires) {
    const expiresAtMs = request.limitedTimeOffer?.expiresAtMs;
    if (expiresAtMs === undefined) throw new Mismatch("the limited-time offer needs its end (expiration_time_ms), the request has none");
    content.expiresAtMs = expiresAtMs;
  }
  const cards = request.carousel ?? [];
  if (cards.length !== needs.cards.length) throw new Mismatch(`the carousel has ${count(cards.length, "card")}, the template needs ${needs.cards.length}`);
  if (cards.length > 0) {
    content.cards = cards.map((card, i): CardValue => {
      const rules = { named: needs.format === "named", authentication: false, place: `card ${i + 1}: `, trial };
      const fitted = fitPart(card, needs.cards[i]!, "", template.cardUrls[i] ?? [], rules);
      checkLength(fitted.body ?? [], template.cardBodySizes[i] ?? noText, MOST_CHARACTERS.body, `${rules.place}the body`);
      return fitted;
    });
  }
  return content;
}

interface Rules {
  named: boolean;
  authentication: boolean;
  place: string;
  trial: boolean;
}

/** Header, body and buttons, of the message itself or of one card. */
function fitPart(given: Part, needs: CardVariables, headerText: string, urls: readonly (string | undefined)[], rules: Rules): CardValue {
  const header = fitHeader(given.header, needs.header, headerText, rules.place);
  const body = fitTexts(given.body?.parameters ?? [], needs.body, rules);
  let { buttons } = given;
  // CleverTap sends no authentication templates; for who does, the code's button takes the code of the body.
  if (rules.authentication && buttons.length === 0 && body[0]) buttons = [{ index: 0, kind: "copyCode", value: body[0].text }];
  const values = buttonValues(buttons, needs.buttons, urls, rules.place, rules.trial);
  return { ...(header && { header }), ...(body.length > 0 && { body }), ...(values.length > 0 && { buttons: values }) };
}

function fitTexts(values: readonly string[], names: readonly string[], { named, place }: Rules): TextValue[] {
  if (values.length !== names.length) throw new Mismatch(`${place}body has ${count(values.length, "value")}, the template needs ${names.length}`);
  return values.map((text, i) => {
    checkText(text, `${place}body value ${i + 1}`);
    return named ? { name: names[i]!, text } : { text };
  });
}

/** Meta refuses these in a template's values (error codes 131008 and 132018). */
function checkText(text: string, name: string): void {
  if (text.trim() === "") throw new Mismatch(`${name} is empty`);
  if (/[\n\r\t]| {5}/.test(text)) throw new Mismatch(`${name} holds a line break, a tab or more than four spaces in a row, which WhatsApp does not take in a value`);
}

function checkLength(values: readonly { text?: string }[], { fixed, uses }: TextSize, most: number, name: string): void {
  const filled = (lengthOf: (text: string) => number) => values.reduce((length, { text = "" }, i) => length + lengthOf(text) * (uses[i] ?? 1), fixed);
  // Never less than the characters, and quicker to tell.
  if (filled((text) => text.length) <= most) return;
  const length = filled((text) => [...text].length);
  if (length > most) throw new Mismatch(`${name} has ${length} characters with its values, and WhatsApp takes ${most}`);
}

function fitHeader(given: Header | undefined, need: HeaderNeed | undefined, headerText: string, place: string): HeaderValue | undefined {
  if (need === undefined || need.kind === "text") return fitTextHeader(given, need?.params ?? [], headerText, place);
  if (need.kind === "gif" || need.kind === "product") throw new Mismatch(`${place}the template's header is a ${need.kind}, which a platform's request cannot carry`);
  if (given === undefined || given.kind !== need.kind) {
    throw new Mismatch(`${place}the header is ${given ? article(given.kind) : "missing"}, the template needs ${article(need.kind)}`);
  }
  if (given.kind === "location") {
    const { latitude, longitude, name, address } = given;
    if (!isDegrees(latitude, 90) || !isDegrees(longitude, 180)) throw new Mismatch(`${place}the header's location needs a latitude and a longitude in degrees`);
    return { kind: "location", location: { latitude, longitude, ...(name && { name }), ...(address && { address }) } };
  }
  const filename = given.kind === "document" ? given.filename : undefined;
  return { kind: given.kind, media: { link: given.mediaUrl, ...(filename && { filename }) } };
}

function fitTextHeader(given: Header | undefined, variables: readonly string[], headerText: string, place: string): HeaderValue | undefined {
  if (given !== undefined && given.kind !== "text") {
    throw new Mismatch(`${place}the header is ${article(given.kind)}, the template ${headerText === "" ? "has none" : "has a text"}`);
  }
  const values = given?.parameters.length === 0 && variables.length === 1 ? valueInside(given.text, headerText) : (given?.parameters ?? []);
  if (values.length !== variables.length) throw new Mismatch(`${place}header has ${count(values.length, "value")}, the template needs ${variables.length}`);
  const [text] = values;
  if (text === undefined) return undefined;
  checkText(text, `${place}header value`);
  return { kind: "text", text };
}

/**
 * The header's value read out of its finished text: the contract shows `parameters` in a header on an older page only, so they
 * may be missing.
 */
function valueInside(filled: string, template: string): string[] {
  const open = template.indexOf("{{");
  const close = template.indexOf("}}", open);
  const before = template.slice(0, open);
  const after = template.slice(close + 2);
  if (open < 0 || filled.length <= before.length + after.length || !filled.startsWith(before) || !filled.endsWith(after)) return [];
  return [filled.slice(before.length, filled.length - after.length)];
}

function isDegrees(text: string, most: number): boolean {
  return text.trim() !== "" && Math.abs(Number(text)) <= most;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

function article(kind: string): string {
  return kind === "image" ? "an image" : `a ${kind}`;
}

/** The neutral form of a free-form request. */
export function freeFormContent({ content }: FreeFormRequest): FreeFormContent {
  switch (content.kind) {
    case "text":
      return { type: "text", text: content.text };
    case "location": {
      const { kind, ...location } = content;
      return { type: kind, location };
    }
    case "audio":
      return { type: "audio", media: { link: content.mediaUrl } };
    case "document": {
      const { mediaUrl: link, caption, filename } = content;
      return { type: "document", media: { link, ...(caption && { caption }), ...(filename && { filename }) } };
    }
    default: {
      const { kind, mediaUrl: link, caption } = content;
      return { type: kind, media: { link, ...(caption && { caption }) } };
    }
  }
}
