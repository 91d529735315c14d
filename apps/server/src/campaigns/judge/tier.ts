/**
 * The number's messaging limit: how many people it may write to, outside their service windows, within 24 hours. Meta says it as a tier and
 * counts by itself; this is our own count of people who were sent a template, taken now and then and added to in between. It errs on the safe side:
 * somebody who was written to already counts again, and so does somebody whose window is open. Several processes may plan for one number: a
 * batch that is handed over holds the number until its transaction ends, and sees what the others have handed over.
 */
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { firstUuidAt } from "../../database/uuid.ts";

const DAY_MS = 86_400_000;
/** Other campaigns and calls use the number too. */
const COUNT_AGAIN_MS = 30_000;
/** A count that takes long is made seldom. */
const SHARE_OF_TIME = 20;
/** As long as there is room for more than any batch, what came since the last count is added to it, and somebody may count twice. */
const PLENTY = 5_000;
/** Clocks differ, and ids are made before their transaction is committed. */
const LATE_MS = 10_000;

/** Runs of this process that send from one number count together. */
const watches = new Map<string, TierWatch>();

export class TierWatch {
  limit: number | null = null;
  readonly #workspaceId: string;
  readonly #providerId: string;
  #used = 0;
  /** At the last count. */
  #counted = 0;
  /** When somebody's place is free again. */
  #freeAt = 0;
  #countedAt = Number.NEGATIVE_INFINITY;
  #countAgainMs = COUNT_AGAIN_MS;

  private constructor(workspaceId: string, providerId: string) {
    this.#workspaceId = workspaceId;
    this.#providerId = providerId;
  }

  /** `alone`: what is added to it, as by a dry run, concerns nobody else. */
  static async open(db: Database, workspaceId: string, providerId: string, { alone = false } = {}): Promise<TierWatch> {
    const key = `${workspaceId} ${providerId}`;
    const watch = (alone ? undefined : watches.get(key)) ?? new TierWatch(workspaceId, providerId);
    if (!alone) watches.set(key, watch);
    watch.limit = limitOf((await tierOf.run(db, [workspaceId, providerId]))[0]?.tier ?? null);
    return watch;
  }

  /** Of a number without a limit. */
  static unlimited(): TierWatch {
    return new TierWatch("", "");
  }

  /** How many more people may be written to now, and when there will be more of them; null for a number without a limit. */
  async room(db: Database, now: Date): Promise<{ people: number; used: number; freeAt: Date } | null> {
    if (this.limit === null) return null;
    const isFull = this.#used >= this.limit && now.getTime() >= this.#freeAt;
    if (isFull || now.getTime() - this.#countedAt > this.#countAgainMs) await this.#count(db, now);
    return { people: Math.max(0, this.limit - this.#used), used: this.#used, freeAt: new Date(this.#freeAt) };
  }

  /** Brings the count up to date for a batch that is about to be handed over; other batches of the number wait until it is committed. */
  async hold(tx: Database, now: Date): Promise<void> {
    if (this.limit === null) return;
    await lock.run(tx, [this.#workspaceId, this.#providerId]);
    if (now.getTime() - this.#countedAt > this.#countAgainMs) return this.#count(tx, now);
    const [row] = await handedOverSince.run(tx, [this.#workspaceId, this.#providerId, firstUuidAt(this.#countedAt - LATE_MS)]);
    this.#used = this.#counted + (row?.messages ?? 0);
    if (this.limit - this.#used < PLENTY) await this.#count(tx, now);
  }

  /** Somebody more is written to. */
  add(people: number): void {
    this.#used += people;
  }

  async #count(db: Database, now: Date): Promise<void> {
    const since = now.getTime() - DAY_MS;
    const began = performance.now();
    const [row] = await usedBy.run(db, [this.#workspaceId, this.#providerId, firstUuidAt(since), new Date(since)]);
    this.#used = this.#counted = row?.people ?? 0;
    this.#freeAt = (row?.oldest?.getTime() ?? now.getTime()) + DAY_MS;
    this.#countedAt = now.getTime();
    this.#countAgainMs = Math.max(COUNT_AGAIN_MS, SHARE_OF_TIME * (performance.now() - began));
  }
}

/** TIER_250, TIER_2K, TIER_100K …; null for TIER_UNLIMITED and for a number whose tier is not known. */
export function limitOf(tier: string | null): number | null {
  const [, digits, thousands] = /^TIER_(\d+)(K?)$/.exec(tier ?? "") ?? [];
  return digits === undefined ? null : Number(digits) * (thousands === "K" ? 1_000 : 1);
}

const tierOf = statement<{ tier: string | null }>(
  "campaigns_provider_tier",
  `select health -> 'facts' ->> 'tier' as tier from providers where workspace_id = $1 and id = $2`,
);

const lock = statement("campaigns_tier_lock", `select pg_advisory_xact_lock(hashtextextended('tincan tier ' || $1::text || ' ' || $2::text, 0))::text as locked`);

/** By the primary key. */
const handedOverSince = statement<{ messages: number }>(
  "campaigns_tier_since",
  `select count(*)::int as messages from messages where workspace_id = $1 and id >= $3::uuid and provider_id = $2 and type = 'template' and state <> 'failed'`,
);

/** By the primary key: ids begin with the time. A number with a limit has few messages in a day. */
const usedBy = statement<{ people: number; oldest: Date | null }>(
  "campaigns_tier_used",
  `select count(distinct recipient)::int as people, min(accepted_at) as oldest from messages
   where workspace_id = $1 and id >= $3::uuid and provider_id = $2 and type = 'template' and state <> 'failed' and accepted_at >= $4::timestamptz`,
);
