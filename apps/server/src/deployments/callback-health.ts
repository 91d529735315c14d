import type { CallbackHealth } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import type { CallbackFailure } from "./tables.ts";

export interface DeploymentActivity {
  health: Omit<CallbackHealth, "laneId">;
  /** When its platform last sent a message that was stored. */
  lastMessageAt: Date | null;
}

/**
 * How the way back to each platform is doing. What is waiting is counted exactly; what is past is read from the workspace's
 * newest rows (RECENT), so that a look at a page costs the same in a busy workspace.
 */
export async function activityOf(db: Database, workspaceId: string, deployments: readonly { id: string; hasWebhooks: boolean }[], now = new Date()): Promise<Map<string, DeploymentActivity>> {
  const ids = deployments.map((d) => d.id);
  const hourAgo = new Date(now.getTime() - 3_600_000);
  const rows = new Map((await count.run(db, [workspaceId, ids, hourAgo, RECENT])).map((row) => [row.id, row]));
  return new Map(deployments.map(({ id, hasWebhooks }) => [id, { health: health(rows.get(id), hasWebhooks), lastMessageAt: rows.get(id)?.last_message_at ?? null }]));
}

function health(row: Row | undefined, hasWebhooks: boolean): DeploymentActivity["health"] {
  const counts = {
    waiting: row?.waiting ?? 0,
    retrying: row?.retrying ?? 0,
    parked: row?.parked ?? 0,
    deliveredLastHour: row?.delivered_last_hour ?? 0,
    lastDeliveredAt: row?.last_delivered_at?.toISOString() ?? null,
    lastFailedAt: row?.last_failure?.at ?? null,
  };
  if (!hasWebhooks) return { ...counts, status: "unset", reason: "No webhook URL is set, so the platform hears nothing." };
  const reason = row?.breaker_reason ?? row?.last_failure?.message ?? null;
  if (counts.parked > 0) return { ...counts, status: "parked", reason };
  return counts.retrying > 0 || row?.breaker_reason ? { ...counts, status: "retrying", reason } : { ...counts, status: "ok", reason: null };
}

const RECENT = 20_000;

interface Row {
  id: string;
  waiting: number;
  retrying: number;
  parked: number;
  delivered_last_hour: number;
  last_delivered_at: Date | null;
  last_failure: CallbackFailure | null;
  breaker_reason: string | null;
  last_message_at: Date | null;
}

/** Open callbacks by callbacks_ready and callbacks_waiting; recent ones by the primary key, whose ids are in the order of time. */
const count = statement<Row>(
  "deployments_activity",
  `with open as (
     select deployment_id, attempts, state from callbacks
     where workspace_id = $1 and deployment_id = any ($2::uuid[]) and state in ('ready', 'claimed')
     union all
     select deployment_id, attempts, state from callbacks
     where workspace_id = $1 and deployment_id = any ($2::uuid[]) and state in ('held', 'parked')
   ), queues as (
     select deployment_id, count(*) filter (where state <> 'parked' and attempts = 0) as waiting,
       count(*) filter (where state <> 'parked' and attempts > 0) as retrying, count(*) filter (where state = 'parked') as parked
     from open group by deployment_id
   ), recent as (
     select deployment_id, count(*) filter (where delivered_at >= $3) as delivered_last_hour, max(delivered_at) as last_delivered_at,
       (array_agg(last_failure order by last_failure ->> 'at' desc nulls last) filter (where last_failure is not null))[1] as last_failure
     from (select deployment_id, delivered_at, last_failure from callbacks where workspace_id = $1 order by id desc limit $4) c
     group by deployment_id
   ), asked as (
     select origin_id, max(accepted_at) as last_message_at
     from (select origin_id, accepted_at from messages where workspace_id = $1 order by id desc limit $4) m
     group by origin_id
   )
   select i.id, coalesce(q.waiting, 0) as waiting, coalesce(q.retrying, 0) as retrying, coalesce(q.parked, 0) as parked,
     coalesce(r.delivered_last_hour, 0) as delivered_last_hour, r.last_delivered_at, r.last_failure, l.breaker_reason, a.last_message_at
   from unnest($2::uuid[]) as i (id)
   left join queues q on q.deployment_id = i.id
   left join recent r on r.deployment_id = i.id
   left join asked a on a.origin_id = i.id
   left join lanes l on l.workspace_id = $1 and l.id = i.id`,
);
