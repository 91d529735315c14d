/**
 * The sandbox's time. It runs with the machine's clock and can be moved forward: everything that was due in between then
 * happens in order, each thing at its own time, so that a 24-hour window or a week of retries can be tried in a moment.
 */
export class VirtualClock {
  #offset = 0;
  #sequence = 0;
  #heap: Timer[] = [];
  #wake: NodeJS.Timeout | undefined;
  #wakeAt = Infinity;
  #advancing = false;
  #closed = false;
  #last: Promise<void> = Promise.resolve();

  /** Milliseconds since 1970, in virtual time. */
  now(): number {
    return Date.now() + this.#offset;
  }

  /** Unix seconds, in virtual time. */
  seconds(): number {
    return Math.floor(this.now() / 1000);
  }

  /** Runs something after so many virtual milliseconds; the answer cancels it. */
  after(ms: number, run: () => void): () => void {
    const timer: Timer = { at: this.now() + Math.max(0, ms), sequence: this.#sequence++, run };
    push(this.#heap, timer);
    this.#arm();
    return () => {
      timer.run = undefined;
    };
  }

  /**
   * Moves time forward. Things due within 50 ms of each other run together; `settle` is awaited before the first and after
   * each such group, so that an answer that arrives meanwhile (a refused webhook) can schedule its own next step within the
   * same advance. Calls follow one another.
   */
  advance(ms: number, settle: () => Promise<void>): Promise<void> {
    this.#last = this.#last.catch(() => undefined).then(() => this.#advance(ms, settle));
    return this.#last;
  }

  async #advance(ms: number, settle: () => Promise<void>): Promise<void> {
    this.#advancing = true;
    try {
      await settle();
      const target = this.now() + ms;
      for (let next = this.#heap[0]; next && next.at <= target; next = this.#heap[0]) {
        this.#moveTo(next.at);
        this.#runDue(Math.min(target, next.at + 50));
        await settle();
      }
      this.#moveTo(target);
    } finally {
      this.#advancing = false;
      this.#arm();
    }
  }

  /** Forgets everything scheduled and returns to the machine's time. */
  reset(): void {
    this.#heap = [];
    this.#offset = 0;
    this.#disarm();
  }

  close(): void {
    this.#closed = true;
    this.#heap = [];
    this.#disarm();
  }

  #moveTo(at: number): void {
    const ahead = at - this.now();
    if (ahead > 0) this.#offset += ahead;
  }

  #runDue(until: number): void {
    for (let next = this.#heap[0]; next && next.at <= until; next = this.#heap[0]) {
      pop(this.#heap);
      next.run?.();
    }
  }

  #disarm(): void {
    clearTimeout(this.#wake);
    this.#wake = undefined;
    this.#wakeAt = Infinity;
  }

  #arm(): void {
    const next = this.#heap[0];
    if (!next || this.#advancing || this.#closed || next.at - this.#offset >= this.#wakeAt) return;
    this.#disarm();
    // Node's timers hold 31 bits of milliseconds; a later thing is looked at again after a day.
    const delay = Math.min(Math.max(0, next.at - this.now()), 86_400_000);
    this.#wakeAt = next.at - this.#offset;
    this.#wake = setTimeout(() => {
      this.#disarm();
      if (this.#advancing || this.#closed) return;
      this.#runDue(this.now());
      this.#arm();
    }, delay);
    this.#wake.unref();
  }
}

interface Timer {
  at: number;
  sequence: number;
  run: (() => void) | undefined;
}

function before(a: Timer, b: Timer): boolean {
  return a.at < b.at || (a.at === b.at && a.sequence < b.sequence);
}

function push(heap: Timer[], timer: Timer): void {
  let index = heap.length;
  heap.push(timer);
  while (index > 0) {
    const parent = (index - 1) >> 1;
    if (!before(timer, heap[parent]!)) break;
    heap[index] = heap[parent]!;
    index = parent;
  }
  heap[index] = timer;
}

function pop(heap: Timer[]): void {
  const last = heap.pop();
  if (!last || heap.length === 0) return;
  let index = 0;
  for (;;) {
    let child = 2 * index + 1;
    if (child >= heap.length) break;
    if (child + 1 < heap.length && before(heap[child + 1]!, heap[child]!)) child++;
    if (!before(heap[child]!, last)) break;
    heap[index] = heap[child]!;
    index = child;
  }
  heap[index] = last;
}
