/**
 * The turns that a process's lanes take at the database. A few at a time: while one waits, its lane gathers more to settle and more
 * room to claim, so a process with many busy lanes makes fewer, larger transactions instead of ever more small ones.
 */
export class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];

  constructor(atOnce: number) {
    this.#free = atOnce;
  }

  /** Runs `turn` as soon as there is room, in order of asking. */
  async take(turn: () => Promise<void>): Promise<void> {
    if (this.#free > 0) this.#free--;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    try {
      await turn();
    } finally {
      const next = this.#waiting.shift();
      if (next) next();
      else this.#free++;
    }
  }
}
