import { Fields, isJsonObject, wordLookup } from "./fields.ts";
import { normaliseLanguage } from "./language.ts";
import { readCustomProps, readMediaUrl, readParts, readPlace } from "./parse-components.ts";
import { attempt, type Parsed } from "./parsed.ts";
import { toE164 } from "./phone.ts";
import type { FreeFormContent, FreeFormRequest, SendRequest, TemplateRequest } from "./send-request.ts";
import { TRIAL_MSG_ID } from "./special-requests.ts";
import { isStorable } from "./storable.ts";

/** CleverTap documents 60 characters; more are taken, but not without end, since the id is a database key. */
const MSG_ID_LIMIT = 255;

const freeFormKind = wordLookup<FreeFormContent["kind"]>({
  text: "text",
  image: "image",
  video: "video",
  audio: "audio",
  file: "document",
  document: "document",
  location: "location",
});

/**
 * Reads what CleverTap posts to a provider's endpoint (CleverTap: Generic WhatsApp, outbound).
 * Forgives every difference its pages show; unknown fields never fail a request.
 *
 * Error codes are those of the answer: 2001 for what stands inside a template's components, 2002 for a recipient that is
 * no number at all, 2004 for the rest. Whether `to` is a real number is the caller's check; `toE164` is null if it has not even the form.
 */
export function parseSendRequest(json: unknown): Parsed<SendRequest> {
  return attempt(() => {
    const top = Fields.of(json, 2004);
    // The request of a provider being saved is printed inside a "body" object on one page and bare on others.
    const wrapped = top.source.isTemplate === undefined && isJsonObject(top.source.body);
    return readRequest(wrapped ? top.object("body") : top);
  });
}

function readRequest(body: Fields): SendRequest {
  const msgId = readMsgId(body);
  const to = readRecipient(body);
  const wabaNumber = body.text("wabaNumber", "the business number");
  const envelope = { msgId, to, toE164: toE164(to), wabaNumber, wabaNumberE164: toE164(wabaNumber) };
  return body.boolean("isTemplate") ? readTemplate(body, envelope) : readFreeForm(body, envelope);
}

type Envelope = Pick<SendRequest, "msgId" | "to" | "toE164" | "wabaNumber" | "wabaNumberE164">;

/** The id as it came, under either of its two names. Never trimmed or converted: callbacks must repeat it byte for byte. */
export function readMsgId(body: Fields): string {
  const key = body.has("msgId") || !body.has("msg_id") ? "msgId" : "msg_id";
  const msgId = body.source[key];
  if (typeof msgId !== "string" || msgId === "" || msgId.length > MSG_ID_LIMIT || !isStorable(msgId)) {
    return body.refuse(key, `a text of 1 to ${MSG_ID_LIMIT} characters`);
  }
  return msgId;
}

function readRecipient(body: Fields): string {
  const to = body.optionalText("to") ?? body.refuse("to", "a phone number");
  return to.trim() === "" || to.length > 64 ? body.refuse("to", "a phone number", 2002) : to;
}

function readTemplate(body: Fields, envelope: Envelope): TemplateRequest {
  const template = body.object("template");
  const name = template.text("namespace", "the template's name");
  const language = normaliseLanguage(template.text("languageCode", "a language code such as en_US"));
  const components = body.elements("components", 2001);
  return {
    kind: "template",
    ...envelope,
    template: { name, language },
    ...readParts(components, envelope.msgId === TRIAL_MSG_ID),
    customProps: readCustomProps(body, components),
  };
}

function readFreeForm(body: Fields, envelope: Envelope): FreeFormRequest {
  const kind = freeFormKind(body.source.type) ?? body.refuse("type", "text, image, video, audio, file or location");
  return { kind: "freeForm", ...envelope, content: readContent(body, kind), customProps: readCustomProps(body, []) };
}

function readContent(body: Fields, kind: FreeFormContent["kind"]): FreeFormContent {
  switch (kind) {
    case "text":
      return { kind, text: body.object("text").text("body") };
    case "location":
      return { kind, ...readPlace(body.object("location")) };
    case "audio":
      return { kind, mediaUrl: readMediaUrl(body.object("audio")) };
    case "document": {
      const file = body.has("file") ? body.object("file") : body.object("document");
      const caption = file.optionalText("caption");
      const filename = file.optionalText("filename");
      return { kind, mediaUrl: readMediaUrl(file), ...(caption && { caption }), ...(filename && { filename }) };
    }
    default: {
      const media = body.object(kind);
      const caption = media.optionalText("caption");
      return { kind, mediaUrl: readMediaUrl(media), ...(caption && { caption }) };
    }
  }
}
