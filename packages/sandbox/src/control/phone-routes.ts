/** Phones: who there is, what they see, what they do. */
import type { FastifyInstance } from "fastify";
import type { JsonObject } from "../json.ts";
import { messageView, phoneView } from "../phones/message-view.ts";
import type { Phone } from "../phones/phone.ts";
import { replyFrom } from "../phones/reply.ts";
import { contactOf, modeOf } from "../webhooks/identity-members.ts";
import { reachAgain, readMessage } from "../webhooks/receipts.ts";
import { metadataOf } from "../webhooks/status-update.ts";
import { digitsOf } from "../world/identity.ts";
import type { World } from "../world/world.ts";
import { invalidField, notFound } from "./control-error.ts";

const details = {
  name: { type: "string", minLength: 1, maxLength: 100 },
  username: { type: ["string", "null"], maxLength: 100 },
  identity: { enum: ["phone", "username", "parent", null] },
  onWhatsApp: { type: "boolean" },
  reachable: { type: "boolean" },
};
const newPhone = { type: "object", required: ["digits"], additionalProperties: false, properties: { digits: { type: "string" }, ...details } };
const changedPhone = { type: "object", additionalProperties: false, properties: details };

interface PhoneChange {
  name?: string;
  username?: string | null;
  identity?: "phone" | "username" | "parent" | null;
  onWhatsApp?: boolean;
  reachable?: boolean;
}

interface OfPhone {
  Params: { digits: string };
}

export function phoneRoutes(app: FastifyInstance, world: World): void {
  app.get<{ Querystring: { limit?: string } }>("/phones", async ({ query }) => {
    const now = world.clock.now();
    return { items: world.phones.list(Math.min(Number(query.limit ?? 50) || 50, 500)).map((phone) => phoneView(phone, now)), total: world.phones.size };
  });
  app.post<{ Body: PhoneChange & { digits: string } }>("/phones", { schema: { body: newPhone } }, async ({ body }, reply) => {
    const phone = world.phones.phone(readDigits(body.digits));
    phone.pinned = true;
    apply(world, phone, body);
    return reply.status(201).send(phoneView(phone, world.clock.now()));
  });
  app.get<OfPhone>("/phones/:digits", async ({ params }) => phoneView(existing(world, params.digits), world.clock.now()));
  app.patch<OfPhone & { Body: PhoneChange }>("/phones/:digits", { schema: { body: changedPhone } }, async ({ params, body }) => {
    const phone = existing(world, params.digits);
    apply(world, phone, body);
    return phoneView(phone, world.clock.now());
  });
  app.delete<OfPhone>("/phones/:digits", async ({ params }, reply) => {
    world.phones.remove(existing(world, params.digits));
    world.live.changed("phones");
    return reply.status(204).send();
  });
  app.get<OfPhone>("/phones/:digits/messages", async ({ params }) => (world.phones.find(readDigits(params.digits))?.messages ?? []).map(messageView));
  app.post<OfPhone & { Body: JsonObject }>("/phones/:digits/messages", { schema: { body: { type: "object" } } }, async ({ params, body }, reply) => {
    const result = replyFrom(world, world.phones.phone(readDigits(params.digits)), body);
    return "message" in result ? reply.status(201).send(messageView(result.message)) : result;
  });
  app.post<OfPhone>("/phones/:digits/read", async ({ params }) => {
    const phone = existing(world, params.digits);
    const unread = phone.messages.filter(({ direction, status }) => direction === "in" && (status === "sent" || status === "delivered"));
    for (const message of unread) readMessage(world, phone, message);
    return { read: unread.map(({ id }) => id) };
  });
  app.post<OfPhone>("/phones/:digits/opt-out", async ({ params }) => setPreference(world, world.phones.phone(readDigits(params.digits)), "stop"));
  app.post<OfPhone>("/phones/:digits/opt-in", async ({ params }) => setPreference(world, world.phones.phone(readDigits(params.digits)), "resume"));
}

function readDigits(typed: string): string {
  const digits = digitsOf(typed);
  if (!digits) throw invalidField("digits", "a phone number with country code, 7 to 15 digits");
  return digits;
}

function existing(world: World, typed: string): Phone {
  const phone = world.phones.find(readDigits(typed));
  if (!phone) throw notFound(`A phone with the number ${typed}`);
  return phone;
}

function apply(world: World, phone: Phone, change: PhoneChange): void {
  if (change.name !== undefined) phone.name = change.name;
  if (change.username !== undefined) phone.username = change.username ?? undefined;
  if (change.identity !== undefined) phone.identity = change.identity ?? undefined;
  if (change.onWhatsApp !== undefined) phone.onWhatsApp = change.onWhatsApp;
  if (change.reachable === false) phone.reachable = false;
  if (change.reachable === true && !phone.reachable) reachAgain(world, phone);
  world.live.changed("phones");
  world.live.phoneChanged(phone.digits);
}

/** The user stops or resumes marketing from the main number (Meta: webhooks/user_preferences). */
function setPreference(world: World, phone: Phone, value: "stop" | "resume"): JsonObject {
  const number = world.mainNumber();
  if (value === "stop") phone.stopped.add(number.id);
  else phone.stopped.delete(number.id);
  const mode = modeOf(phone, world.behaviour.webhooks.identity);
  const preference = {
    ...(mode !== "username" && { wa_id: phone.digits }),
    user_id: phone.userId,
    detail: `User requested to ${value} marketing messages`,
    category: "marketing_messages",
    value,
    timestamp: world.clock.seconds(),
  };
  const contacts = [contactOf(phone, mode, { number: mode !== "username", username: true })];
  world.notify({ field: "user_preferences", value: { messaging_product: "whatsapp", metadata: metadataOf(number), contacts, user_preferences: [preference] } }, number);
  world.live.phoneChanged(phone.digits);
  return phoneView(phone, world.clock.now());
}
