/**
 * Removes what piles up and nobody needs any more, after as many days as the settings say. Every hour, in processes of the role
 * scheduler, workspace by workspace, in batches small enough that nothing waits for them. Two processes doing it at once remove
 * nothing twice and nothing too early.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { FastifyBaseLogger } from "fastify";
import type { Database } from "./database/connection.ts";
import { removeDelivered } from "./deployments/callback-store.ts";
import { forgetRawWebhooks } from "./ledger/forget.ts";
import { forgetClicks } from "./links/forget.ts";
import type { MediaFiles } from "./media/files.ts";
import { forgetCallbackHours } from "./providers/generic/callback-meter.ts";
import { forgetOldUnmatchedRows } from "./segments/forget-people.ts";
import type { Settings } from "./settings.ts";

/** One kind of thing that is removed when it is old. */
interface Kept {
  name: string;
  /** Days it is kept; infinite for good. */
  days: number;
  /** Removes what is older than `before`, calling `rest` after each batch and ending early when that answers false. @returns how many */
  remove(workspaceId: string, before: Date, rest: () => Promise<boolean>): Promise<number>;
}

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
/** A start has better things to do. */
const FIRST_MS = 60_000;
const ROWS_AT_ONCE = 2_000;
const FILES_AT_ONCE = 200;
/** "Last received" of a provider's callbacks is remembered this long; the counts shown beside it are of one day. */
const CALLBACK_HOURS_DAYS = 90;
/** Rows of files that named nobody: strangers' numbers, as a rule. */
const UNMATCHED_ROWS_DAYS = 90;
/** Between two batches, so that they never fill the database's time. */
const REST_MS = 50;

export class Retention {
  readonly #db: Database;
  readonly #kinds: readonly Kept[];
  readonly #log: FastifyBaseLogger;
  readonly #stop = new AbortController();
  #timers: NodeJS.Timeout[] = [];
  #running: Promise<unknown> = Promise.resolve();

  constructor(deps: { db: Database; log: FastifyBaseLogger; kinds: readonly Kept[] }) {
    this.#db = deps.db;
    this.#log = deps.log;
    this.#kinds = deps.kinds.filter((kind) => Number.isFinite(kind.days));
  }

  start(): void {
    const round = (): void => {
      this.#running = this.#running.then(() => this.sweep(new Date())).catch((cause: unknown) => this.#log.warn({ err: cause }, "Old data could not be removed; it is tried again in an hour"));
    };
    this.#timers = [setTimeout(round, FIRST_MS), setInterval(round, HOUR_MS)];
  }

  /** Ends after the batch that is being removed. */
  async stop(): Promise<void> {
    for (const timer of this.#timers) clearTimeout(timer);
    this.#stop.abort();
    await this.#running;
  }

  /** Removes all that is too old at `now`; answers how many of each kind. */
  async sweep(now: Date): Promise<Record<string, number>> {
    const removed: Record<string, number> = {};
    const workspaces = await this.#db.selectFrom("workspaces").select("id").orderBy("id").execute();
    for (const { name, days, remove } of this.#kinds) {
      removed[name] = 0;
      for (const { id } of workspaces) {
        if (this.#stop.signal.aborted) return removed;
        removed[name] += await remove(id, new Date(now.getTime() - days * DAY_MS), () => this.#rest());
      }
    }
    if (Object.values(removed).some((count) => count > 0)) this.#log.info({ removed }, "Old data was removed");
    return removed;
  }

  /** Whether to go on afterwards. */
  async #rest(): Promise<boolean> {
    await sleep(REST_MS, undefined, { signal: this.#stop.signal }).catch(() => {});
    return !this.#stop.signal.aborted;
  }
}

/** What this server removes, and when. */
export function whatIsKept({ db, files, keepDays }: { db: Database; files: MediaFiles; keepDays: Settings["keepDays"] }): Kept[] {
  return [
    { name: "deliveredCallbacks", days: keepDays.deliveredCallbacks, remove: deliveredCallbacks(db) },
    { name: "rawWebhooks", days: keepDays.rawWebhooks, remove: inBatches((workspaceId, before) => forgetRawWebhooks(db, workspaceId, before, ROWS_AT_ONCE), ROWS_AT_ONCE) },
    { name: "callbackHours", days: CALLBACK_HOURS_DAYS, remove: inBatches((workspaceId, before) => forgetCallbackHours(db, workspaceId, before, ROWS_AT_ONCE), ROWS_AT_ONCE) },
    { name: "media", days: keepDays.media, remove: inBatches((workspaceId, before) => files.removeOld(db, workspaceId, before, FILES_AT_ONCE), FILES_AT_ONCE) },
    { name: "unmatchedRows", days: UNMATCHED_ROWS_DAYS, remove: inBatches((workspaceId, before) => forgetOldUnmatchedRows(db, workspaceId, before, ROWS_AT_ONCE), ROWS_AT_ONCE) },
    { name: "clicks", days: keepDays.clicks, remove: inBatches((workspaceId, before) => forgetClicks(db, workspaceId, before, ROWS_AT_ONCE), ROWS_AT_ONCE) },
  ];
}

/** What stays among them (parked ones) is passed over once, not again with every batch. */
function deliveredCallbacks(db: Database): Kept["remove"] {
  return async (workspaceId, before, rest) => {
    let removed = 0;
    let after: string | null = null;
    do {
      const batch = await removeDelivered(db, workspaceId, before, after, ROWS_AT_ONCE);
      removed += batch.removed;
      after = batch.last;
    } while (after !== null && (await rest()));
    return removed;
  };
}

/** Makes a removal of everything of one that removes up to `limit` and answers how many it did. */
function inBatches(removeSome: (workspaceId: string, before: Date) => Promise<number>, limit: number): Kept["remove"] {
  return async (workspaceId, before, rest) => {
    let removed = 0;
    for (;;) {
      const count = await removeSome(workspaceId, before);
      removed += count;
      if (count < limit || !(await rest())) return removed;
    }
  };
}
