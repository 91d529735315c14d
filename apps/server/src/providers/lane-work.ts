/**
 * A provider's lane: the ledger's outbox on one side, the provider's wire on the other. This is where an outcome of the wire
 * becomes a settlement of the ledger: what is tried again, and when; what fails; what waits for its receipt.
 */
import type { Database } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import { PairRate } from "../lanes/pace.ts";
import { retryDelay } from "../lanes/retry.ts";
import type { LaneWork, OpenWork, Outcome, Settled } from "../lanes/work.ts";
import type { ReachPolicy } from "../http/reachable.ts";
import type { Secrets } from "../database/secrets.ts";
import { claimMessages, type OutboundMessage } from "../ledger/claim.ts";
import type { StatusListener, SubmittedListener } from "../ledger/listeners.ts";
import { isKept, releaseMessages, restoreClaimed, settleMessages, type Settlement } from "../ledger/settle.ts";
import { recoverClaimed, sweepOutbox } from "../ledger/sweep.ts";
import type { TemplateRegistry } from "../templates/registry.ts";
import type { Adapter } from "./adapter.ts";
import { stopped, unwantedByNow } from "./late-consent.ts";
import { openProvider } from "./open.ts";
import type { Sender } from "./send.ts";

/** How long an ambiguous message waits for a receipt before it is reported as unknown. Receipts mostly come within seconds; a slow phone network takes minutes. */
const AMBIGUOUS_WAIT_MS = 15 * 60_000;

interface ProviderLane {
  db: Database;
  live: Live;
  workspaceId: string;
  providerId: string;
  adapter: Adapter;
  sender: Sender;
  listeners: readonly StatusListener[];
  submittedListeners?: readonly SubmittedListener[] | undefined;
  /** Whether Meta's pair rate applies on this wire. */
  pairRate: boolean;
  /** The provider ignores a repeated id, so an ambiguous message is simply sent again. */
  repeatIsHarmless: boolean;
  /** Has what rendering looks up; called before each claim. */
  prepare?(): Promise<void>;
}

export interface ProviderLaneDeps {
  db: Database;
  live: Live;
  secrets: Secrets;
  reach: ReachPolicy;
  registry: TemplateRegistry;
  /** Told of messages the provider refused. */
  listeners: readonly StatusListener[];
  /** Told how many it took. */
  submittedListeners?: readonly SubmittedListener[];
}

/** Opens a provider's lane with its settings as they are now; null when the provider is gone or archived. */
export function openProviderLane(deps: ProviderLaneDeps): OpenWork {
  return async (workspaceId, providerId) => {
    const provider = await openProvider(deps, workspaceId, providerId);
    if (!provider) return null;
    const work = providerWork({ ...deps, ...provider, workspaceId, providerId });
    // The keeper never looks into a job; it hands back what it was given.
    return work as LaneWork<unknown>;
  };
}

export function providerWork(lane: ProviderLane): LaneWork<OutboundMessage> {
  const { db, live, workspaceId, providerId, adapter, sender, repeatIsHarmless } = lane;
  const pairs = lane.pairRate ? new PairRate() : null;
  const opened = { workspaceId, providerId, openedAt: Date.now() };
  /** Claimed, and to be refused in place of being sent. */
  const unwanted = new WeakSet<OutboundMessage>();
  return {
    limits: adapter.limits,
    claim: async (owner, limit) => {
      await lane.prepare?.();
      const messages = await claimMessages(db, workspaceId, providerId, owner, limit);
      for (const message of await unwantedByNow(db, opened, messages)) unwanted.add(message);
      return messages;
    },
    send: (message, signal) => {
      if (unwanted.has(message)) return Promise.resolve({ kind: "refused", error: stopped });
      const wait = pairs?.take(message.recipient, performance.now()) ?? 0;
      return wait > 0 ? Promise.resolve({ kind: "turn", afterMs: wait }) : sender.send(message, signal);
    },
    settle: async (settled) => {
      const settlements = settled.map((s) => settlementOf(s, repeatIsHarmless));
      const settle = (tx: Database): Promise<void> => settleMessages(tx, workspaceId, providerId, settlements, lane.listeners, lane.submittedListeners);
      // What the provider took is settled by one statement, which is a transaction by itself, unless somebody counts it.
      await (settlements.some(isKept) || settled.some(({ job }) => job.counted) ? db.transaction().execute(settle) : settle(db));
      live.changed(workspaceId, "messages");
    },
    release: (messages) => releaseMessages(db, workspaceId, messages.map((m) => m.messageId)),
    restore: (owner, mine) => restoreClaimed(db, workspaceId, providerId, owner, mine.map((m) => m.messageId)),
    recover: async () => {
      await recoverClaimed(db, workspaceId, providerId, { until: new Date(Date.now() + AMBIGUOUS_WAIT_MS), repeatIsHarmless });
    },
    sweep: (now) => sweepOutbox(db, workspaceId, providerId, now),
    close: () => sender.close(),
  };
}

function settlementOf({ job, outcome, startedAt, endedAt }: Settled<OutboundMessage>, repeatIsHarmless: boolean): Settlement {
  const base = { messageId: job.messageId, startedAt, endedAt, httpStatus: outcome.httpStatus, answer: outcome.answer };
  switch (outcome.kind) {
    case "submitted":
      return { ...base, kind: "submitted", wireId: outcome.wireId };
    case "refused":
      return { ...base, kind: "failed", error: outcome.error };
    case "turn":
      return { ...base, kind: "again", dueAt: new Date(endedAt.getTime() + outcome.afterMs), counted: false, error: waitingForTurn };
    case "laneDown":
      return { ...base, kind: "again", dueAt: endedAt, counted: false, error: outcome.error };
    case "retry":
      if (outcome.throttled) return { ...base, kind: "again", dueAt: new Date(endedAt.getTime() + (retryDelay("backOff", 1) ?? 0)), counted: false, error: outcome.error };
      return again(base, job.attempts, outcome.pace, outcome.error);
    case "ambiguous":
      if (repeatIsHarmless) return again(base, job.attempts, "backOff", outcome.error);
      return { ...base, kind: "ambiguous", until: new Date(endedAt.getTime() + AMBIGUOUS_WAIT_MS), error: outcome.error };
  }
}

function again(
  base: Pick<Settlement, "messageId" | "startedAt" | "endedAt" | "httpStatus" | "answer">,
  attempts: number,
  pace: (Outcome & { kind: "retry" })["pace"],
  error: (Outcome & { kind: "retry" })["error"],
): Settlement {
  const wait = retryDelay(pace, attempts);
  if (wait === null) return { ...base, kind: "failed", error };
  return { ...base, kind: "again", dueAt: new Date(base.endedAt.getTime() + wait), counted: true, error };
}

const waitingForTurn = { source: "tincan", code: 131056, title: "Waits for its turn: too many messages to this person in a short time" } as const;
