import { createHash } from "node:crypto";
import { explainError } from "@tincan/whatsapp";
import type { JsonObject } from "../json.ts";
import type { Phone, PhoneMessage } from "../phones/phone.ts";
import type { BusinessNumber } from "../world/account.ts";
import type { Behaviour } from "../world/behaviour.ts";
import { parentUserIdOf } from "../world/identity.ts";
import { contactOf, modeOf } from "./identity-members.ts";
import type { Update } from "./update.ts";

export function metadataOf(number: BusinessNumber): JsonObject {
  return { display_phone_number: number.digits, phone_number_id: number.id };
}

/** A status webhook (Meta: webhooks/messages/status), in the dialect of the subscribed version. */
export function statusUpdate(behaviour: Behaviour, phone: Phone, message: PhoneMessage, status: "sent" | "delivered" | "read" | "played" | "failed", at: number): Update {
  const mode = modeOf(phone, behaviour.webhooks.identity);
  const failed = status === "failed";
  const showsNumber = !message.byUserId;
  const item: JsonObject = {
    id: message.id,
    status,
    timestamp: String(Math.floor(at / 1000)),
    ...(showsNumber && { recipient_id: phone.digits }),
    ...(!(failed && showsNumber) && { recipient_user_id: phone.userId }),
    ...(mode === "parent" && !failed && { recipient_parent_user_id: parentUserIdOf(phone.digits) }),
  };
  if (!failed && hasConversation(behaviour.webhooks.version)) item["conversation"] = conversationOf(phone, message, status, at);
  if (message.pricing && status === pricedStatus(behaviour, message, status)) {
    item["pricing"] = message.pricing;
    message.pricing = undefined;
  }
  if (message.opaque !== undefined) item["biz_opaque_callback_data"] = message.opaque;
  if (failed && message.error) item["errors"] = [statusError(message.error)];
  const contacts = failed ? {} : { contacts: [contactOf(phone, mode, { number: showsNumber, username: status !== "sent" })] };
  return { field: "messages", value: { messaging_product: "whatsapp", metadata: metadataOf(message.number), ...contacts, statuses: [item] } };
}

/** Pricing is due on `sent`, or else on the first status after it. */
function pricedStatus(behaviour: Behaviour, message: PhoneMessage, status: string): string {
  if (behaviour.receipts.pricingOn === "sent") return status === "failed" ? "" : status;
  return message.times.delivered === undefined || status === "sent" || status === "failed" ? "" : status;
}

function hasConversation(version: string): boolean {
  return Number(/^v(\d+)/.exec(version)?.[1] ?? 26) <= 23;
}

function conversationOf(phone: Phone, message: PhoneMessage, status: string, at: number): JsonObject {
  const category = (message.template?.category ?? "service").toLowerCase();
  const day = Math.floor((message.times.sent ?? at) / 86_400_000);
  const id = createHash("md5").update(`${message.number.id}:${phone.digits}:${category}:${day}`).digest("hex");
  const expires = status === "sent" ? { expiration_timestamp: String(Math.floor(at / 1000) + 86_400) } : {};
  return { id, ...expires, origin: { type: category } };
}

function statusError({ code, title, details }: NonNullable<PhoneMessage["error"]>): JsonObject {
  return {
    code,
    title,
    message: title,
    error_data: { details: details ?? explainError(code).meaning },
    href: "/documentation/business-messaging/whatsapp/support/error-codes",
  };
}
