/**
 * Reading a webhook delivery.
 *
 * A delivery batches up to 1,000 updates over `entry[]`, `changes[]` and the lists in a value; each is read by itself, and
 * what cannot be read goes to `unknown` without hurting its neighbours. Never throws, whatever the JSON.
 *
 * Source: Meta, "Webhooks" overview and reference, v23 to v26.
 */
import { asBoolean, asId, asList, asObject, asObjects, asText, defined, type JsonObject } from "../json.ts";
import { readAccountEvent, readTemplateUpdate } from "./account-fields.ts";
import { readInbound } from "./inbound.ts";
import { readErrors, readPerson, readTime, underscored } from "./people.ts";
import type { Conversation, Origin, PreferenceChange, Pricing, StatusUpdate, WebhookContent } from "./types.ts";

/** Everything a delivery says. `json` is the parsed body; verify the signature over the raw bytes first. */
export function parseWebhook(json: unknown): WebhookContent {
  const content: WebhookContent = { statuses: [], messages: [], templateUpdates: [], accountEvents: [], preferences: [], errors: [], unknown: [] };
  const entries = asObject(json)?.["entry"];
  if (!Array.isArray(entries)) {
    content.unknown.push({ origin: {}, value: json });
    return content;
  }
  for (const each of entries) {
    const entry = asObject(each);
    if (!entry || !Array.isArray(entry["changes"])) {
      content.unknown.push({ origin: {}, value: each });
      continue;
    }
    const origin: Origin = defined({ wabaId: asId(entry["id"]), time: readTime(entry["time"]) });
    for (const change of entry["changes"]) readChange(content, origin, change);
  }
  return content;
}

function readChange(content: WebhookContent, entryOrigin: Origin, change: unknown): void {
  const field = asText(asObject(change)?.["field"]);
  const value = asObject(asObject(change)?.["value"]);
  if (field === undefined || !value) {
    content.unknown.push(defined({ origin: entryOrigin, field, value: change }));
    return;
  }
  const metadata = asObject(value["metadata"]);
  const origin: Origin = defined({
    ...entryOrigin,
    phoneNumberId: asId(metadata?.["phone_number_id"]),
    displayPhoneNumber: asId(metadata?.["display_phone_number"]),
  });
  if (field === "messages") {
    readMessages(content, origin, value);
    return;
  }
  if (field === "user_preferences") {
    readPreferences(content, origin, value);
    return;
  }
  const template = readTemplateUpdate(origin, field, value);
  const account = template ? undefined : readAccountEvent(origin, field, value);
  if (template) content.templateUpdates.push(template);
  else if (account) content.accountEvents.push(account);
  else content.unknown.push({ origin, field, value });
}

function readMessages(content: WebhookContent, origin: Origin, value: JsonObject): void {
  const field = "messages";
  const contacts = asObjects(value["contacts"]);
  const before = content.statuses.length + content.messages.length + content.errors.length + content.unknown.length;
  for (const each of asList(value["statuses"])) {
    const status = asObject(each) && readStatus(origin, contacts, asObject(each)!);
    if (status) content.statuses.push(status);
    else content.unknown.push({ origin, field, value: each });
  }
  for (const each of asList(value["messages"])) {
    const message = asObject(each) && readInbound(origin, contacts, asObject(each)!);
    if (message) content.messages.push(message);
    else content.unknown.push({ origin, field, value: each });
  }
  for (const error of readErrors(value["errors"])) content.errors.push({ origin, error });
  const read = content.statuses.length + content.messages.length + content.errors.length + content.unknown.length > before;
  const lists = [value["statuses"], value["messages"], value["errors"]];
  const empty = lists.every((list) => list === undefined || (Array.isArray(list) && list.length === 0));
  if (!read && !(empty && "metadata" in value)) content.unknown.push({ origin, field, value });
}

function readStatus(origin: Origin, contacts: JsonObject[], status: JsonObject): StatusUpdate | undefined {
  const wireId = asText(status["id"]);
  const word = asText(status["status"])?.toLowerCase();
  if (!wireId || !word) return undefined;
  const group = status["recipient_type"] === "group" || status["recipient_participant_id"] !== undefined;
  return defined({
    origin,
    wireId,
    status: word,
    at: readTime(status["timestamp"]),
    recipient: readPerson(contacts, status["recipient_id"], status["recipient_user_id"], status["recipient_parent_user_id"]),
    callbackData: asText(status["biz_opaque_callback_data"]),
    pricing: readPricing(status["pricing"]),
    conversation: readConversation(status["conversation"]),
    errors: readErrors(status["errors"]),
    group: group
      ? defined({ participantId: asId(status["recipient_participant_id"]), participantUserId: asText(status["recipient_participant_user_id"]) })
      : undefined,
    raw: status,
  });
}

function readPricing(value: unknown): Pricing | undefined {
  const pricing = asObject(value);
  if (!pricing) return undefined;
  return defined({
    billable: asBoolean(pricing["billable"]),
    model: asText(pricing["pricing_model"]),
    category: underscored(pricing["category"]),
    type: asText(pricing["type"]),
    subtype: asText(pricing["subtype"]),
  });
}

function readConversation(value: unknown): Conversation | undefined {
  const conversation = asObject(value);
  if (!conversation) return undefined;
  return defined({
    id: asText(conversation["id"]),
    expiresAt: readTime(conversation["expiration_timestamp"]),
    origin: underscored(asObject(conversation["origin"])?.["type"]),
  });
}

function readPreferences(content: WebhookContent, origin: Origin, value: JsonObject): void {
  const contacts = asObjects(value["contacts"]);
  const list = value["user_preferences"];
  if (!Array.isArray(list)) {
    content.unknown.push({ origin, field: "user_preferences", value });
    return;
  }
  for (const each of list) {
    const preference = asObject(each);
    const change = preference && readPreference(origin, contacts, preference);
    if (change) content.preferences.push(change);
    else content.unknown.push({ origin, field: "user_preferences", value: each });
  }
}

function readPreference(origin: Origin, contacts: JsonObject[], preference: JsonObject): PreferenceChange | undefined {
  const value = asText(preference["value"])?.toLowerCase();
  const person = readPerson(contacts, preference["wa_id"], preference["user_id"], preference["parent_user_id"]);
  if (value === undefined || (person.waId === undefined && person.userId === undefined)) return undefined;
  return defined({
    origin,
    person,
    category: asText(preference["category"]),
    value,
    detail: asText(preference["detail"]),
    at: readTime(preference["timestamp"]),
    raw: preference,
  });
}
