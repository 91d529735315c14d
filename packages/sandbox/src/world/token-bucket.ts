/** A bucket that refills steadily: the pair rate and the number's throughput. Times are virtual milliseconds. */
export class TokenBucket {
  #level: number;
  #at: number;
  readonly capacity: number;
  readonly perMs: number;

  constructor(capacity: number, perMs: number, now: number) {
    this.capacity = capacity;
    this.perMs = perMs;
    this.#level = capacity;
    this.#at = now;
  }

  take(now: number): boolean {
    this.#level = Math.min(this.capacity, this.#level + Math.max(0, now - this.#at) * this.perMs);
    this.#at = now;
    if (this.#level < 1) return false;
    this.#level -= 1;
    return true;
  }
}
