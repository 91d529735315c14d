/**
 * What happens to a message after its send was accepted.
 *
 *   accepted ─► sent ─► delivered ─► read ─► played (voice notes)
 *      │ │        └── stays here while the phone is off; dropped in silence when the template's time to live is over
 *      │ └──► held (template under quality assessment) ─► sent … or failed with 132015
 *      └────► failed
 *
 * The state of the phone's message moves on time; what the business is told about it may come later, twice, or not at all,
 * as the behaviour says.
 */
import { explainError } from "@tincan/whatsapp";
import type { Phone, PhoneMessage } from "../phones/phone.ts";
import type { World } from "../world/world.ts";
import { statusUpdate } from "./status-update.ts";

type Reported = "sent" | "delivered" | "read" | "played" | "failed";

/** Lets an accepted message run its course. Reactions are only ever `sent`. */
export function deliver(world: World, phone: Phone, message: PhoneMessage): void {
  const { receipts } = world.behaviour;
  const { random, clock } = world;
  const sentAfter = random.within(receipts.sentAfterMs);
  const deliveredAfter = sentAfter + random.within(receipts.deliveredAfterMs);
  const readAfter = receipts.readAfterMs && deliveredAfter + random.within(receipts.readAfterMs);
  const lateSent = random.chance(receipts.reorder) ? deliveredAfter - sentAfter + 40 : 0;
  const lateDelivered = readAfter !== null && random.chance(receipts.reorder) ? readAfter - deliveredAfter + 40 : 0;
  clock.after(sentAfter, () => reach(world, phone, message, "sent", lateSent));
  if (message.type === "reaction") return;
  clock.after(deliveredAfter, () => {
    if (phone.reachable) reach(world, phone, message, "delivered", lateDelivered);
  });
  if (readAfter !== null) {
    clock.after(readAfter, () => {
      if (phone.reachable) readMessage(world, phone, message);
    });
  }
}

/** Ends a message that was accepted with a `failed` status. */
export function fail(world: World, phone: Phone, message: PhoneMessage, code: number, details?: string): void {
  world.clock.after(world.random.within(world.behaviour.receipts.sentAfterMs), () => {
    message.error = { code, title: explainError(code).title, details };
    reach(world, phone, message, "failed", 0);
  });
}

/** The person reads one message: what was not delivered yet is delivered first. */
export function readMessage(world: World, phone: Phone, message: PhoneMessage): void {
  if (message.direction !== "in" || !(message.status === "sent" || message.status === "delivered")) return;
  if (message.status === "sent") reach(world, phone, message, "delivered", 0);
  reach(world, phone, message, "read", 0);
  if (message.voice) reach(world, phone, message, "played", 0);
}

/** The phone is on again: what waited for it arrives, except what outlived its template's time to live. */
export function reachAgain(world: World, phone: Phone): void {
  phone.reachable = true;
  for (const message of phone.messages) {
    if (message.direction !== "in" || message.status !== "sent" || message.type === "reaction") continue;
    const ttl = message.template && world.templates.byId(message.template.id)?.ttlSeconds;
    const days30 = 30 * 86_400;
    if (world.clock.now() - message.at <= (ttl && ttl > 0 ? ttl : days30) * 1000) reach(world, phone, message, "delivered", 0);
  }
}

const order: Record<string, number> = { accepted: 0, held: 0, sent: 1, delivered: 2, read: 3, played: 4, failed: 5 };

function reach(world: World, phone: Phone, message: PhoneMessage, status: Reported, lateMs: number): void {
  if (message.status === "failed" || order[status]! <= order[message.status]!) return;
  const now = world.clock.now();
  message.status = status;
  message.times[status] = now;
  if (status === "delivered" && !message.template) countServed(message, now);
  world.live.phoneChanged(phone.digits);
  const { receipts } = world.behaviour;
  if (status === "delivered" && world.random.chance(receipts.dropDelivered)) return;
  const update = statusUpdate(world.behaviour, phone, message, status, now);
  world.after(lateMs, () => world.notify(update, message.number));
  if (world.random.chance(receipts.duplicate)) world.clock.after(lateMs + world.random.within([0, 300]), () => world.notify(update, message.number));
}

/** Free-form messages are free up to 1,000 delivered per number and calendar month. */
function countServed({ number }: PhoneMessage, now: number): void {
  const month = new Date(now).toISOString().slice(0, 7);
  if (number.servedMonth !== month) number.served = 0;
  number.servedMonth = month;
  number.served++;
}
