/** A message somebody sent to a business number, in neutral words. */
export interface NewInbound {
  providerId: string;
  /** The provider's id of it; a repeat of the same id is ignored. */
  wireId: string;
  /** E.164 with "+", or the business-scoped user id of somebody who has never shown a number. */
  sender: string;
  senderUserId?: string | undefined;
  /** The sender's number as WhatsApp writes it, where the business writes it otherwise: the window is open under both. */
  writtenAs?: string | undefined;
  profileName?: string | undefined;
  /** text, image, video, audio, document, sticker, location, contacts, reaction, button, list, flow, order, system, unsupported … */
  type: string;
  content: InboundContent;
  /** As the provider sent it. */
  raw: unknown;
  /** The provider's id of the message this one answers. */
  replyToWireId?: string | undefined;
  /** Our id of the message this one answers, where the wire carries that instead. */
  replyToMessageId?: string | undefined;
  occurredAt: Date;
}

/** Everything a reader needs to show or pass on what was said; kinds without a field here live in `raw` alone. */
export interface InboundContent {
  text?: string;
  media?: { kind: "image" | "video" | "audio" | "document" | "sticker"; wireMediaId: string; mimeType: string; caption?: string; filename?: string; voice?: boolean };
  location?: { latitude: string; longitude: string; name?: string; address?: string; url?: string };
  /** A pressed button or picked row: what the business had put behind it, and what the person saw. */
  choice?: { payload: string; text: string };
  /** An empty emoji takes an earlier reaction back. */
  reaction?: { emoji: string; wireId: string };
  /** Cards of people or businesses; numbers as they were written. */
  contacts?: { name: string; phones: string[] }[];
}

/** A stored inbound message, as listeners get it. */
export interface InboundMessage extends NewInbound {
  id: string;
  /** Our message it answers, when we know it. */
  replyTo?: { messageId: string; originKind: string; originId: string; externalId: string | null; recipient: string } | undefined;
}
