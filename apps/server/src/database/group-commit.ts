/**
 * Group commit. Items that arrive while a commit runs wait together and go into the next one, so that a thousand concurrent
 * requests cost a few transactions instead of a thousand, and each still gets its answer after its own commit.
 *
 *   idle ──add──► collecting (until the end of this turn of the event loop) ──► committing ──► idle, or the next batch on the beat
 *
 * A batch fails as a whole in the database. When the reason is in the data (SQLSTATE class 22 or 23) the batch is halved until
 * only the guilty item is refused; a deadlock or serialization failure is tried again once; anything else (connection lost:
 * the outcome is not known) refuses the whole batch, and each caller answers an error, so that its sender repeats.
 */
import type { Transaction } from "kysely";
import type { Database } from "./connection.ts";
import type { Schema } from "./schema.ts";

export interface GroupCommitOptions<Item, Result> {
  db: Database;
  /** Most items in one transaction. */
  maxBatch: number;
  /** Batches under way at the same time; 1 keeps the order of arrival. */
  parallel?: number;
  /** Least time from the begin of one batch to the next, in ms. */
  beatMs?: number;
  /** Does the work of a batch in one transaction; answers one result per item, in the same order. */
  commit(tx: Transaction<Schema>, items: readonly Item[]): Promise<readonly Result[]>;
}

/** A busy endpoint waits this long for company: each transaction it saves is processor time for requests. An idle one does not wait. */
const BEAT_MS = 4;

interface Waiting<Item, Result> {
  item: Item;
  resolve(result: Result): void;
  reject(reason: unknown): void;
}

export class GroupCommit<Item, Result> {
  readonly #options: GroupCommitOptions<Item, Result>;
  #waiting: Waiting<Item, Result>[] = [];
  #running = 0;
  #scheduled = false;
  #lastStart = -Infinity;
  #idle: (() => void)[] = [];

  constructor(options: GroupCommitOptions<Item, Result>) {
    this.#options = options;
  }

  /** Items not yet committed, those under way not counted. */
  get waiting(): number {
    return this.#waiting.length;
  }

  /** Answers once the transaction that holds the item has been committed; rejects if it was not. */
  add(item: Item): Promise<Result> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ item, resolve, reject });
      this.#schedule();
    });
  }

  /** Answers when everything added so far has been committed or refused. */
  drained(): Promise<void> {
    if (this.#running === 0 && this.#waiting.length === 0) return Promise.resolve();
    return new Promise((resolve) => this.#idle.push(resolve));
  }

  #schedule(): void {
    if (this.#scheduled || this.#waiting.length === 0 || this.#running >= (this.#options.parallel ?? 1)) return;
    this.#scheduled = true;
    const wait = this.#lastStart + (this.#options.beatMs ?? BEAT_MS) - performance.now();
    if (wait > 0) setTimeout(() => this.#start(), wait);
    else setImmediate(() => this.#start());
  }

  #start(): void {
    this.#scheduled = false;
    const batch = this.#waiting.splice(0, this.#options.maxBatch);
    this.#running++;
    this.#lastStart = performance.now();
    void this.#run(batch, true).then(() => {
      this.#running--;
      if (this.#waiting.length > 0) this.#schedule();
      else if (this.#running === 0) this.#tellIdle();
    });
    this.#schedule();
  }

  #tellIdle(): void {
    for (const done of this.#idle.splice(0)) done();
  }

  /** Never rejects: every item's promise is settled here. */
  async #run(batch: Waiting<Item, Result>[], retry: boolean): Promise<void> {
    try {
      const items = batch.map((w) => w.item);
      const results = await this.#options.db.transaction().execute((tx) => this.#options.commit(tx, items));
      if (results.length !== items.length) throw new Error(`A group commit answered ${results.length} results for ${items.length} items.`);
      for (const [i, w] of batch.entries()) w.resolve(results[i] as Result);
    } catch (cause) {
      const state = sqlState(cause);
      if (retry && (state === "40001" || state === "40P01")) return this.#run(batch, false);
      if (batch.length > 1 && (state.startsWith("22") || state.startsWith("23"))) {
        const half = batch.length >> 1;
        await this.#run(batch.slice(0, half), true);
        return this.#run(batch.slice(half), true);
      }
      for (const w of batch) w.reject(cause);
    }
  }
}

function sqlState(cause: unknown): string {
  return cause instanceof Error && "code" in cause && typeof cause.code === "string" ? cause.code : "";
}
