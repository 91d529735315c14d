/**
 * Reading one inbound message.
 *
 * Source: Meta, "Webhooks: messages" reference, one page per type.
 */
import { asBoolean, asId, asNumber, asObject, asObjects, asText, defined, type JsonObject } from "../json.ts";
import { readErrors, readPerson, readTime } from "./people.ts";
import type { InboundContent, InboundMedia, InboundMessage, MessageContext, Origin, Referral } from "./types.ts";

/** The message, or undefined if it has no id. */
export function readInbound(origin: Origin, contacts: JsonObject[], message: JsonObject): InboundMessage | undefined {
  const wireId = asText(message["id"]);
  if (!wireId) return undefined;
  const type = asText(message["type"]) ?? "";
  return defined({
    origin,
    wireId,
    at: readTime(message["timestamp"]),
    from: readPerson(contacts, message["from"], message["from_user_id"], message["from_parent_user_id"]),
    groupId: asText(message["group_id"]),
    context: readContext(message["context"]),
    referral: readReferral(message["referral"]),
    content: readContent(type, message) ?? { type: "unknown" as const, wireType: type },
    errors: readErrors(message["errors"]),
    raw: message,
  });
}

function readContent(type: string, message: JsonObject): InboundContent | undefined {
  const body = asObject(message[type]) ?? {};
  switch (type) {
    case "text": {
      const text = asText(body["body"]);
      return text === undefined ? undefined : { type, body: text };
    }
    case "image":
    case "video":
    case "document":
    case "sticker":
    case "audio": {
      const media = readMedia(body);
      return media && { type, media };
    }
    case "location": {
      const latitude = asNumber(body["latitude"]);
      const longitude = asNumber(body["longitude"]);
      if (latitude === undefined || longitude === undefined) return undefined;
      return defined({ type, latitude, longitude, name: asText(body["name"]), address: asText(body["address"]), url: asText(body["url"]) });
    }
    case "contacts":
      return { type, contacts: asObjects(message["contacts"]) };
    case "reaction": {
      const messageId = asText(body["message_id"]);
      return messageId === undefined ? undefined : { type, messageId, emoji: asText(body["emoji"]) || null };
    }
    case "button": {
      const text = asText(body["text"]);
      return text === undefined ? undefined : defined({ type, payload: asText(body["payload"]), text });
    }
    case "interactive":
      return readInteractive(body);
    case "order":
      return defined({
        type,
        catalogId: asId(body["catalog_id"]),
        text: asText(body["text"]),
        items: asObjects(body["product_items"]).map((item) =>
          defined({
            productRetailerId: asId(item["product_retailer_id"]),
            quantity: asNumber(item["quantity"]),
            itemPrice: asNumber(item["item_price"]),
            currency: asText(item["currency"]),
          }),
        ),
      });
    case "system":
      return defined({
        type,
        kind: asText(body["type"]),
        body: asText(body["body"]),
        newWaId: asId(body["wa_id"]) ?? asId(body["new_wa_id"]),
        newUserId: asText(body["user_id"]),
        previousUserId: asText(body["previous_user_id"]),
      });
    case "edit": {
      const originalMessageId = asText(body["original_message_id"]);
      const edited = asObject(body["message"]);
      return originalMessageId === undefined || !edited ? undefined : { type, originalMessageId, message: edited };
    }
    case "revoke": {
      const originalMessageId = asText(body["original_message_id"]);
      return originalMessageId === undefined ? undefined : { type, originalMessageId };
    }
    case "unsupported":
      return defined({ type, kind: asText(body["type"]) });
    default:
      return undefined;
  }
}

function readMedia(body: JsonObject): InboundMedia | undefined {
  const id = asId(body["id"]);
  if (id === undefined) return undefined;
  return defined({
    id,
    mimeType: asText(body["mime_type"]),
    sha256: asText(body["sha256"]),
    url: asText(body["url"]),
    caption: asText(body["caption"]),
    filename: asText(body["filename"]),
    animated: asBoolean(body["animated"]),
    voice: asBoolean(body["voice"]),
  });
}

function readInteractive(body: JsonObject): InboundContent | undefined {
  const kind = asText(body["type"]) ?? "";
  const reply = asObject(body[kind]);
  if (!reply) return undefined;
  const id = asText(reply["id"]);
  const title = asText(reply["title"]) ?? "";
  switch (kind) {
    case "button_reply":
      return id === undefined ? undefined : { type: "buttonReply", id, title };
    case "list_reply":
      return id === undefined ? undefined : defined({ type: "listReply" as const, id, title, description: asText(reply["description"]) });
    case "nfm_reply": {
      const responseJson = asText(reply["response_json"]);
      return defined({
        type: "flowReply" as const,
        name: asText(reply["name"]),
        body: asText(reply["body"]),
        responseJson,
        response: parseObject(responseJson),
      });
    }
    case "call_permission_reply":
      return { type: "callPermissionReply", reply };
    default:
      return undefined;
  }
}

function parseObject(json: string | undefined): JsonObject | undefined {
  try {
    return json === undefined ? undefined : asObject(JSON.parse(json));
  } catch {
    return undefined;
  }
}

function readContext(value: unknown): MessageContext | undefined {
  const context = asObject(value);
  if (!context) return undefined;
  const product = asObject(context["referred_product"]);
  return defined({
    id: asText(context["id"]),
    from: asId(context["from"]),
    forwarded: asBoolean(context["forwarded"]),
    frequentlyForwarded: asBoolean(context["frequently_forwarded"]),
    product: product && defined({ catalogId: asId(product["catalog_id"]), productRetailerId: asId(product["product_retailer_id"]) }),
  });
}

function readReferral(value: unknown): Referral | undefined {
  const referral = asObject(value);
  if (!referral) return undefined;
  return defined({
    sourceUrl: asText(referral["source_url"]),
    sourceId: asId(referral["source_id"]),
    sourceType: asText(referral["source_type"]),
    headline: asText(referral["headline"]),
    body: asText(referral["body"]),
    mediaType: asText(referral["media_type"]),
    imageUrl: asText(referral["image_url"]),
    videoUrl: asText(referral["video_url"]),
    thumbnailUrl: asText(referral["thumbnail_url"]),
    clickId: asText(referral["ctwa_clid"]),
    welcomeMessage: asText(asObject(referral["welcome_message"])?.["text"]),
  });
}
