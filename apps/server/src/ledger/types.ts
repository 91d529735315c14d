import type { MessageContent } from "@tincan/api";

/*
 * The life of a message
 *
 *   queued ──► sending ──► submitted ──► sent ──► delivered ──► read
 *      │          │            │           │
 *      │          │            └───────────┴──► failed      a receipt says so
 *      ├──────────┴──► failed                               refused: by us on acceptance, or by the provider's answer
 *                 └──► unknown                              the answer never came, and no receipt told the outcome in time
 *
 * accept() writes `queued` together with an outbox row. The lane's owner claims outbox rows before a request leaves (the
 * message then reads as `sending`), and settles them with what came back. Receipts move a message forward from any state
 * but `failed`: they come late, twice, out of order, and before the send's own answer is stored, and a step once taken is
 * never taken back. A step implies those before it, so that each is told exactly once and in order.
 *
 * A crash leaves claimed rows behind. Whoever owns the lane next marks them ambiguous: the request may have left. They wait
 * for a receipt, and become `unknown` when none comes. They are never sent again by themselves.
 */
export type MessageState = "queued" | "sending" | "submitted" | "sent" | "delivered" | "read" | "failed" | "unknown";

export type OriginKind = "deployment" | "campaign" | "journey" | "test" | "inbox" | "api" | "auto-reply" | "consent";

/** `service` is every free-form message. */
export type Category = "marketing" | "utility" | "authentication" | "service";

/** Why a message was refused, in the provider's code and words. `source` says who refused. */
export interface WireError {
  source: "tincan" | "provider" | "meta";
  code: number;
  title: string;
  details?: string;
}

export interface NewMessage {
  /** UUIDv7; the caller makes it, so that an answer can name it before the commit. */
  id: string;
  providerId: string;
  originKind: OriginKind;
  originId: string;
  /** The platform's own id, echoed byte for byte; unique per origin, "0|0|0|0" exempt. */
  externalId?: string | undefined;
  /** E.164 with "+". */
  recipient: string;
  category: Category;
  content: MessageContent;
  /** The request as it was received, for the trace. */
  request?: string | undefined;
  /** Set when the message is already known to fail: it is stored, told to the listeners, and never queued. */
  refusal?: WireError | undefined;
  /** Earliest time to send; now when absent. */
  dueAt?: Date | undefined;
  /** From then on it stays in the outbox until whoever wrote it says what becomes of it (stop-origins.ts); absent when it may always leave. */
  leaveBy?: Date | undefined;
}

export type ReceiptStatus = "sent" | "delivered" | "read" | "clicked" | "failed";

/** What was clicked: where the link leads, and how it is written in the message. */
export interface ClickedLink {
  url: string;
  shortUrl: string;
  userAgent?: string | undefined;
}

/** One step of a message as a provider, or a short link of ours, reports it. Names the message by our id or by the provider's. */
export interface Receipt {
  messageId?: string | undefined;
  wireId?: string | undefined;
  status: ReceiptStatus;
  at: Date;
  error?: WireError | undefined;
  pricing?: unknown;
  /** With `clicked`, when it is known. */
  click?: ClickedLink | undefined;
}

/** A step taken for the first time. Listeners get each exactly once, in order for one message. */
export interface StatusChange {
  messageId: string;
  providerId: string;
  originKind: OriginKind;
  originId: string;
  externalId: string | null;
  recipient: string;
  category: Category;
  status: ReceiptStatus;
  at: Date;
  error?: WireError | undefined;
  /** As the receipt has it that brought the step, when it does. */
  pricing?: unknown;
  click?: ClickedLink | undefined;
}
