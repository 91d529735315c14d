/** After a mistake so many batches must find nobody; twice as many after each further one, up to the second number. */
const FIRST = 2;
const MOST = 64;

/**
 * Whether the people of the next batch are likely to be new. They are until somebody is known after all: that batch is done in vain, so the ones
 * after it look everybody up, until several of them have found nobody.
 */
export class Doubt {
  #next = FIRST;
  /** Batches that must still find nobody. */
  #left = 0;

  get areLikelyNew(): boolean {
    return this.#left === 0;
  }

  /** They were taken for new ones, and somebody was not. */
  mistaken(): void {
    this.#left = this.#next;
    this.#next = Math.min(this.#next * 2, MOST);
  }

  /** Everybody of a batch was looked up. */
  lookedUp(foundSomebody: boolean): void {
    this.#left = foundSomebody ? Math.max(this.#left, FIRST) : Math.max(this.#left - 1, 0);
  }
}
