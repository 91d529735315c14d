import type { InboundMessage } from "@tincan/whatsapp";
import type { InboundContent, NewInbound } from "../../ledger/inbound-message.ts";
import { plainDegrees } from "../degrees.ts";
import { personId } from "./person-id.ts";

/**
 * A message somebody sent, in the ledger's words; undefined for what is no message of one person to the business: a group's
 * message, and news about a person's number or identity, which opens no conversation.
 */
export function readInbound(message: InboundMessage, now: Date): Omit<NewInbound, "providerId"> | undefined {
  const { from, content, context } = message;
  const sender = from.waId ?? from.userId;
  if (sender === undefined || message.groupId !== undefined || content.type === "system") return undefined;
  return {
    wireId: message.wireId,
    sender: personId(sender),
    senderUserId: from.userId,
    profileName: from.name,
    ...neutral(content),
    raw: message.raw,
    replyToWireId: content.type === "reaction" ? content.messageId : context?.id,
    occurredAt: message.at === undefined ? now : new Date(message.at),
  };
}

/** Meta's own most is 257 (Meta: contacts messages). */
const MOST_CARDS = 257;

function card(contact: Record<string, unknown>): { name: string; phones: string[] } {
  const { name, phones } = contact;
  const formatted = typeof name === "object" && name !== null && "formatted_name" in name ? name.formatted_name : undefined;
  const numbers = (Array.isArray(phones) ? (phones as unknown[]) : []).flatMap((each) => (typeof each === "object" && each !== null && "phone" in each && typeof each.phone === "string" ? [each.phone] : []));
  return { name: typeof formatted === "string" ? formatted : "", phones: numbers };
}

function neutral(content: InboundMessage["content"]): { type: string; content: InboundContent } {
  switch (content.type) {
    case "text":
      return { type: "text", content: { text: content.body } };
    case "image":
    case "video":
    case "audio":
    case "document":
    case "sticker": {
      const { id, mimeType = "application/octet-stream", caption, filename, voice } = content.media;
      const said = { ...(caption !== undefined && { caption }), ...(filename !== undefined && { filename }), ...(voice !== undefined && { voice }) };
      return { type: content.type, content: { media: { kind: content.type, wireMediaId: id, mimeType, ...said } } };
    }
    case "location": {
      const { latitude, longitude, name, address, url } = content;
      const said = { ...(name !== undefined && { name }), ...(address !== undefined && { address }), ...(url !== undefined && { url }) };
      return { type: "location", content: { location: { latitude: plainDegrees(latitude), longitude: plainDegrees(longitude), ...said } } };
    }
    case "reaction":
      return { type: "reaction", content: { reaction: { emoji: content.emoji ?? "", wireId: content.messageId } } };
    case "contacts":
      return { type: "contacts", content: { contacts: content.contacts.slice(0, MOST_CARDS).map(card) } };
    case "button":
      return { type: "button", content: { choice: { payload: content.payload ?? content.text, text: content.text } } };
    case "buttonReply":
      return { type: "button", content: { choice: { payload: content.id, text: content.title } } };
    case "listReply":
      return { type: "list", content: { choice: { payload: content.id, text: content.title } } };
    case "flowReply":
      return { type: "flow", content: { choice: { payload: content.responseJson ?? "", text: content.body ?? content.name ?? "" } } };
    case "order":
      return { type: "order", content: content.text === undefined ? {} : { text: content.text } };
    case "unknown":
      return { type: content.wireType || "unknown", content: {} };
    default:
      return { type: content.type, content: {} };
  }
}
