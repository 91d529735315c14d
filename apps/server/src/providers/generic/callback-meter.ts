/**
 * How a provider's callbacks are doing: counted in memory, added to the hour's row once a second. What a crash loses is a second of
 * counts that are shown and nothing else.
 */
import type { ProviderCallbackHealth } from "@tincan/api";
import type { FastifyBaseLogger } from "fastify";
import type { Database } from "../../database/connection.ts";
import type { Live } from "../../database/live.ts";
import { statement } from "../../database/statement.ts";
import { storable } from "../../database/storable.ts";
import { touchWebhook } from "../store.ts";
import type { CallbackTarget } from "./callback-urls.ts";
import "./tables.ts";

const FLUSH_MS = 1_000;
const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
const REFUSAL_LENGTH = 300;

interface Count extends CallbackTarget {
  received: number;
  refused: number;
  statusAt: Date | null;
  inboundAt: Date | null;
  refusal: string | null;
}

export class CallbackMeter {
  readonly #db: Database;
  readonly #live: Live;
  readonly #log: FastifyBaseLogger;
  #counts = new Map<string, Count>();
  #timer: NodeJS.Timeout | undefined;
  #flushing: Promise<void> = Promise.resolve();

  constructor(deps: { db: Database; live: Live; log: FastifyBaseLogger }) {
    this.#db = deps.db;
    this.#live = deps.live;
    this.#log = deps.log;
  }

  /** One request that was stored, and what it held. */
  took(target: CallbackTarget, held: { statuses: boolean; inbound: boolean }): void {
    const count = this.#of(target);
    const now = new Date();
    count.received++;
    if (held.statuses) count.statusAt = now;
    if (held.inbound) count.inboundAt = now;
  }

  /** One request, or a part of one, that could not be read. */
  refused(target: CallbackTarget, why: string, whole: boolean): void {
    const count = this.#of(target);
    if (whole) count.received++;
    count.refused++;
    count.refusal = storable(why.slice(0, REFUSAL_LENGTH));
  }

  /** Writes what is left. */
  async close(): Promise<void> {
    clearTimeout(this.#timer);
    await this.#flush();
  }

  #of(target: CallbackTarget): Count {
    let count = this.#counts.get(target.providerId);
    if (!count) {
      count = { ...target, received: 0, refused: 0, statusAt: null, inboundAt: null, refusal: null };
      this.#counts.set(target.providerId, count);
      this.#timer ??= setTimeout(() => {
        this.#timer = undefined;
        void this.#flush();
      }, FLUSH_MS);
    }
    return count;
  }

  #flush(): Promise<void> {
    this.#flushing = this.#flushing.then(() => this.#write());
    return this.#flushing;
  }

  async #write(): Promise<void> {
    const counts = [...this.#counts.values()];
    this.#counts = new Map();
    const hour = new Date(Math.floor(Date.now() / HOUR_MS) * HOUR_MS);
    for (const [workspaceId, of] of Map.groupBy(counts, (count) => count.workspaceId)) {
      try {
        await add.run(this.#db, [
          workspaceId, hour, of.map((c) => c.providerId), of.map((c) => c.received), of.map((c) => c.refused),
          of.map((c) => c.statusAt), of.map((c) => c.inboundAt), of.map((c) => c.refusal),
        ]);
        await touchWebhook(this.#db, workspaceId, of.map((c) => c.providerId), new Date());
        this.#live.changed(workspaceId, "providers");
      } catch (cause) {
        this.#log.warn({ err: cause }, "callback counts were not written");
      }
    }
  }
}

/** For each provider: the last day's counts, and the sentence to warn with. */
export async function callbackHealthOf(db: Database, workspaceId: string, providerIds: string[], now = new Date()): Promise<Map<string, ProviderCallbackHealth>> {
  if (providerIds.length === 0) return new Map();
  const dayAgo = new Date(now.getTime() - DAY_MS);
  const rows = await read.run(db, [workspaceId, providerIds, dayAgo]);
  const silent = rows.filter((row) => row.sent_since && row.since < dayAgo).map((row) => row.id);
  const unreported = silent.length === 0 ? [] : await sentBefore.run(db, [workspaceId, silent, new Date(now.getTime() - 2 * DAY_MS), dayAgo]);
  const warned = new Set(unreported.map((row) => row.provider_id));
  return new Map(
    rows.map((row) => [row.id, {
      lastStatusAt: row.last_status_at?.toISOString() ?? null,
      lastInboundAt: row.last_inbound_at?.toISOString() ?? null,
      received: row.received,
      refused: row.refused,
      errorRate: row.received === 0 ? 0 : Math.min(1, row.refused / row.received),
      lastRefusal: row.last_refusal,
      warning: warned.has(row.id) ? SILENT : row.refused > 0 && row.refused * 2 >= row.received ? UNREADABLE : null,
    }]),
  );
}

