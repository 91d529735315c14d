/*
 * A lane at work in the one process that holds its lease.
 *
 *   database ──claim──► buffer ──(limit, rate, breaker allow)──► in flight ──► done ──settle──► database
 *
 * Turn by turn it settles what is done and claims what is wanted, both at once, while sending goes on beside it. A job is marked
 * claimed in the database before its request leaves, so a crash at any line leaves it either ready, or claimed and then ambiguous.
 * Pausing, losing the lease and shutting down put the buffer back; requests under way are waited for.
 */
import { setMaxListeners } from "node:events";
import { Breaker } from "./breaker.ts";
import { Meter } from "./meter.ts";
import { TokenBucket } from "./pace.ts";
import type { Turns } from "./turns.ts";
import { type LaneWork, type Outcome, type Settled, wasAsked } from "./work.ts";

export interface LaneStats {
  /** Requests answered per second, over the last few seconds. */
  rate: number;
  inFlight: number;
  limit: number;
  /** Requests per second allowed; null without a limit. */
  rateLimit: number | null;
  /** When an open breaker will let one job through. */
  nextProbeAt: string | null;
  lastSentAt: string | null;
  /** Share of the last few seconds' requests that were not taken, 0 to 1. */
  errorRate: number;
}

interface LaneOptions {
  owner: string;
  log: { warn(details: object, message: string): void };
  /** Shared by the process's lanes. */
  turns: Turns;
  /** Called when the breaker opens or closes, to be shown. */
  onBreaker: () => void;
}

/** Stop claiming after a database error for this long. */
const DATABASE_PAUSE_MS = 500;
/**
 * Least time from one turn at the database to the next. A lane that was idle turns at once; a busy one settles and claims in
 * batches, which costs up to this much in settling late and saves most of its transactions.
 */
const TURN_MS = 10;

export class Lane<Job> {
  readonly breaker = new Breaker();
  readonly #work: LaneWork<Job>;
  readonly #options: LaneOptions;
  readonly #bucket: TokenBucket | null;
  readonly #inFlight = new Set<Job>();
  readonly #shutdown = new AbortController();
  readonly #meter = new Meter();
  #buffer: Job[] = [];
  #done: Settled<Job>[] = [];
  #leaseUntil = 0;
  #paused = false;
  #recalled = false;
  #stopping = false;
  #moreToClaim = true;
  /** The database may hold jobs as claimed that are not here: the answer of a claim or of a release was lost. */
  #inDoubt = false;
  /** The last turn at the database failed. */
  #broken = false;
  #turning: Promise<void> | null = null;
  #lastTurn = 0;
  #nextTurn: NodeJS.Timeout | undefined;
  #nextToken: NodeJS.Timeout | undefined;
  #lastSentAt: Date | null = null;

