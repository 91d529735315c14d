import type { Database } from "../database/connection.ts";
import "./tables.ts";
import { statement } from "../database/statement.ts";

/*
 * Leases span workspaces: a process looks for any lane without an owner. These statements are the only ones on a tenant table
 * that name no workspace; there is one short row per provider or deployment, and a process asks every two seconds.
 */

/** A lease outlives a renewal that comes late, and is short enough that a dead process's lanes move on within ten seconds. */
export const LEASE_MS = 8_000;
/** Time between renewals. */
export const RENEW_MS = 2_000;

export interface LaneRow {
  workspace_id: string;
  id: string;
  kind: "provider" | "platform";
  paused: boolean;
}

export interface LaneReport {
  id: string;
  breakerState: string;
  breakerReason: string | null;
  breakerSince: Date | null;
  stats: object;
}

/** Takes up to `limit` lanes nobody holds. */
export function acquireLeases(db: Database, owner: string, limit: number): Promise<LaneRow[]> {
  return acquire.run(db, [owner, LEASE_MS, limit]);
}

/** Renews the lanes reported on and stores how they do. What is missing from the answer is lost. */
export function renewLeases(db: Database, owner: string, reports: LaneReport[]): Promise<LaneRow[]> {
  return renew.run(db, [
    owner,
    LEASE_MS,
    reports.map((r) => r.id),
    reports.map((r) => r.breakerState),
    reports.map((r) => r.breakerReason),
    reports.map((r) => r.breakerSince),
    reports.map((r) => JSON.stringify(r.stats)),
  ]);
}

/** Shows the lanes' breakers as closed at once: they start over. */
export async function closeBreakers(db: Database, owner: string, ids: string[]): Promise<void> {
  await close.run(db, [owner, ids]);
}

export async function releaseLeases(db: Database, owner: string, ids: string[]): Promise<void> {
  await release.run(db, [owner, ids]);
}

/** Makes the lane of a new provider or deployment; `id` is the provider's or the deployment's. */
export async function createLane(tx: Database, workspaceId: string, id: string, kind: "provider" | "platform"): Promise<void> {
  await create.run(tx, [workspaceId, id, kind]);
}

/** What the last owner's breaker said is over: the new one's is closed. */
const acquire = statement<LaneRow>(
  "lanes_acquire",
  `update lanes l set owner = $1, lease_until = clock_timestamp() + $2 * interval '1 millisecond',
     breaker_state = 'closed', breaker_reason = null, breaker_since = null
   from (
     select workspace_id, id from lanes
     where owner is null or lease_until < clock_timestamp()
     order by workspace_id, id limit $3
     for update skip locked) free
   where l.workspace_id = free.workspace_id and l.id = free.id
   returning l.workspace_id, l.id, l.kind, l.paused_at is not null as paused`,
);

const renew = statement<LaneRow>(
  "lanes_renew",
  `update lanes l
   set lease_until = clock_timestamp() + $2 * interval '1 millisecond', stats = r.stats,
     breaker_state = r.breaker_state, breaker_reason = r.breaker_reason, breaker_since = r.breaker_since
   from unnest($3::uuid[], $4::text[], $5::text[], $6::timestamptz[], $7::jsonb[])
     as r (id, breaker_state, breaker_reason, breaker_since, stats)
   where l.id = r.id and l.owner = $1
   returning l.workspace_id, l.id, l.kind, l.paused_at is not null as paused`,
);

const close = statement(
  "lanes_close_breakers",
  `update lanes set breaker_state = 'closed', breaker_reason = null, breaker_since = null where owner = $1 and id = any ($2::uuid[])`,
);

const release = statement(
  "lanes_release",
  `update lanes set owner = null, lease_until = '-infinity' where owner = $1 and id = any ($2::uuid[])`,
);

const create = statement(
  "lanes_create",
  `insert into lanes (workspace_id, id, kind) values ($1, $2, $3) on conflict do nothing`,
);