/** Deletes up to `limit` hours of counts that were over before `before`. @returns how many */
export async function forgetCallbackHours(db: Database, workspaceId: string, before: Date, limit: number): Promise<number> {
  return (await prune.run(db, [workspaceId, before, limit])).length;
}

const SILENT = "No delivery report has come for 24 hours although messages were sent. Check that the provider has the Delivery Report Callback URL.";
const UNREADABLE = "Half of what the provider reported in the last 24 hours, or more, could not be read.";

const add = statement(
  "provider_callback_hours_add",
  `insert into provider_callback_hours as h (workspace_id, provider_id, hour, received, refused, last_status_at, last_inbound_at, last_refusal)
   select $1, i.provider_id, $2::timestamptz, i.received, i.refused, i.status_at, i.inbound_at, i.refusal
   from unnest($3::uuid[], $4::int[], $5::int[], $6::timestamptz[], $7::timestamptz[], $8::text[])
     as i (provider_id, received, refused, status_at, inbound_at, refusal)
   where exists (select from providers p where p.workspace_id = $1 and p.id = i.provider_id)
   order by i.provider_id
   on conflict (workspace_id, provider_id, hour) do update
   set received = h.received + excluded.received, refused = h.refused + excluded.refused,
     last_status_at = coalesce(excluded.last_status_at, h.last_status_at), last_inbound_at = coalesce(excluded.last_inbound_at, h.last_inbound_at),
     last_refusal = coalesce(excluded.last_refusal, h.last_refusal)`,
);

/** By the primary key: a row per provider and hour, of one workspace. */
const prune = statement<{ hour: Date }>(
  "provider_callback_hours_prune",
  `delete from provider_callback_hours where workspace_id = $1 and (provider_id, hour) in (
     select provider_id, hour from provider_callback_hours where workspace_id = $1 and hour < $2::timestamptz limit $3)
   returning hour`,
);

/** `since`: the last report, or else when the provider was made; `sent_since`: whether its lane has sent anything after that. */
const read = statement<{
  id: string;
  received: number;
  refused: number;
  last_status_at: Date | null;
  last_inbound_at: Date | null;
  last_refusal: string | null;
  since: Date;
  sent_since: boolean;
}>(
  "provider_callback_hours_read",
  `select p.id, h.received, h.refused, h.last_status_at, h.last_inbound_at,
     (select r.last_refusal from provider_callback_hours r
      where r.workspace_id = $1 and r.provider_id = p.id and r.hour > $3::timestamptz and r.last_refusal is not null order by r.hour desc limit 1) as last_refusal,
     coalesce(h.last_status_at, p.created_at) as since,
     coalesce((l.stats ->> 'lastSentAt')::timestamptz > coalesce(h.last_status_at, p.created_at), false) as sent_since
   from providers p
   left join lanes l on l.workspace_id = $1 and l.id = p.id
   cross join lateral (
     select coalesce(sum(received) filter (where hour > $3::timestamptz), 0)::int as received,
       coalesce(sum(refused) filter (where hour > $3::timestamptz), 0)::int as refused,
       max(last_status_at) as last_status_at, max(last_inbound_at) as last_inbound_at
     from provider_callback_hours where workspace_id = $1 and provider_id = p.id) h
   where p.workspace_id = $1 and p.id = any ($2::uuid[])`,
);

/** Of these providers, those that took a message in a time; walks the primary key, whose ids are in the order of time. */
const sentBefore = statement<{ provider_id: string }>(
  "provider_callback_sent_before",
  `select distinct provider_id from messages
   where workspace_id = $1 and provider_id = any ($2::uuid[]) and submitted_at > $3::timestamptz and submitted_at <= $4::timestamptz
     and id >= (lpad(to_hex((extract(epoch from $3::timestamptz) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid
     and id < (lpad(to_hex((extract(epoch from $4::timestamptz) * 1000)::bigint), 12, '0') || '00000000000000000000')::uuid`,
);
