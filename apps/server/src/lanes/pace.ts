/** A token bucket on a monotonic clock: `rate` tokens a second, at most `burst` saved up. */
export class TokenBucket {
  readonly #rate: number;
  readonly #burst: number;
  #tokens: number;
  #at: number;

  /** @param nowMs any monotonic clock in ms; the same one must be given to `take` */
  constructor(rate: number, burst: number, nowMs: number) {
    this.#rate = rate;
    this.#burst = burst;
    this.#tokens = burst;
    this.#at = nowMs;
  }

  /** Takes a token and answers 0, or takes none and answers how many ms to wait for the next. */
  take(nowMs: number): number {
    this.#tokens = Math.min(this.#burst, this.#tokens + ((nowMs - this.#at) / 1000) * this.#rate);
    this.#at = nowMs;
    if (this.#tokens >= 1) {
      this.#tokens -= 1;
      return 0;
    }
    return Math.ceil(((1 - this.#tokens) / this.#rate) * 1000);
  }
}

/** Meta: one message in 6 s to one person, with up to 45 borrowed from the time after (throughput, pair rate). */
const PAIR_RATE = 1 / 6;
const PAIR_BURST = 45;
/** People remembered at once; whoever has been quiet longest is forgotten first, and starts again with a full allowance. */
const PAIR_PEOPLE = 50_000;

/** The pair rate of one business number: how fast one person may be written to. */
export class PairRate {
  readonly #buckets = new Map<string, TokenBucket>();

  /** Answers 0 when `recipient` may be written to now, else the ms to wait. */
  take(recipient: string, nowMs: number): number {
    let bucket = this.#buckets.get(recipient);
    if (bucket) this.#buckets.delete(recipient);
    else bucket = new TokenBucket(PAIR_RATE, PAIR_BURST, nowMs);
    this.#buckets.set(recipient, bucket);
    if (this.#buckets.size > PAIR_PEOPLE) {
      const oldest = this.#buckets.keys().next().value;
      if (oldest !== undefined) this.#buckets.delete(oldest);
    }
    return bucket.take(nowMs);
  }
}
