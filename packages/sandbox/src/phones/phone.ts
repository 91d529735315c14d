import type { BusinessNumber } from "../world/account.ts";
import type { IdentityMode } from "../world/behaviour.ts";
import type { JsonObject } from "../json.ts";
import type { TokenBucket } from "../world/token-bucket.ts";
import type { StoredTemplate } from "../graph/template-store.ts";

/** Furthest stage a message reached. Messages from the phone go from `sent` to `read` when the business marks them. */
export type MessageStatus = "accepted" | "held" | "sent" | "delivered" | "read" | "played" | "failed";

/** One message of a conversation between a phone and a number of the business. */
export interface PhoneMessage {
  readonly id: string;
  /** Seen from the phone: `in` came from the business. */
  readonly direction: "in" | "out";
  readonly type: string;
  /** Virtual milliseconds. */
  readonly at: number;
  readonly number: BusinessNumber;
  /** The type's own object, as it was sent (`text`, `image`, …). */
  readonly content: unknown;
  /** The template as it was when the message was sent. */
  readonly template: Pick<StoredTemplate, "id" | "name" | "language" | "category" | "components"> | undefined;
  /** Id of the message this one answers. */
  readonly replyTo: string | undefined;
  readonly opaque: string | undefined;
  /** Addressed by business-scoped user id instead of by number. */
  readonly byUserId: boolean;
  /** Travels on exactly one status; gone from here once it has. */
  pricing: JsonObject | undefined;
  status: MessageStatus;
  /** Virtual milliseconds of each stage that was reached. */
  times: Partial<Record<MessageStatus, number>>;
  error: { code: number; title: string; details: string | undefined } | undefined;
  /** Emoji by who reacted. */
  reactions: Partial<Record<"business" | "phone", string>>;
  /** Voice notes report `played` after `read`. */
  readonly voice: boolean;
}

/** Somebody's phone: one WhatsApp user, who may talk with several numbers of the business. */
export interface Phone {
  /** WhatsApp id. */
  readonly digits: string;
  readonly userId: string;
  name: string;
  username: string | undefined;
  /** How webhooks name this user; `undefined` follows the behaviour's setting. */
  identity: IdentityMode | undefined;
  /** Added by hand, and kept although nothing happens on it. */
  pinned: boolean;
  onWhatsApp: boolean;
  /** A phone that is off keeps messages at `sent` until it is on again. */
  reachable: boolean;
  /** Numbers of the business whose marketing this user stopped, by id. */
  readonly stopped: Set<string>;
  /** End of the customer service window in virtual milliseconds, by the business number's id. */
  readonly windows: Map<string, number>;
  readonly pairs: Map<string, TokenBucket>;
  readonly messages: PhoneMessage[];
  /** Until when the business shows as typing. */
  typingUntil: number;
  lastActivity: number;
}
