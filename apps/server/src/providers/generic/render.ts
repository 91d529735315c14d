/**
 * Neutral content in the contract's words (CleverTap: Generic WhatsApp, outbound). The contract wants the finished text of each part and
 * every button, fixed ones too, so the template's own text is filled here. Without it (a template nobody has told us about) the
 * request holds the values alone, which providers go by.
 */
import type { ButtonValue, CardValue, HeaderValue, Media, MessageContent, Place, TemplateComponent, TemplateContent, TextValue } from "@tincan/api";
import {
  buildSendRequest, type Button, type Card, type FilledText, type FreeFormContent, type Header, type SendRequestDraft, type TemplateDraft, type WireSendRequest,
} from "@tincan/clevertap";
import { fillVariables, variablesIn } from "@tincan/whatsapp";
import type { OutboundMessage } from "../../ledger/claim.ts";
import type { WireError } from "../../ledger/types.ts";
import type { Unsendable } from "../adapter.ts";
import { plainDegrees } from "../degrees.ts";
import type { GenericSettings } from "../tables.ts";

/** The components of an approved template; undefined when it is not known here. */
export type FindComponents = (name: string, language: string) => TemplateComponent[] | undefined;

type Sender = Pick<GenericSettings, "wabaNumber" | "customKeys">;

/** The body of the request for a message, or why the contract has no words for it. */
export function renderMessage(message: OutboundMessage, sender: Sender, find: FindComponents): { body: WireSendRequest } | Unsendable {
  try {
    return { body: buildSendRequest(draftOf(message, sender, find)) };
  } catch (thrown) {
    if (thrown instanceof Unsayable) return { refusal: thrown.error };
    throw thrown;
  }
}

/** What the contract has no words for. Thrown and caught in this file, and by nobody's fault, so it carries no stack. */
class Unsayable {
  readonly error: WireError;

  constructor(title: string, details: string) {
    this.error = { source: "tincan", code: 2004, title, details };
  }
}

function draftOf({ messageId, recipient, content }: OutboundMessage, { wabaNumber, customKeys }: Sender, find: FindComponents): SendRequestDraft {
  if (!recipient.startsWith("+")) throw new Unsayable("The person's number is not known", "A generic provider is asked by phone number alone.");
  // A message's own count more than the provider's.
  const own = content.type === "template" ? content.customProps : {};
  const customProps = { ...Object.fromEntries(customKeys.map(({ key, value }) => [key, value])), ...own };
  const envelope = { msgId: messageId, to: recipient, wabaNumber, customProps };
  if (content.type !== "template") return { kind: "freeForm", ...envelope, content: freeForm(content) };
  const { name, language } = content;
  return { kind: "template", ...envelope, template: { name, language }, ...templateParts(content, find(name, language)) };
}

type TemplateParts = Pick<TemplateDraft, "header" | "body" | "footer" | "buttons" | "limitedTimeOffer" | "carousel">;

function templateParts(content: TemplateContent, components: TemplateComponent[] | undefined): TemplateParts {
  const footer = component(components, "FOOTER")?.text;
  const offer = component(components, "LIMITED_TIME_OFFER")?.limited_time_offer?.text;
  const cards = component(components, "CAROUSEL")?.cards ?? [];
  const limitedTimeOffer = { ...(offer !== undefined && { text: offer }), ...(content.expiresAtMs !== undefined && { expiresAtMs: content.expiresAtMs }) };
  return {
    ...part(content, components),
    ...(footer && { footer }),
    ...(Object.keys(limitedTimeOffer).length > 0 && { limitedTimeOffer }),
    ...(content.cards && content.cards.length > 0 && { carousel: content.cards.map((card, i) => part(card, cards[i]?.components)) }),
  };
}

/** Header, body and buttons, of the message itself or of one card. */
function part(values: CardValue, components: readonly TemplateComponent[] | undefined): Card {
  const header = headerOf(values.header, component(components, "HEADER"));
  const bodyText = component(components, "BODY")?.text;
  const texts = values.body ?? [];
  return {
    ...(header && { header }),
    ...((bodyText !== undefined || texts.length > 0) && { body: filled(bodyText, texts) }),
    buttons: buttonsOf(values.buttons ?? [], component(components, "BUTTONS")?.buttons),
  };
}

