/**
 * Messages that waited long for their lane: it was paused, its provider was down, or nobody worked on it. Whoever stopped messages meanwhile
 * gets none. Consent is asked once more for those, when they are claimed; a message that leaves soon after it was accepted costs nothing.
 */
import { mayReceive } from "../contacts/may-receive.ts";
import type { Database } from "../database/connection.ts";
import { firstUuidAt } from "../database/uuid.ts";
import type { OutboundMessage } from "../ledger/claim.ts";
import { marketingOptOuts } from "../ledger/permissions-to-send.ts";
import type { Category, OriginKind, WireError } from "../ledger/types.ts";

/** Longer than what a lane at work is given ahead takes to leave. */
const LONG_MS = 5 * 60_000;

export const stopped: WireError = { source: "tincan", code: 1006, title: "The person stopped messages before this one left" };

/** Those whose consent is kept here; of a platform's people only those who stopped marketing are known. */
const ours: ReadonlySet<OriginKind | undefined> = new Set<OriginKind>(["campaign", "journey", "api"]);

/**
 * Those of the messages that may no longer leave. Asked of those accepted before the lane was opened, as it is after every pause and by every
 * process that takes it over, and of those that have waited long since.
 */
export async function unwantedByNow(db: Database, lane: { workspaceId: string; providerId: string; openedAt: number }, messages: readonly OutboundMessage[], now = Date.now()): Promise<OutboundMessage[]> {
  const since = firstUuidAt(Math.max(lane.openedAt, now - LONG_MS));
  const late = messages.filter(({ messageId, category }) => messageId < since && category !== "service");
  const unwanted: OutboundMessage[] = [];
  for (const [category, group] of Map.groupBy(late, (message) => message.category)) unwanted.push(...(await objectedTo(db, lane, category, group)));
  return unwanted;
}

async function objectedTo(db: Database, { workspaceId, providerId }: { workspaceId: string; providerId: string }, category: Category, messages: readonly OutboundMessage[]): Promise<OutboundMessage[]> {
  const asked = messages.filter(({ originKind }) => ours.has(originKind));
  const permits = await mayReceive(db, workspaceId, asked.map(({ recipient }) => recipient), category === "service" ? "utility" : category);
  const forbidden = new Set(permits.filter(({ verdict }) => verdict !== "allowed").map(({ phone }) => phone));
  const optedOut = category === "marketing" ? await marketingOptOuts(db, workspaceId, providerId, messages.map(({ recipient }) => recipient)) : new Set<string>();
  return messages.filter(({ recipient, originKind }) => optedOut.has(recipient) || (ours.has(originKind) && forbidden.has(recipient)));
}
