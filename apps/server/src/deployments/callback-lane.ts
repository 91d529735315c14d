/**
 * The way back to a platform: one lane per deployment, working through its callbacks (states in tables.ts).
 *
 * A job is one request: up to `callbackBatchSize` statuses, or one inbound message. CleverTap does not deduplicate, so a request
 * is repeated only when it was refused or no answer came (CleverTap: Generic SMS, delivery report, which shares the host). Gaps grow
 * from ten seconds to eight hours; after 72 hours of failing a callback is parked and waits for somebody to replay it.
 *
 * A platform that is away (no connection, no answer, 5xx) also opens the lane's breaker, so that it is not hammered, and nothing of
 * this is ever waited for by the sending of messages: the lane only reads what was committed.
 */
import { Agent } from "undici";
import type { buildConnector } from "undici";
import type { Database } from "../database/connection.ts";
import type { Live } from "../database/live.ts";
import type { Secrets } from "../database/secrets.ts";
import type { LaneWork, OpenWork, Settled } from "../lanes/work.ts";
import { formJobs, type CallbackJob } from "./callback-jobs.ts";
import {
  claimCallbacks, type FailedAttempt, parkOverdue, recoverCallbacks, releaseCallbacks, releaseDue, releaseUnanswered, restoreCallbacks, settleDelivered,
  settleFailed,
} from "./callback-store.ts";
import type { MediaLinks } from "./media-mark.ts";
import { CALLBACK_TIMEOUT_MS, sendCallback } from "./send-callback.ts";
import { findDeployment, type StoredDeployment } from "./store.ts";

/** Requests under way at once; at 100 statuses each, 8 carry some 8,000 statuses a second over a 100 ms wire. CleverTap publishes no limit. */
const CONCURRENCY = 8;

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
/** Waits after the first, second, … failure; the last one repeats. */
const GAPS = [10 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE, 30 * MINUTE, HOUR, 2 * HOUR, 4 * HOUR, 8 * HOUR];
/** A callback that has failed for this long is parked. */
const PATIENCE_MS = 72 * HOUR;
/** How often callbacks that never left (the breaker was open) are looked through for overdue ones. */
const PARK_EVERY_MS = MINUTE;

export interface CallbackLaneDeps {
  db: Database;
  live: Live;
  secrets: Secrets;
  media: MediaLinks;
  /** guardedConnector(policy): a platform's URL is typed in by people. */
  connect: buildConnector.connector;
  /** Tells the lane that there may be more to claim, within some tens of ms. */
  wake: (laneId: string) => void;
}

/** Opens the lane of a deployment; null when it is gone. */
export function openCallbackLane(deps: CallbackLaneDeps): OpenWork {
  return async (workspaceId, laneId) => {
    const deployment = await findDeployment(deps.db, deps.secrets, workspaceId, laneId);
    return deployment && callbackWork(deps, deployment);
  };
}

