import type { JsonObject } from "../json.ts";
import type { Phone, PhoneMessage } from "./phone.ts";
import { shownOf } from "./shown.ts";

/**
 * A message for the control plane and the page: who, when, how far it got; the type's own object under the type's name,
 * as on the wire; and `shown`, as WhatsApp draws it.
 */
export function messageView(message: PhoneMessage): JsonObject {
  const { id, direction, type, at, status, times, template, replyTo, opaque, error, reactions } = message;
  return {
    id,
    direction,
    type,
    at: new Date(at).toISOString(),
    status,
    times: Object.fromEntries(Object.entries(times).map(([stage, ms]) => [stage, new Date(ms).toISOString()])),
    phoneNumberId: message.number.id,
    ...(replyTo !== undefined && { replyTo }),
    ...(opaque !== undefined && { bizOpaqueCallbackData: opaque }),
    ...(template && { templateId: template.id, category: template.category }),
    ...(error && { error }),
    ...(Object.keys(reactions).length > 0 && { reactions }),
    [type]: message.content,
    shown: shownOf(message),
  };
}

export function phoneView(phone: Phone, now: number): JsonObject {
  const { digits, name, username, userId, pinned, onWhatsApp, reachable, identity } = phone;
  const last = phone.messages.at(-1);
  return {
    digits, name, username, userId, pinned, onWhatsApp, reachable, identity,
    stopped: [...phone.stopped],
    windows: Object.fromEntries([...phone.windows].filter(([, until]) => until > now).map(([id, until]) => [id, new Date(until).toISOString()])),
    typing: phone.typingUntil > now,
    lastActivity: phone.lastActivity === 0 ? null : new Date(phone.lastActivity).toISOString(),
    messages: phone.messages.length,
    unread: phone.messages.filter(({ direction, status }) => direction === "in" && status === "delivered").length,
    ...(last && { last: { direction: last.direction, text: shownOf(last).body ?? `(${last.type})` } }),
  };
}
