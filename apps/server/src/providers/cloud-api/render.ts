/**
 * Neutral content in the Cloud API's words. Names only what has a value: Meta refuses a component for something fixed.
 *
 * Source: Meta, WhatsApp Cloud API, "Messages" and "Template messages".
 */
import type { ButtonValue, CardValue, HeaderValue, Media, MessageContent, Place, TemplateContent, TextValue } from "@tincan/api";
import type {
  ButtonComponent, ContactCard, HeaderParameter, Interactive, Location, MediaReference, SendBody, SendCard, SendComponent, SendContent, TextParameter,
} from "@tincan/whatsapp";
import type { OutboundMessage } from "../../ledger/claim.ts";
import { plainDegrees } from "../degrees.ts";

/** A business-scoped user id: country code, dot, letters and digits (Meta: business-scoped user IDs). */
const businessScopedUserId = /^[A-Z]{2}\./;

/** Null for the one thing that cannot be said: a reaction to a message whose id at Meta is not known. */
export function renderMessage(message: OutboundMessage): SendBody | null {
  const { content, replyToWireId } = message;
  if (content.type === "reaction" && !replyToWireId) return null;
  return {
    messaging_product: "whatsapp",
    recipient_type: "individual",
    ...(businessScopedUserId.test(message.recipient) ? { recipient: message.recipient } : { to: message.recipient }),
    biz_opaque_callback_data: message.messageId,
    ...(replyToWireId && content.type !== "reaction" && { context: { message_id: replyToWireId } }),
    ...renderContent(content, replyToWireId ?? ""),
  };
}

function renderContent(content: MessageContent, replyToWireId: string): SendContent {
  switch (content.type) {
    case "template":
      return { type: "template", template: { name: content.name, language: { code: content.language }, ...listed(templateComponents(content)) } };
    case "text":
      return { type: "text", text: { body: content.text, ...(content.previewUrl !== undefined && { preview_url: content.previewUrl }) } };
    case "image":
      return { type: "image", image: { ...reference(content.media), ...captionOf(content.media) } };
    case "video":
      return { type: "video", video: { ...reference(content.media), ...captionOf(content.media) } };
    case "document":
      return { type: "document", document: { ...reference(content.media), ...captionOf(content.media), ...filenameOf(content.media) } };
    case "audio":
      return { type: "audio", audio: { ...reference(content.media), ...(content.media.voice && { voice: true }) } };
    case "sticker":
      return { type: "sticker", sticker: reference(content.media) };
    case "location":
      return { type: "location", location: location(content.location) };
    // Both wires take contacts and interactive messages in Meta's own shape, so the neutral form is that shape.
    case "contacts":
      return { type: "contacts", contacts: content.contacts as ContactCard[] };
    case "interactive":
      return { type: "interactive", interactive: content.interactive as unknown as Interactive };
    case "reaction":
      return { type: "reaction", reaction: { message_id: replyToWireId, emoji: content.emoji } };
  }
}

function listed(components: SendComponent[]): { components?: SendComponent[] } {
  return components.length > 0 ? { components } : {};
}

/** The components of a template send, in the order Meta's own examples have. */
export function templateComponents(content: TemplateContent): SendComponent[] {
  const components: SendComponent[] = [...headerAndBody(content)];
  if (content.expiresAtMs !== undefined) {
    components.push({
      type: "limited_time_offer",
      parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: content.expiresAtMs } }],
    });
  }
  if (content.cards && content.cards.length > 0) components.push({ type: "carousel", cards: content.cards.map(card) });
  for (const value of content.buttons ?? []) components.push(button(value));
  return components;
}

function card(value: CardValue, index: number): SendCard {
  return { card_index: index, components: [...headerAndBody(value), ...(value.buttons ?? []).map(button)] };
}

function headerAndBody(values: { header?: HeaderValue; body?: TextValue[] }): SendCard["components"] {
  const header = values.header && headerParameter(values.header);
  return [
    ...(header ? [{ type: "header" as const, parameters: [header] }] : []),
    ...(values.body && values.body.length > 0 ? [{ type: "body" as const, parameters: values.body.map(textParameter) }] : []),
  ];
}

function headerParameter(header: HeaderValue): HeaderParameter | undefined {
  switch (header.kind) {
    case "text":
      return header.text === undefined ? undefined : textParameter({ ...header, text: header.text });
    case "image":
      return { type: "image", image: reference(header.media) };
    case "video":
      return { type: "video", video: reference(header.media) };
    case "document":
      return { type: "document", document: { ...reference(header.media), ...filenameOf(header.media) } };
    case "location":
      return { type: "location", location: location(header.location) };
  }
}

function textParameter({ name, text }: TextValue): TextParameter {
  return name === undefined ? { type: "text", text } : { type: "text", parameter_name: name, text };
}

function button(value: ButtonValue): ButtonComponent {
  const place = { type: "button" as const, index: String(value.index) };
  switch (value.kind) {
    case "quickReply":
      return { ...place, sub_type: "quick_reply", parameters: [{ type: "payload", payload: value.payload }] };
    case "url":
      return { ...place, sub_type: "url", parameters: [{ type: "text", text: value.suffix }] };
    case "copyCode":
      return { ...place, sub_type: "copy_code", parameters: [{ type: "coupon_code", coupon_code: value.code }] };
    case "flow": {
      // The neutral form leaves a flow's first data open; Meta takes any object.
      const data = value.data === undefined ? {} : { flow_action_data: value.data as Record<string, unknown> };
      const token = value.token === undefined ? {} : { flow_token: value.token };
      return { ...place, sub_type: "flow", parameters: [{ type: "action", action: { ...token, ...data } }] };
    }
  }
}

/** An id wins over a link, so that exactly one of them is sent. */
function reference(media: Media): MediaReference {
  return media.id === undefined ? { link: media.link ?? "" } : { id: media.id };
}

function captionOf({ caption }: Media): { caption?: string } {
  return caption === undefined || caption === "" ? {} : { caption };
}

function filenameOf({ filename }: Media): { filename?: string } {
  return filename === undefined || filename === "" ? {} : { filename };
}

function location({ latitude, longitude, name, address }: Place): Location {
  return { latitude: plainDegrees(latitude), longitude: plainDegrees(longitude), ...(name !== undefined && { name }), ...(address !== undefined && { address }) };
}