  constructor(work: LaneWork<Job>, options: LaneOptions) {
    this.#work = work;
    // Every request under way listens to the one signal.
    setMaxListeners(0, this.#shutdown.signal);
    this.#options = options;
    const rate = work.limits.ratePerSecond;
    // A tenth of a second's worth may leave together; more would exceed the provider's own count.
    this.#bucket = rate === undefined ? null : new TokenBucket(rate, Math.max(1, rate / 10), performance.now());
  }

  /** The lease is ours until `untilMs` on the monotonic clock; nothing leaves after that. */
  extendLease(untilMs: number): void {
    this.#leaseUntil = untilMs;
    this.#run();
  }

  /** There may be something new to claim. */
  wake(): void {
    this.#moreToClaim = true;
    this.#run();
  }

  setPaused(paused: boolean): void {
    if (paused === this.#paused) return;
    this.#paused = paused;
    this.#moreToClaim = true;
    this.#run();
  }

  /** Something in the buffer may no longer leave: all of it goes back to the database, and what may leave is claimed again. */
  recall(): void {
    this.#recalled = true;
    this.#moreToClaim = true;
    this.#run();
  }

  async sweep(now: Date): Promise<void> {
    const { released } = await this.#work.sweep(now);
    // Also when nothing was released: a wake-up from another process may have been lost.
    if (released > 0 || this.#idle) this.wake();
  }

  stats(): LaneStats {
    const { concurrency, ratePerSecond } = this.#work.limits;
    return {
      ...this.#meter.read(),
      inFlight: this.#inFlight.size,
      limit: concurrency,
      rateLimit: ratePerSecond ?? null,
      nextProbeAt: this.breaker.probeAt?.toISOString() ?? null,
      lastSentAt: this.#lastSentAt?.toISOString() ?? null,
    };
  }

  /** Puts back what has not left, waits up to `graceMs` for what has, gives up on the rest as ambiguous, and stores it all. */
  async stop(graceMs: number): Promise<void> {
    this.#stopping = true;
    clearTimeout(this.#nextToken);
    this.#run();
    const deadline = performance.now() + graceMs;
    while (this.#inFlight.size > 0 && performance.now() < deadline) await sleep(20);
    this.#shutdown.abort(new Error("shutting down"));
    while (this.#inFlight.size > 0) await sleep(5);
    for (;;) {
      await this.#turning;
      if (!this.#hasWork() || this.#broken) break;
      this.#run();
    }
    clearTimeout(this.#nextTurn);
    await this.#work.close();
  }

  get #idle(): boolean {
    return this.#buffer.length === 0 && this.#inFlight.size === 0;
  }

  get #leased(): boolean {
    return performance.now() < this.#leaseUntil;
  }

  get #mayLaunch(): boolean {
    return !this.#stopping && !this.#paused && !this.#recalled && this.#leased;
  }

  #run(): void {
    this.#launch();
    if (this.#turning || !this.#hasWork()) return;
    const wait = this.#stopping ? 0 : this.#lastTurn + TURN_MS - performance.now();
    if (wait <= 0) return this.#turn();
    this.#nextTurn ??= setTimeout(() => {
      this.#nextTurn = undefined;
      if (!this.#turning) this.#turn();
    }, wait);
  }

  #turn(): void {
    this.#lastTurn = performance.now();
    this.#turning = this.#options.turns.take(() => this.#settleAndClaim()).finally(() => {
      this.#turning = null;
      if (!(this.#stopping && this.#broken)) this.#run();
    });
  }

  #hasWork(): boolean {
    return this.#done.length > 0 || this.#recalled || this.#inDoubt || (this.#buffer.length > 0 && !this.#mayHold()) || this.#wanted() > 0;
  }

  /** Whether claimed jobs may stay in the buffer; if not they go back to the database. */
  #mayHold(): boolean {
    return this.#mayLaunch && this.breaker.state !== "open";
  }

  /** How many jobs to claim now. The buffer stays small: after a crash, what is in it is ambiguous although it never left. */
  #wanted(): number {
    if (!this.#moreToClaim || !this.#mayLaunch || !this.breaker.allows(new Date(), this.#inFlight.size)) return 0;
    if (this.breaker.state === "probing") return this.#idle ? 1 : 0;
    const { concurrency, ratePerSecond } = this.#work.limits;
    const most = Math.ceil(concurrency * 1.5);
    const target = ratePerSecond === undefined ? most : Math.min(most, Math.ceil(ratePerSecond / 8));
    const free = target - this.#buffer.length;
    // Small claims cost as much as large ones: wait until a quarter of the buffer is free.
    return free * 4 >= target ? free : 0;
  }

  async #settleAndClaim(): Promise<void> {
    try {
      if (this.#inDoubt || !this.#mayHold()) {
        await this.#settle();
        if (!this.#mayHold()) await this.#putBack();
        // A recall that comes from here on finds the claim under way, and is met in the next turn.
        this.#recalled = false;
        await this.#restore();
      }
      const beside = this.#done.length > 0 && this.#wanted() > 0;
      await both(this.#settle(), this.#claim());
      // What was settled may have made more ready than the claim beside it could see.
      if (beside) this.#moreToClaim = true;
      this.#broken = false;
    } catch (cause) {
      this.#broken = true;
      this.#options.log.warn({ err: cause }, "A lane waits for the database");
      if (!this.#stopping) await sleep(DATABASE_PAUSE_MS);
    }
  }

  async #settle(): Promise<void> {
    const settled = this.#done;
    if (settled.length === 0) return;
    this.#done = [];
    try {
      await this.#work.settle(settled);
    } catch (cause) {
      this.#done = [...settled, ...this.#done];
      throw cause;
    }
  }

  async #putBack(): Promise<void> {
    const jobs = this.#buffer;
    if (jobs.length === 0) return;
    this.#buffer = [];
    this.#moreToClaim = true;
    // When another process may hold the lane by now, or the answer is lost and they may be back already, they must not stay here as
    // well, or they could leave twice: restoring finds out.
    const inDoubt = this.#inDoubt;
    this.#inDoubt = true;
    if (!this.#leased) return;
    await this.#work.release(jobs);
    this.#inDoubt = inDoubt;
  }

  async #restore(): Promise<void> {
    if (!this.#inDoubt) return;
    await this.#work.restore(this.#options.owner, [...this.#buffer, ...this.#inFlight, ...this.#done.map((s) => s.job)]);
    this.#inDoubt = false;
  }

  async #claim(): Promise<void> {
    const wanted = this.#wanted();
    if (wanted === 0) return;
    this.#moreToClaim = false;
    try {
      const jobs = await this.#work.claim(this.#options.owner, wanted);
      if (jobs.length === wanted) this.#moreToClaim = true;
      this.#buffer.push(...jobs);
    } catch (cause) {
      this.#moreToClaim = true;
      this.#inDoubt = true;
      throw cause;
    }
  }

  #launch(): void {
    while (this.#buffer.length > 0 && this.#mayLaunch && this.#inFlight.size < this.#work.limits.concurrency) {
      if (!this.breaker.allows(new Date(), this.#inFlight.size)) return;
      const wait = this.#bucket?.take(performance.now()) ?? 0;
      if (wait > 0) {
        this.#nextToken ??= setTimeout(() => {
          this.#nextToken = undefined;
          this.#run();
        }, wait);
        return;
      }
      const job = this.#buffer.shift();
      if (job !== undefined) void this.#send(job);
    }
  }

  async #send(job: Job): Promise<void> {
    this.#inFlight.add(job);
    const startedAt = new Date();
    let outcome: Outcome;
    try {
      outcome = await this.#work.send(job, this.#shutdown.signal);
    } catch (cause) {
      outcome = { kind: "ambiguous", error: { source: "tincan", code: 0, title: "The request broke off", details: String(cause) } };
      this.#options.log.warn({ err: cause }, "Sending threw instead of answering with an outcome");
    }
    const endedAt = new Date();
    this.#inFlight.delete(job);
    if (wasAsked(outcome)) {
      this.#lastSentAt = endedAt;
      this.#meter.count(outcome.kind === "submitted");
    }
    this.#done.push({ job, outcome, startedAt, endedAt });
    if (this.breaker.record(outcome, endedAt)) {
      this.#moreToClaim = true;
      this.#options.onBreaker();
    }
    this.#run();
  }
}

/** Waits for the end of both, whatever becomes of either. */
async function both(one: Promise<void>, other: Promise<void>): Promise<void> {
  const failed = (await Promise.allSettled([one, other])).find((each) => each.status === "rejected");
  if (failed) throw failed.reason;
}

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
