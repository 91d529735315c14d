import type { Database } from "../database/connection.ts";
import { ConsentBook } from "./consent-book.ts";
import { lockPeople } from "./lock.ts";
import type { ConsentChange, ConsentOutcome } from "./types.ts";

/**
 * Stores what people, or others for them, said about their consent: their state, and a line in their history for each word that changed
 * something. Heard in the order given; the rule is told in consent-state.ts. Answers what became of each.
 */
export async function setConsent(tx: Database, workspaceId: string, changes: readonly ConsentChange[]): Promise<ConsentOutcome[]> {
  if (changes.length === 0) return [];
  await lockPeople(tx, workspaceId);
  const book = await ConsentBook.open(tx, workspaceId, [...new Set(changes.map((change) => change.contactId))]);
  const outcomes = book.hear(changes);
  await book.save(tx);
  return outcomes;
}
