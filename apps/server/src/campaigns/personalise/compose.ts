import type { LossReason, TemplateContent } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import type { Category } from "../../ledger/types.ts";
import type { RunContext } from "../run-context.ts";
import type { Candidate } from "../types.ts";

/** Somebody who is to get a message. The message's id is made before its content, which may hold links that belong to it. */
export interface Picked {
  candidate: Candidate;
  variant: string;
  messageId: string;
}

/** A finished message, or why there is none. `cellId` is what the message has as its origin. */
export type Composed = { content: TemplateContent; category: Category; cellId: string } | { lost: LossReason; detail: string };

/**
 * The content of each message, in the order given. Gives coupon codes away and stores tracked links in the caller's transaction, which
 * stores the messages too.
 */
export async function composeBatch(_tx: Database, _context: RunContext, picked: readonly Picked[], _now: Date): Promise<Composed[]> {
  return picked.map(() => ({ lost: "missingValue", detail: "" }));
}
