/**
 * A database that goes away fails everything at once, many times a second, for one reason. That is told in one line when it goes and
 * in one when it is back; what failed meanwhile is not logged, since it waits, or was answered with an error that says so.
 */
import { isBroken, isDatabaseAway, isRefused } from "../lost-connection.ts";
import type { DatabaseHandle } from "./connection.ts";

/** How often a database that is away is asked whether it is back. */
const ASK_MS = 500;

/** Where the two lines go. */
export interface OutageLog {
  warn(details: object, message: string): void;
}

export class Outage {
  #watched: { database: DatabaseHandle; log: OutageLog } | undefined;
  #since: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  /** From now on failures of this database count. */
  watch(database: DatabaseHandle, log: OutageLog): void {
    this.#watched = { database, log };
  }

  /** Whether the failure comes of the database being away, and so has been told already. */
  explains(cause: unknown): boolean {
    if (!this.#watched) return false;
    const away = this.#since !== undefined;
    if (!(isDatabaseAway(cause) || isRefusedAt(cause, this.#watched.database.url) || (away && isBroken(cause)))) return false;
    if (!away) this.#begin(cause);
    return true;
  }

  /** Call it before the database is closed. */
  close(): void {
    this.#watched = undefined;
    clearTimeout(this.#timer);
  }

  #begin(cause: unknown): void {
    this.#since = Date.now();
    this.#watched?.log.warn({ reason: cause instanceof Error ? cause.message : String(cause) }, "The database does not answer; work waits until it does");
    this.#askLater();
  }

  #askLater(): void {
    this.#timer = setTimeout(() => void this.#ask(), ASK_MS);
  }

  async #ask(): Promise<void> {
    try {
      await this.#watched?.database.pool.query("select");
    } catch {
      if (this.#watched) this.#askLater();
      return;
    }
    const seconds = Math.round((Date.now() - (this.#since ?? 0)) / 1000);
    this.#since = undefined;
    this.#watched?.log.warn({ seconds }, "The database answers again");
  }
}

/** Nobody listens at the database's own port; another address refusing is another matter. */
function isRefusedAt(cause: unknown, url: string): boolean {
  if (cause instanceof AggregateError) return cause.errors.some((each) => isRefusedAt(each, url));
  if (!isRefused(cause)) return false;
  return cause instanceof Error && "port" in cause && cause.port === Number(new URL(url).port || 5432);
}
