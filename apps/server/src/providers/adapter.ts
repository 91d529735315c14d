import type { LaneLimits, Outcome } from "../lanes/work.ts";
import type { OutboundMessage } from "../ledger/claim.ts";
import type { WireError } from "../ledger/types.ts";

/** One HTTP request, complete but for the origin. */
export interface WireRequest {
  method: "POST";
  /** Begins with "/" and follows the origin of the provider's address. */
  path: string;
  headers: Readonly<Record<string, string>>;
  body: string;
}

/** A message that cannot be put into this wire's words; it fails without a request. */
export interface Unsendable {
  refusal: WireError;
}

/**
 * What one kind of provider knows about its wire: pure functions from a neutral message to a request and from an answer to
 * an outcome. No adapter opens a connection or reads the database, and none throws; every adapter passes the suite in
 * adapter-contract.ts.
 */
export interface Adapter {
  readonly limits: LaneLimits;
  /** Carries `message.messageId` in the field the provider echoes in its receipts. */
  request(message: OutboundMessage): WireRequest | Unsendable;
  /** Reads an answer that came back whole. Any text at all gives an outcome. */
  readAnswer(httpStatus: number, body: string): Outcome;
}

/** An answer is kept for the trace up to this many characters. */
export const ANSWER_LENGTH = 8000;
