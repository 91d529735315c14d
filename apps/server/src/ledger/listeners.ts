import type { Database } from "../database/connection.ts";
import type { InboundMessage } from "./inbound-message.ts";
import type { StatusChange } from "./types.ts";

/**
 * A feature's function that runs inside the batch's own transaction with the whole batch, so that what is committed has
 * been told to everybody. It must use set-based SQL and may not send anything itself.
 */
export type StatusListener = (tx: Database, workspaceId: string, changes: StatusChange[]) => Promise<void>;
export type InboundListener = (tx: Database, workspaceId: string, messages: InboundMessage[]) => Promise<void>;

/** Somebody stopped or resumed marketing messages of a number in WhatsApp itself. `phone` is E.164 or a business-scoped user id. */
export interface MarketingChoice {
  phone: string;
  stopped: boolean;
  source: string;
  at: Date;
}
export type ChoiceListener = (tx: Database, workspaceId: string, choices: MarketingChoice[]) => Promise<void>;

/**
 * Told how many messages of each origin a provider took, for origins of campaigns and journeys: each message once, also when it was sent again
 * because its answer was lost.
 */
export type SubmittedListener = (tx: Database, workspaceId: string, submitted: ReadonlyMap<string, number>) => Promise<void>;

export async function tellStatus(listeners: readonly StatusListener[], tx: Database, workspaceId: string, changes: StatusChange[]): Promise<void> {
  if (changes.length === 0) return;
  for (const listener of listeners) await listener(tx, workspaceId, changes);
}
