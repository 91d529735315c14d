/**
 * What a provider's callback says, in the ledger's words (CleverTap: Generic WhatsApp, delivery report and inbound message callbacks).
 *
 * The two kinds are told apart by what the body holds, not by the address it came to: providers with one field for both post both to
 * one. A list of bodies is read like its elements one by one, and a single report may stand without the list around it.
 */
import { createHash } from "node:crypto";
import { isUtf8 } from "node:buffer";
import {
  callbackCodes, isCallbackCode, isStorableJson, parseInboundCallback, parseStatusCallback, type InboundMessage, type StatusReport,
} from "@tincan/clevertap";
import type { InboundContent as NeutralContent, NewInbound } from "../../ledger/inbound-message.ts";
import type { Receipt } from "../../ledger/types.ts";
import { plainDegrees } from "../degrees.ts";

/** Everything one body says. `refused` are sentences about parts that could not be read. */
export interface CallbackContent {
  receipts: Receipt[];
  inbound: Omit<NewInbound, "providerId">[];
  /** Reports about messages that cannot be ours: our msgIds are message ids. */
  foreign: number;
  refused: string[];
}

/** Elements of one body; a provider that has more to say sends it in parts. */
const MOST_BODIES = 10_000;
const MINUTE_MS = 60_000;

/** Never throws, whatever the bytes. @param now stands in for a time that is missing, or lies in the future */
export function readCallback(bytes: Buffer, now: Date): CallbackContent {
  const content: CallbackContent = { receipts: [], inbound: [], foreign: 0, refused: [] };
  const refuse = (why: string): CallbackContent => ({ ...content, refused: [why] });
  if (bytes.length === 0) return refuse("body: expected a JSON object, found nothing");
  if (!isUtf8(bytes)) return refuse("body: expected UTF-8 text");
  let json: unknown;
  try {
    json = JSON.parse(bytes.toString("utf8"));
  } catch {
    return refuse("body: expected a JSON object, found text that is not JSON");
  }
  const bodies: unknown[] = Array.isArray(json) ? json : [json];
  if (bodies.length > MOST_BODIES) return refuse(`body: expected at most ${MOST_BODIES} elements`);
  for (const body of bodies) readOne(body, content, now);
  if (bodies.length === 0) return refuse("body: expected a JSON object, found an empty list");
  return content;
}

function readOne(body: unknown, content: CallbackContent, now: Date): void {
  const has = (member: string): boolean => typeof body === "object" && body !== null && Object.hasOwn(body, member);
  if (has("statuses")) return readStatuses(body, content, now);
  if (has("status") && !has("from")) return readStatuses({ statuses: [body] }, content, now);
  return readInbound(body, content, now);
}

function readStatuses(body: unknown, content: CallbackContent, now: Date): void {
  const parsed = parseStatusCallback(body);
  if (!parsed.ok) {
    content.refused.push(parsed.error.message);
    return;
  }
  for (const error of parsed.value.rejected) content.refused.push(error.message);
  for (const report of parsed.value.statuses) {
    if (ours.test(report.msgId)) content.receipts.push(receiptOf(report, now));
    else content.foreign++;
  }
}

const ours = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

function receiptOf(report: StatusReport, now: Date): Receipt {
  const receipt: Receipt = { messageId: report.msgId.toLowerCase(), status: report.status, at: timeOf(report.timestamp, now) };
  if (report.status === "failed") {
    const { code, title } = report.error;
    const known = isCallbackCode(code) ? callbackCodes[code] : undefined;
    receipt.error = { source: "provider", code, title: known ?? (title || "The provider reported a failure"), ...(title !== "" && title !== known && { details: title.slice(0, 500) }) };
  }
  if (report.status === "clicked" && report.url !== undefined && report.shortUrl !== undefined) {
    const { url, shortUrl, userAgent } = report;
    receipt.click = { url: cut(url), shortUrl: cut(shortUrl), ...(userAgent !== undefined && { userAgent: cut(userAgent) }) };
  }
  return receipt;
}

/** An address has at most 2,000 characters in WhatsApp; nothing that is told on needs more. */
function cut(text: string): string {
  return text.slice(0, 2_000).toWellFormed();
}

function readInbound(body: unknown, content: CallbackContent, now: Date): void {
  const parsed = parseInboundCallback(body);
  if (!parsed.ok) {
    content.refused.push(parsed.error.message);
    return;
  }
  const message = parsed.value;
  if (message.fromE164 === null) {
    content.refused.push("from: expected a phone number with its country code");
    return;
  }
  if (!isStorableJson(body)) {
    content.refused.push("body: expected text without NUL, nested at most 64 deep");
    return;
  }
  content.inbound.push(inboundOf(message, message.fromE164, body, now));
}

function inboundOf(message: InboundMessage, sender: string, raw: unknown, now: Date): Omit<NewInbound, "providerId"> {
  const { type, content } = neutral(message.content);
  // The contract has no id for what people send; the same body again is the same message. Without a time of its own it is so for a minute
  // only: people say the same again.
  const minute = message.timestamp === null ? ` ${Math.floor(now.getTime() / MINUTE_MS)}` : "";
  return {
    wireId: `sha256:${createHash("sha256").update(JSON.stringify(raw) + minute).digest("base64url")}`,
    sender,
    type,
    content,
    raw,
    replyToMessageId: message.replyTo !== undefined && ours.test(message.replyTo) ? message.replyTo.toLowerCase() : undefined,
    occurredAt: timeOf(message.timestamp, now),
  };
}

function neutral(content: InboundMessage["content"]): { type: string; content: NeutralContent } {
  switch (content.kind) {
    case "text":
      return { type: "text", content: { text: content.text } };
    case "button":
      return { type: "button", content: { choice: { payload: content.payload, text: content.text } } };
    case "location": {
      const { kind, latitude, longitude, ...said } = content;
      return { type: kind, content: { location: { latitude: plainDegrees(latitude), longitude: plainDegrees(longitude), ...said } } };
    }
    // Kept as it came: it opens the window, and the conversation shows that something was said.
    case "unknown":
      return { type: content.type, content: {} };
    default: {
      const { kind, mediaUrl, mimeType } = content;
      const caption = content.kind === "audio" ? undefined : content.caption;
      // The provider's id of a file is its address.
      return { type: kind, content: { media: { kind, wireMediaId: mediaUrl, mimeType: mimeTypeOf(kind, mimeType), ...(caption && { caption }) } } };
    }
  }
}

/** Some senders give a MIME type, some a file extension (CleverTap: Generic WhatsApp, inbound samples). */
function mimeTypeOf(kind: "image" | "video" | "audio" | "document", given: string | undefined): string {
  if (given === undefined) return "application/octet-stream";
  if (given.includes("/")) return given.slice(0, 100);
  const extension = given.toLowerCase().replace(/^\./, "");
  return extensions[extension] ?? (kind === "document" || !/^[a-z0-9]{1,10}$/.test(extension) ? "application/octet-stream" : `${kind}/${extension}`);
}

const extensions: Record<string, string> = { jpg: "image/jpeg", mp3: "audio/mpeg", m4a: "audio/mp4", pdf: "application/pdf", txt: "text/plain" };

/** Unix seconds. None, and a time that has yet to come, count as now: a clock that runs ahead must not keep a window open for longer than 24 hours. */
function timeOf(seconds: number | null, now: Date): Date {
  const ms = (seconds ?? 0) * 1000;
  return ms > 0 && ms < now.getTime() ? new Date(ms) : now;
}
