/** One figure, and what it is measured against: another benchmark of the same run. */
export interface Figure {
  value: number;
  /** What else was seen, such as memory or percentiles; printed beside the value. */
  notes?: string;
}

/** Thrown by a benchmark that cannot be run here; says why. */
export class Skipped extends Error {}

export interface Bench {
  name: string;
  unit: string;
  /** The name of the benchmark it is a ratio of. */
  baseline?: string;
  run(): Promise<Figure>;
}

export function defineBench(name: string, unit: string, run: () => Promise<Figure>, baseline?: string): Bench {
  return { name, unit, run, ...(baseline !== undefined && { baseline }) };
}

/** The first quarter of a count is done before the clock starts: connections open, and V8 compiles what runs often. */
const WARM_UP = 0.25;

/** The rate at which `count` things get done once everything is warm. */
export class Progress {
  /** Things per second; known when all are done. */
  readonly rate: Promise<number>;
  readonly #count: number;
  readonly #unmeasured: number;
  #known: (rate: number) => void = () => {};
  #done = 0;
  #startedAt = 0;
  #doneBefore = 0;

  constructor(count: number) {
    this.#count = count;
    this.#unmeasured = Math.floor(count * WARM_UP);
    this.rate = new Promise((resolve) => (this.#known = resolve));
  }

  /** So many more are done. */
  add(things: number): void {
    this.#done += things;
    if (this.#startedAt === 0 && this.#done >= this.#unmeasured) {
      this.#startedAt = performance.now();
      this.#doneBefore = this.#done;
    }
    if (this.#done === this.#count) this.#known((this.#count - this.#doneBefore) / ((performance.now() - this.#startedAt) / 1000));
  }
}
