import { parentUserIdOf, userIdOf, waIdOf } from "../world/identity.ts";
import type { Phone, PhoneMessage } from "./phone.ts";

/** Most messages kept: per phone, and over all phones. What falls out is gone for replies, reads and the page. */
export interface Keep {
  perPhone: number;
  inTotal: number;
}

/** Phones kept without messages for what is known of them: an open window, a stop. */
const mostQuiet = 100_000;

/**
 * All phones and their messages, in memory and bounded. A phone comes into being when it is first written to; one that was
 * never touched by hand disappears again with its last message, unless it stopped marketing or wrote to the business.
 */
export class PhoneBook {
  readonly #phones = new Map<string, Phone>();
  readonly #byUserId = new Map<string, Phone>();
  readonly #messages = new Map<string, { phone: Phone; message: PhoneMessage }>();
  readonly #businessId: string;
  readonly #keep: Keep;

  constructor(businessId: string, keep: Keep) {
    this.#businessId = businessId;
    this.#keep = keep;
  }

  get size(): number {
    return this.#phones.size;
  }

  get messageCount(): number {
    return this.#messages.size;
  }

  find(digits: string): Phone | undefined {
    return this.#phones.get(waIdOf(digits));
  }

  /** The phone of a business-scoped user id, or of a parent id, when it has been seen. */
  findByUserId(userId: string): Phone | undefined {
    return this.#byUserId.get(userId);
  }

  /** The phone of a number, made when it is new. */
  phone(digits: string): Phone {
    const waId = waIdOf(digits);
    const known = this.#phones.get(waId);
    if (known) return known;
    const phone: Phone = {
      digits: waId, userId: userIdOf(this.#businessId, waId), name: `+${waId}`, username: undefined, identity: undefined, pinned: false, onWhatsApp: true, reachable: true,
      stopped: new Set(), windows: new Map(), pairs: new Map(), messages: [], typingUntil: 0, lastActivity: 0,
    };
    this.#phones.set(waId, phone);
    this.#byUserId.set(phone.userId, phone).set(parentUserIdOf(waId), phone);
    if (this.#phones.size > mostQuiet) this.#forgetQuietPhone();
    return phone;
  }

  add(phone: Phone, message: PhoneMessage): void {
    phone.messages.push(message);
    phone.lastActivity = message.at;
    this.#messages.set(message.id, { phone, message });
    if (phone.messages.length > this.#keep.perPhone) this.#messages.delete(phone.messages.shift()!.id);
    // A Map keeps the order of insertion, so its first key is the oldest message of all.
    if (this.#messages.size > this.#keep.inTotal) this.#dropOldest();
  }

  message(id: string): { phone: Phone; message: PhoneMessage } | undefined {
    return this.#messages.get(id);
  }

  /** Phones set up by hand first, then by last activity. */
  list(limit: number): Phone[] {
    return [...this.#phones.values()].sort((a, b) => Number(b.pinned) - Number(a.pinned) || b.lastActivity - a.lastActivity).slice(0, limit);
  }

  remove(phone: Phone): void {
    for (const message of phone.messages) this.#messages.delete(message.id);
    this.#phones.delete(phone.digits);
    this.#byUserId.delete(phone.userId);
    this.#byUserId.delete(parentUserIdOf(phone.digits));
  }

  #dropOldest(): void {
    const [oldest] = this.#messages;
    if (!oldest) return;
    const [id, { phone }] = oldest;
    this.#messages.delete(id);
    phone.messages.shift();
    if (phone.messages.length === 0 && !phone.pinned && phone.stopped.size === 0 && phone.windows.size === 0) this.remove(phone);
  }

  /** Looks at the oldest few only, so that a new phone costs the same however many there are. */
  #forgetQuietPhone(): void {
    let looked = 0;
    for (const phone of this.#phones.values()) {
      if (phone.messages.length === 0 && !phone.pinned) {
        this.remove(phone);
        return;
      }
      if (++looked === 20) return;
    }
  }
}
