/**
 * What a webhook body says, sorted by the number or account it is about and put into the ledger's words.
 *
 * Nearly all of the traffic is receipts, up to 1,000 in one body, so they are read straight from the JSON in one pass; everything
 * else goes through the parser of packages/whatsapp.
 *
 * Source: Meta, "Webhooks: messages", "status messages".
 */
import { explainError, parseWebhook, type AccountEvent, type NumberError, type PreferenceChange, type TemplateUpdate, type UnknownItem } from "@tincan/whatsapp";
import type { NewInbound } from "../../ledger/inbound-message.ts";
import type { MarketingChoice } from "../../ledger/listeners.ts";
import type { Receipt, ReceiptStatus } from "../../ledger/types.ts";
import { readInbound } from "./inbound.ts";
import { personId } from "./person-id.ts";

/** Everything one body says about one number (or, without `phoneNumberId`, about an account). */
export interface Delivery {
  phoneNumberId: string | undefined;
  wabaId: string | undefined;
  receipts: Receipt[];
  inbound: Omit<NewInbound, "providerId">[];
  choices: MarketingChoice[];
  templates: TemplateUpdate[];
  account: AccountEvent[];
  errors: NumberError[];
  unknown: UnknownItem[];
}

/** @param now stands in for a time that is missing. Never throws, whatever the JSON. */
export function readDeliveries(json: unknown, now: Date): Delivery[] {
  const deliveries = new Map<string, Delivery>();
  const into = (phoneNumberId: string | undefined, wabaId: string | undefined): Delivery => {
    const key = `${phoneNumberId} ${wabaId}`;
    let delivery = deliveries.get(key);
    if (!delivery) {
      delivery = { phoneNumberId, wabaId, receipts: [], inbound: [], choices: [], templates: [], account: [], errors: [], unknown: [] };
      deliveries.set(key, delivery);
    }
    return delivery;
  };

  const rest = takeReceipts(json, into, now);
  if (rest !== undefined) readRest(rest, into, now);
  return [...deliveries.values()];
}

type Into = (phoneNumberId: string | undefined, wabaId: string | undefined) => Delivery;

/** Reads the statuses of a body. @returns what is left of it for the parser, undefined when nothing is. */
function takeReceipts(json: unknown, into: Into, now: Date): unknown {
  const entries = member(json, "entry");
  if (!Array.isArray(entries)) return json;
  const rest: unknown[] = [];
  for (const entry of entries) {
    const changes = member(entry, "changes");
    if (!Array.isArray(changes)) {
      rest.push(entry);
      continue;
    }
    const left = changes.flatMap((change: unknown) => {
      const value = member(change, "value");
      const statuses = member(value, "statuses");
      if (member(change, "field") !== "messages" || !Array.isArray(statuses)) return [change];
      const delivery = into(idText(member(member(value, "metadata"), "phone_number_id")), idText(member(entry, "id")));
      for (const status of statuses) takeReceipt(status, delivery, now);
      return member(value, "messages") || member(value, "errors") ? [{ field: "messages", value: { ...(value as object), statuses: undefined } }] : [];
    });
    if (left.length > 0) rest.push({ ...(entry as object), changes: left });
  }
  return rest.length > 0 ? { entry: rest } : undefined;
}

/** `played` is a voice note that was listened to: the person has seen the message. */
const statusOf = new Map<unknown, ReceiptStatus>([["sent", "sent"], ["delivered", "delivered"], ["read", "read"], ["played", "read"], ["failed", "failed"]]);

const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[0-9a-f]{4}-[0-9a-f]{12}$/;
/** The person has stopped marketing messages of this business. */
const STOPPED_MARKETING = 131050;

function takeReceipt(json: unknown, delivery: Delivery, now: Date): void {
  const wireId = member(json, "id");
  const status = statusOf.get(member(json, "status"));
  if (typeof wireId !== "string" || !status) {
    delivery.unknown.push({ origin: {}, field: "messages", value: json });
    return;
  }
  const ours = member(json, "biz_opaque_callback_data");
  const receipt: Receipt = { wireId, status, at: timeOf(member(json, "timestamp"), now), pricing: member(json, "pricing") };
  if (typeof ours === "string" && uuid.test(ours)) receipt.messageId = ours;
  if (status === "failed") {
    const error = firstError(member(json, "errors"));
    receipt.error = error;
    const phone = idText(member(json, "recipient_id")) ?? idText(member(json, "recipient_user_id"));
    if (error.code === STOPPED_MARKETING && phone !== undefined) {
      delivery.choices.push({ phone: personId(phone), stopped: true, source: "whatsapp", at: receipt.at });
    }
  }
  delivery.receipts.push(receipt);
}

function firstError(errors: unknown): Receipt["error"] & object {
  const [error] = Array.isArray(errors) ? (errors as unknown[]) : [];
  const code = numberOf(member(error, "code"));
  if (error === undefined || !Number.isInteger(code)) return { source: "meta", code: 0, title: "Meta reported a failure without a reason" };
  const title = member(error, "title") ?? member(error, "message");
  const details = member(member(error, "error_data"), "details");
  return {
    source: "meta",
    code,
    title: typeof title === "string" ? title : explainError(code).title,
    ...(typeof details === "string" && { details }),
  };
}

function readRest(json: unknown, into: Into, now: Date): void {
  const { messages, templateUpdates, accountEvents, preferences, errors, unknown } = parseWebhook(json);
  for (const each of messages) {
    const delivery = into(each.origin.phoneNumberId, each.origin.wabaId);
    const inbound = readInbound(each, now);
    if (inbound) delivery.inbound.push(inbound);
    else delivery.unknown.push({ origin: each.origin, field: "messages", value: each.raw });
  }
  for (const each of templateUpdates) into(each.origin.phoneNumberId, each.origin.wabaId).templates.push(each);
  for (const each of accountEvents) into(each.origin.phoneNumberId, each.origin.wabaId).account.push(each);
  for (const each of errors) into(each.origin.phoneNumberId, each.origin.wabaId).errors.push(each);
  for (const each of unknown) into(each.origin.phoneNumberId, each.origin.wabaId).unknown.push(each);
  for (const each of preferences) takePreference(each, into(each.origin.phoneNumberId, each.origin.wabaId), now);
}

function takePreference({ person, category, value, at, origin, raw }: PreferenceChange, delivery: Delivery, now: Date): void {
  const phone = person.waId ?? person.userId;
  const known = category === undefined || category === "marketing_messages";
  if (!known || phone === undefined || !["stop", "resume", "signup"].includes(value)) {
    delivery.unknown.push({ origin, field: "user_preferences", value: raw });
    return;
  }
  delivery.choices.push({ phone: personId(phone), stopped: value === "stop", source: "whatsapp", at: at === undefined ? now : new Date(at) });
}

function member(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[name] : undefined;
}

function idText(value: unknown): string | undefined {
  if (typeof value === "string") return value;
  return typeof value === "number" ? String(value) : undefined;
}

/** NaN for what is neither a number nor text: converting an object may throw. */
function numberOf(value: unknown): number {
  return typeof value === "number" || typeof value === "string" ? Number(value) : NaN;
}

/** Unix seconds, as text in messages and statuses. Nonsense, and times far in the future, count as now. */
function timeOf(value: unknown, now: Date): Date {
  const ms = numberOf(value) * 1000;
  return ms > 0 && ms < now.getTime() + 86_400_000 ? new Date(ms) : now;
}