function headerOf(value: HeaderValue | undefined, header: TemplateComponent | undefined): Header | undefined {
  if (value === undefined || value.kind === "text") {
    const isText = header === undefined ? value?.text !== undefined : header.format === undefined || header.format.toUpperCase() === "TEXT";
    if (!isText) return undefined;
    return { kind: "text", ...filled(header?.text, value?.text === undefined ? [] : [{ ...value, text: value.text }]) };
  }
  if (value.kind === "location") return { kind: "location", ...placeOf(value.location) };
  const mediaUrl = linkOf(value.media);
  const { filename } = value.media;
  return value.kind === "document" ? { kind: "document", mediaUrl, ...(filename && { filename }) } : { kind: value.kind, mediaUrl };
}

/** The text with its variables filled in, and the values in the order in which the text names them. */
function filled(text: string | undefined, values: readonly TextValue[]): FilledText {
  const names = text === undefined ? [] : variablesIn(text);
  const named = new Map(values.flatMap(({ name, text: value }) => (name === undefined ? [] : [[name, value] as const])));
  const parameters = named.size > 0 && names.every((name) => named.has(name)) && names.length > 0 ? names.map((name) => named.get(name)!) : values.map((value) => value.text);
  const byName = new Map(names.map((name, i) => [name, parameters[i]]));
  return { text: fillVariables(text ?? "", (name) => byName.get(name)), parameters };
}

type TemplateButton = NonNullable<TemplateComponent["buttons"]>[number];

function buttonsOf(values: readonly ButtonValue[], buttons: readonly TemplateButton[] | undefined): Button[] {
  if (values.some((value) => value.kind === "flow")) throw new Unsayable("A flow cannot be sent through a generic provider", "The contract has buttons for replies, links, calls and codes.");
  if (buttons === undefined) return values.map((value) => buttonOf(value, {}));
  const byIndex = new Map(values.map((value) => [value.index, value]));
  return buttons.flatMap((button, index): Button[] => {
    const value = byIndex.get(index);
    const base = { index, ...(button.text && { text: button.text }) };
    switch (button.type.toUpperCase()) {
      case "URL":
        return value ? [buttonOf(value, base)] : [{ ...base, kind: "staticUrl", ...(button.url && { value: button.url }) }];
      case "PHONE_NUMBER":
        return [{ ...base, kind: "callPhone", ...(button.phone_number && { value: button.phone_number }) }];
      case "OTP":
        return value?.kind === "url" ? [{ ...base, kind: "copyCode", value: value.suffix }] : [];
      case "QUICK_REPLY":
        return [value ? buttonOf(value, base) : { ...base, kind: "quickReply" }];
      default:
        return value ? [buttonOf(value, base)] : [];
    }
  });
}

function buttonOf(value: ButtonValue, { text }: { text?: string }): Button {
  const base = { index: value.index, ...(text !== undefined && { text }) };
  switch (value.kind) {
    case "url":
      return { ...base, kind: "dynamicUrl", value: value.suffix };
    case "copyCode":
      return { ...base, kind: "copyCode", value: value.code };
    case "quickReply":
      return { ...base, kind: "quickReply", value: value.payload };
    case "flow":
      throw new Unsayable("A flow cannot be sent through a generic provider", "The contract has buttons for replies, links, calls and codes.");
  }
}

function freeForm(content: Exclude<MessageContent, TemplateContent>): FreeFormContent {
  switch (content.type) {
    case "text":
      return { kind: "text", text: content.text };
    case "image":
    case "video":
      return { kind: content.type, mediaUrl: linkOf(content.media), ...captionOf(content.media) };
    case "document": {
      const { filename } = content.media;
      return { kind: "document", mediaUrl: linkOf(content.media), ...captionOf(content.media), ...(filename && { filename }) };
    }
    case "audio":
      return { kind: "audio", mediaUrl: linkOf(content.media) };
    case "location":
      return { kind: "location", ...placeOf(content.location) };
    case "sticker":
    case "contacts":
    case "interactive":
    case "reaction":
      throw new Unsayable(`A generic provider takes no ${nouns[content.type]}`, "The contract has text, image, video, audio, document and location.");
  }
}

const nouns = { sticker: "stickers", contacts: "contacts", interactive: "lists or reply buttons outside templates", reaction: "reactions" };

/** A provider of the contract fetches files itself; an id is known to the Cloud API alone. */
function linkOf({ link }: Media): string {
  if (link === undefined) throw new Unsayable("The file has no link", "A generic provider is given a link to each file.");
  return link;
}

function captionOf({ caption }: Media): { caption?: string } {
  return caption ? { caption } : {};
}

function placeOf({ latitude, longitude, name, address }: Place): Place {
  return { latitude: plainDegrees(latitude), longitude: plainDegrees(longitude), ...(name && { name }), ...(address && { address }) };
}

function component(components: readonly TemplateComponent[] | undefined, type: string): TemplateComponent | undefined {
  return components?.find((each) => each.type.toUpperCase() === type);
}
