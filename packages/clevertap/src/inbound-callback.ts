import { Fields, wordLookup } from "./fields.ts";
import { attempt, type Parsed } from "./parsed.ts";
import { readMediaUrl, readPlace } from "./parse-components.ts";
import { toE164 } from "./phone.ts";
import type { Place } from "./send-request.ts";
import { isStorable } from "./storable.ts";
import { readSeconds } from "./timestamp.ts";

/** What a person sent. `mimeType` is a MIME type from some senders and a file extension from others. */
export type InboundContent =
  | { kind: "text"; text: string }
  | { kind: "image" | "video" | "document"; mediaUrl: string; mimeType?: string; caption?: string }
  | { kind: "audio"; mediaUrl: string; mimeType?: string }
  | ({ kind: "location"; url?: string } & Place)
  /** A pressed quick reply; `payload` is the one that was sent out with the button. */
  | { kind: "button"; payload: string; text: string };

/** A message from a person to the business. */
export interface InboundDraft {
  /** The person's number; goes out in digits, without "+". */
  from: string;
  wabaNumber: string;
  /** Unix seconds. */
  timestamp: number;
  /** The msgId of the message this one answers. */
  replyTo?: string;
  content: InboundContent;
}

/** An inbound message as received; `timestamp` is null when the sender gave no usable one. What is of a type the contract has no word for is `unknown`. */
export interface InboundMessage extends Omit<InboundDraft, "timestamp" | "content"> {
  fromE164: string | null;
  wabaNumberE164: string | null;
  timestamp: number | null;
  content: InboundContent | { kind: "unknown"; type: string };
}

const inboundKind = wordLookup<InboundContent["kind"]>({
  text: "text",
  image: "image",
  video: "video",
  audio: "audio",
  voice: "audio",
  file: "document",
  document: "document",
  location: "location",
  button: "button",
});

/** Reads an inbound message callback, one message per body (CleverTap: Generic WhatsApp, inbound). An error carries the code 400. */
export function parseInboundCallback(json: unknown): Parsed<InboundMessage> {
  return attempt(() => {
    const body = Fields.of(json, 400);
    const from = body.text("from", "a phone number");
    const wabaNumber = body.text("wabaNumber", "the business number");
    const replyTo = body.optionalObject("context")?.optionalText("id");
    return {
      from,
      fromE164: toE164(from),
      wabaNumber,
      wabaNumberE164: toE164(wabaNumber),
      timestamp: readSeconds(body.source.timestamp),
      ...(replyTo && { replyTo }),
      content: readContent(body),
    };
  });
}

/** Longer words name no type. */
const TYPE_LENGTH = 40;

function readContent(body: Fields): InboundMessage["content"] {
  const kind = inboundKind(body.source.type);
  if (kind === undefined) {
    const { type } = body.source;
    if (typeof type !== "string" || type === "" || type.length > TYPE_LENGTH || !isStorable(type)) return body.refuse("type", "text, image, video, audio, voice, file, location or button");
    return { kind: "unknown", type };
  }
  switch (kind) {
    case "text":
      return { kind, text: body.object("text").text("body") };
    case "button": {
      const button = body.object("button");
      const text = button.optionalText("text") ?? "";
      return { kind, payload: button.optionalText("payload") ?? text, text };
    }
    case "location": {
      const location = body.object("location");
      const url = location.optionalText("url");
      return { kind, ...readPlace(location), ...(url && { url }) };
    }
    case "audio": {
      const media = eitherObject(body, "audio", "voice");
      return { kind, mediaUrl: readMediaUrl(media), ...readMimeType(media) };
    }
    default: {
      const media = kind === "document" ? eitherObject(body, "file", "document") : body.object(kind);
      const caption = media.optionalText("caption");
      return { kind, mediaUrl: readMediaUrl(media), ...readMimeType(media), ...(caption && { caption }) };
    }
  }
}

/** The contract's pages name the same object in two ways. */
function eitherObject(body: Fields, first: string, second: string): Fields {
  return body.optionalObject(first) ?? body.optionalObject(second) ?? body.refuse(first, "an object");
}

function readMimeType(media: Fields): { mimeType?: string } {
  const mimeType = media.optionalText("mimeType") ?? media.optionalText("mimetype");
  return mimeType ? { mimeType } : {};
}

export interface WireInboundCallback {
  payloadVersion: "0.1";
  from: string;
  wabaNumber: string;
  timestamp: string;
  type: "text" | "image" | "video" | "audio" | "file" | "location" | "button";
  context?: { id: string };
  [content: string]: unknown;
}

/**
 * Builds an inbound message callback. A document goes out as `type: "file"` with its object under both `file` and `document`,
 * because CleverTap's table and sample disagree. A place always has an address, if an empty one: the table marks its name and URL alone as
 * optional. `mediaURL` must open without any header of ours.
 */
export function buildInboundCallback(message: InboundDraft): WireInboundCallback {
  const { from, wabaNumber, timestamp, replyTo, content } = message;
  return {
    payloadVersion: "0.1",
    from: from.startsWith("+") ? from.slice(1) : from,
    wabaNumber,
    timestamp: String(Math.floor(timestamp)),
    ...(replyTo && { context: { id: replyTo } }),
    ...wireContent(content),
  };
}

function wireContent(content: InboundContent): Pick<WireInboundCallback, "type"> & Record<string, unknown> {
  switch (content.kind) {
    case "text":
      return { type: "text", text: { body: content.text } };
    case "button":
      return { type: "button", button: { payload: content.payload, text: content.text } };
    case "location": {
      const { kind, address = "", ...location } = content;
      return { type: kind, location: { ...location, address } };
    }
    case "audio":
      return { type: "audio", audio: wireMedia(content) };
    case "document": {
      const file = wireMedia(content);
      return { type: "file", file, document: file };
    }
    default:
      return { type: content.kind, [content.kind]: wireMedia(content) };
  }
}

function wireMedia(media: { mediaUrl: string; mimeType?: string; caption?: string }): Record<string, string> {
  const { mediaUrl, mimeType, caption } = media;
  return { mediaURL: mediaUrl, ...(mimeType && { mimeType }), ...(caption && { caption }) };
}
