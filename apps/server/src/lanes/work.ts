import type { WireError } from "../ledger/types.ts";

/** What became of one request. Every outcome but `ambiguous` is certain: the other side has taken it, or has not. */
export type Outcome = {
  httpStatus?: number | undefined;
  /** The answer's body, cut to 8,000 characters. */
  answer?: string | undefined;
} & (
  | { kind: "submitted"; wireId?: string | undefined }
  /** Refused for good. */
  | { kind: "refused"; error: WireError }
  /**
   * Not taken, worth another try: `backOff` soon and slower each time, `pairBackOff` 4^n s (too many to one person), `later` in
   * hours. `throttled` says that everybody is asked to slow down, not this message: the lane does, and the try does not count.
   * `turn` was not even asked: our own pacing puts it off by `afterMs`, and the try does not count.
   */
  | { kind: "retry"; pace: "backOff" | "pairBackOff" | "later"; throttled?: boolean; error: WireError }
  | { kind: "turn"; afterMs: number }
  /** Nobody knows whether it was taken (time-out, connection lost after the request left, a 5xx): it is not repeated. */
  | { kind: "ambiguous"; error: WireError }
  /** Not taken, and the next one would fare no better: the lane opens its breaker; the job goes back unharmed. */
  | { kind: "laneDown"; cause: "credentials" | "endpoint"; error: WireError }
);

/** Whether the other side was asked at all. It was not when our own pacing put the job off, or when we refused it ourselves. */
export function wasAsked(outcome: Outcome): boolean {
  return outcome.kind !== "turn" && !(outcome.kind === "refused" && outcome.error.source === "tincan");
}

export interface Settled<Job> {
  job: Job;
  outcome: Outcome;
  /** When the request left, and when its outcome was known. */
  startedAt: Date;
  endedAt: Date;
}

/** How fast a lane may go. */
export interface LaneLimits {
  /** Requests in flight at once, over all processes (one process owns the lane). */
  concurrency: number;
  /** Requests per second; unlimited when absent. */
  ratePerSecond?: number | undefined;
  /** How long `send` waits for an answer, in ms; after that the outcome is ambiguous. */
  timeoutMs: number;
}

/**
 * What a lane carries: declared here, implemented by the ledger's outbox for providers and by deployments for callbacks.
 * At most one `claim` and one `settle` run at a time per lane, beside one another; `send` runs up to the lane's concurrency at once.
 */
export interface LaneWork<Job> {
  readonly limits: LaneLimits;
  /** Marks up to `limit` due jobs as being sent and returns them, only while `owner` holds the lane's lease. */
  claim(owner: string, limit: number): Promise<Job[]>;
  /**
   * Sends one job, and ends by itself within the wire's own time-out. `signal` fires only when the process shuts down. Must not
   * throw for anything the wire does; an exception counts as ambiguous.
   */
  send(job: Job, signal: AbortSignal): Promise<Outcome>;
  /** Stores outcomes; called with at least one. Resolves when committed. */
  settle(settled: Settled<Job>[]): Promise<void>;
  /** Puts claimed jobs back untouched (pause, shutdown, breaker): their requests never left. */
  release(jobs: Job[]): Promise<void>;
  /**
   * Called after a claim or a release whose answer was lost (connection broken): jobs marked as claimed that are not among `mine` never
   * left, and go back. Only as long as nobody has taken the lane over from `owner`, however late its lease is renewed.
   */
  restore(owner: string, mine: Job[]): Promise<void>;
  /** Called when this process takes the lane over: what an earlier owner claimed is now ambiguous, or asked again if repeats are harmless. */
  recover(): Promise<void>;
  /** Moves jobs whose time has come: held ones become ready, ambiguous ones past their time become unknown. Called about once a second. */
  sweep(now: Date): Promise<{ released: number }>;
  /** Frees connections. */
  close(): Promise<void>;
}

/** Makes the work of one lane when a process takes the lane over or its settings changed. Handed in by main.ts, one per kind. */
export type OpenWork = (workspaceId: string, laneId: string) => Promise<LaneWork<unknown> | null>;
