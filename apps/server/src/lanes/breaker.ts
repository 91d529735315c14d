/*
 * The breaker of a lane
 *
 *   closed ──(nothing gets through)──► open ──(its wait is over)──► probing ──(one got through)──► closed
 *                                        ▲                             │
 *                                        └──(it did not; wait doubles)─┘
 *
 * Open means no request leaves and nothing is claimed; messages stay queued, unharmed. Probing lets a single job through.
 */
import type { WireError } from "../ledger/types.ts";
import { wasAsked, type Outcome } from "./work.ts";

export type BreakerState = "closed" | "open" | "probing";
type Cause = "credentials" | "endpoint";

/** So many answers in a row that never came mean that the endpoint is down, not that one message was unlucky. */
const AMBIGUOUS_IN_A_ROW = 10;
/** So many requests in a row to slow down mean that nothing gets through for now, as when an hour's calls are used up. */
const THROTTLED_IN_A_ROW = 20;

/** First wait and longest wait in ms. New credentials come from a person, who also resets the breaker by saving them. */
const waits: Record<Cause, { first: number; longest: number }> = {
  endpoint: { first: 1_000, longest: 30_000 },
  credentials: { first: 15_000, longest: 300_000 },
};

export class Breaker {
  state: BreakerState = "closed";
  /** Why it is not closed, in words for the status strip. */
  reason: string | null = null;
  since: Date | null = null;
  #wait = 0;
  #ambiguous = 0;
  #throttled = 0;
  #probeAt = 0;

  /** Learns from an outcome; what the other side was not asked about says nothing of it. Answers true when the state changed. */
  record(outcome: Outcome, now: Date): boolean {
    if (!wasAsked(outcome)) return false;
    if (outcome.kind === "laneDown") return this.#open(outcome.cause, outcome.error.details ?? outcome.error.title, now);
    if (outcome.kind === "ambiguous") {
      return this.#openAfter(++this.#ambiguous, AMBIGUOUS_IN_A_ROW, outcome.error, now);
    }
    this.#ambiguous = 0;
    if (outcome.kind === "retry" && outcome.throttled) {
      return this.#openAfter(++this.#throttled, THROTTLED_IN_A_ROW, outcome.error, now);
    }
    this.#throttled = 0;
    return this.state !== "closed" && this.reset();
  }

  /** Closes it, as after new settings. Answers true when it was not closed. */
  reset(): boolean {
    const was = this.state;
    this.state = "closed";
    this.reason = null;
    this.since = null;
    this.#wait = 0;
    this.#ambiguous = 0;
    this.#throttled = 0;
    return was !== "closed";
  }

  /** Whether a job may leave now; moves from open to probing when the wait is over. `inFlight` counts requests under way. */
  allows(now: Date, inFlight: number): boolean {
    if (this.state === "open" && now.getTime() >= this.#probeAt) this.state = "probing";
    return this.state === "closed" || (this.state === "probing" && inFlight === 0);
  }

  /** When an open breaker will probe; null when it is not open. */
  get probeAt(): Date | null {
    return this.state === "open" ? new Date(this.#probeAt) : null;
  }

  /** Opens when that many were seen in a row; while it probes, at once. */
  #openAfter(seen: number, most: number, { details, title }: WireError, now: Date): boolean {
    return (seen >= most || this.state !== "closed") && this.#open("endpoint", details ?? title, now);
  }

  #open(cause: Cause, reason: string, now: Date): boolean {
    const changed = this.state === "closed";
    // Requests that were under way when it opened all fail together; they do not lengthen the wait.
    if (this.state !== "open") {
      const { first, longest } = waits[cause];
      this.#wait = this.#wait === 0 ? first : Math.min(longest, this.#wait * 2);
      this.#probeAt = now.getTime() + this.#wait;
    }
    this.state = "open";
    this.reason = reason;
    this.since ??= now;
    return changed;
  }
}