export function callbackWork(deps: CallbackLaneDeps, deployment: StoredDeployment): LaneWork<CallbackJob> {
  const { db, live } = deps;
  const { workspaceId, id, webhooks, settings } = deployment;
  const status = webhooks.status ?? webhooks.inbound;
  const inbound = webhooks.inbound ?? webhooks.status;
  const agent = new Agent({
    connections: CONCURRENCY,
    pipelining: 1,
    headersTimeout: CALLBACK_TIMEOUT_MS,
    bodyTimeout: CALLBACK_TIMEOUT_MS,
    maxResponseSize: 256 * 1024,
    connect: deps.connect,
  });
  // Two hosts fail apart: then one that is away must not stop what goes to the other.
  const oneHost = new Set([status, inbound].map((url) => url && new URL(url).host)).size === 1;
  let answeredSinceFailure = true;
  let parkedAt = 0;

  return {
    limits: { concurrency: CONCURRENCY, timeoutMs: CALLBACK_TIMEOUT_MS },

    claim: async (owner, limit) => {
      if (!status) return [];
      const rows = await claimCallbacks(db, workspaceId, id, owner, limit, settings.callbackBatchSize);
      const { jobs, leftOver } = formJobs(rows, settings.callbackBatchSize);
      await releaseCallbacks(db, workspaceId, leftOver.map((callback) => callback.id));
      return jobs;
    },

    send: async (job, signal) => {
      const url = job.kind === "status" ? status : inbound;
      const outcome = await sendCallback(agent, { workspaceId, url: url!, job, media: deps.media }, signal);
      return outcome.kind === "laneDown" && !oneHost ? { ...outcome, kind: "retry", pace: "backOff" } : outcome;
    },

    settle: async (settled) => {
      await db.transaction().execute(async (tx) => {
        const delivered = settled.filter((s) => s.outcome.kind === "submitted").flatMap((s) => s.job.callbacks.map((c) => ({ id: c.id, at: s.endedAt })));
        if (delivered.length > 0) await settleDelivered(tx, workspaceId, delivered);
        const unsent = settled.filter((s) => s.outcome.kind === "turn").flatMap((s) => s.job.callbacks.map((c) => c.id));
        await releaseCallbacks(tx, workspaceId, unsent);
        const failed = settled.flatMap(failuresOf);
        if (failed.length > 0) await settleFailed(tx, workspaceId, failed);
      });
      if (settled.some((s) => s.outcome.kind === "laneDown" || s.outcome.kind === "ambiguous")) answeredSinceFailure = false;
      else if (!answeredSinceFailure && settled.some((s) => s.outcome.kind === "submitted")) {
        answeredSinceFailure = true;
        await releaseUnanswered(db, workspaceId, id);
      }
      live.changed(workspaceId, "callbacks");
      // Statuses that waited for one of these may go now.
      deps.wake(id);
    },

    release: (jobs) => releaseCallbacks(db, workspaceId, jobs.flatMap((job) => job.callbacks.map((c) => c.id))),
    restore: (owner, mine) => restoreCallbacks(db, workspaceId, id, owner, mine.flatMap((job) => job.callbacks.map((c) => c.id))),
    recover: () => recoverCallbacks(db, workspaceId, id),

    sweep: async (now) => {
      if (now.getTime() - parkedAt >= PARK_EVERY_MS) {
        parkedAt = now.getTime();
        const failure = { at: now.toISOString(), since: now.toISOString(), httpStatus: null, message: "The platform did not answer for 72 hours." };
        const parked = await parkOverdue(db, workspaceId, id, new Date(now.getTime() - PATIENCE_MS), failure);
        if (parked > 0) live.changed(workspaceId, "callbacks");
      }
      return { released: await releaseDue(db, workspaceId, id, now) };
    },

    close: () => agent.close(),
  };
}

/** One failed attempt for each callback of a request that was not taken. */
function failuresOf({ job, outcome, startedAt, endedAt }: Settled<CallbackJob>): FailedAttempt[] {
  if (outcome.kind === "submitted" || outcome.kind === "turn") return [];
  const message = outcome.error.details ?? outcome.error.title;
  return job.callbacks.map((callback) => {
    const since = callback.lastFailure ? new Date(callback.lastFailure.since) : startedAt;
    return {
      id: callback.id,
      startedAt,
      durationMs: endedAt.getTime() - startedAt.getTime(),
      answer: outcome.answer ?? message,
      failure: { at: endedAt.toISOString(), since: since.toISOString(), httpStatus: outcome.httpStatus ?? null, message },
      dueAt: nextAttempt(callback.attempts, since, endedAt),
    };
  });
}

/** When to try again after one more failure; null when patience is over. The last try comes when it ends. */
export function nextAttempt(failuresBefore: number, since: Date, now: Date, random: () => number = Math.random): Date | null {
  const end = since.getTime() + PATIENCE_MS;
  if (now.getTime() >= end) return null;
  const gap = GAPS[Math.min(failuresBefore, GAPS.length - 1)]! * (1 + random() / 5);
  return new Date(Math.min(now.getTime() + gap, end));
}
