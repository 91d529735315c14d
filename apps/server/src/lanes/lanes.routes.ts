import { IdParams, LaneStatus, List } from "@tincan/api";
import { audit } from "../accounts/audit.ts";
import type { Database, DatabaseHandle } from "../database/connection.ts";
import { tellOnCommit } from "../database/live.ts";
import { statement } from "../database/statement.ts";
import type { RoutePlugin } from "../http/app.ts";
import { ApiError } from "../http/errors.ts";
import type { LaneStats } from "./lane.ts";
import { signalLanes } from "./signals.ts";

const tags = ["Lanes"];

/** The ways out: how each is doing, and its pause switch. */
export function laneRoutes(deps: { database: DatabaseHandle }): RoutePlugin {
  const { database } = deps;

  const setPaused = async (actor: Parameters<typeof audit>[1], id: string, paused: boolean): Promise<LaneStatus> => {
    const lane = (await listLanes(database.db, actor.workspaceId)).find((each) => each.id === id);
    if (!lane) throw new ApiError("lane_not_found");
    if (lane.paused !== paused) {
      await database.db.transaction().execute(async (tx) => {
        await pause.run(tx, [actor.workspaceId, id, paused]);
        await audit(tx, actor, { action: paused ? "lane.paused" : "lane.resumed", target: { kind: "lane", id, name: lane.name } });
        await tellOnCommit(tx, actor.workspaceId, "lanes");
      });
      await signalLanes(database, "changed", [id]);
    }
    const [changed] = (await listLanes(database.db, actor.workspaceId)).filter((each) => each.id === id);
    if (!changed) throw new ApiError("lane_not_found");
    return changed;
  };

  return async (app) => {
    app.get("/lanes", { config: { permission: "lanes.read" }, schema: { tags, summary: "List lanes with their state", response: { 200: List(LaneStatus) } } }, async ({ actor }) => ({
      items: await listLanes(database.db, actor.workspaceId),
      next: null,
    }));
    for (const [verb, paused] of [["pause", true], ["resume", false]] as const) {
      app.post(
        `/lanes/:id/${verb}`,
        { config: { permission: "lanes.write" }, schema: { tags, summary: paused ? "Pause a lane: nothing leaves" : "Resume a lane", params: IdParams, response: { 200: LaneStatus } } },
        async ({ actor, params }) => setPaused(actor, params.id, paused),
      );
    }
  };
}

interface Row {
  id: string;
  kind: "provider" | "platform";
  name: string;
  stats: Partial<LaneStats>;
  max_concurrency: number | null;
  queued: number;
  oldest: Date | null;
  last_receipt_at: Date | null;
  breaker_state: LaneStatus["breaker"]["state"];
  breaker_reason: string | null;
  breaker_since: Date | null;
  paused_at: Date | null;
  paused_by: string | null;
}

/** All lanes of a workspace, providers first. Queues are counted at this moment; the rest is what the owner last reported, every 2 s. */
export async function listLanes(db: Database, workspaceId: string): Promise<LaneStatus[]> {
  const rows = await list.run(db, [workspaceId]);
  return rows.map((row) => ({
    id: row.id,
    kind: row.kind,
    ownerId: row.id,
    name: row.name,
    rate: row.stats.rate ?? 0,
    rateLimit: row.stats.rateLimit ?? null,
    inFlight: row.stats.inFlight ?? 0,
    limit: row.stats.limit ?? row.max_concurrency ?? 0,
    queued: row.queued,
    oldestQueuedAt: row.oldest?.toISOString() ?? null,
    lastReceiptAt: row.last_receipt_at?.toISOString() ?? null,
    breaker: {
      state: row.breaker_state,
      why: row.breaker_reason,
      since: row.breaker_since?.toISOString() ?? null,
      nextProbeAt: row.breaker_state === "closed" ? null : (row.stats.nextProbeAt ?? null),
    },
    paused: row.paused_at !== null,
    pausedAt: row.paused_at?.toISOString() ?? null,
    pausedBy: row.paused_by,
  }));
}

/*
 * The queues are read from outbox_ready and outbox_waiting, callbacks_ready and callbacks_waiting; the oldest of a queue is the
 * time in its smallest id, which is a UUIDv7. Who paused a lane stands in the audit log.
 */
const list = statement<Row>(
  "lanes_list",
  `select l.id, l.kind, coalesce(p.nickname, d.name, 'Removed') as name, l.stats, p.max_concurrency,
     coalesce(q.count, 0) as queued,
     to_timestamp(('x' || translate(left(q.first, 13), '-', ''))::bit(48)::bigint / 1000.0) as oldest,
     case l.kind when 'provider' then p.last_webhook_at else (l.stats ->> 'lastSentAt')::timestamptz end as last_receipt_at,
     l.breaker_state, l.breaker_reason, l.breaker_since, l.paused_at,
     case when l.paused_at is not null then
       (select a.actor_name from audit_log a
        where a.workspace_id = $1 and a.action = 'lane.paused' and a.target_id = l.id::text order by a.id desc limit 1) end as paused_by
   from lanes l
   left join providers p on p.workspace_id = $1 and p.id = l.id
   left join deployments d on d.workspace_id = $1 and d.id = l.id
   left join lateral (
     select count(*) as count, min(message_id::text) as first from outbox o
     where l.kind = 'provider' and o.workspace_id = $1 and o.lane_id = l.id and o.state in ('ready', 'held')
     union all
     select count(*), min(c.id::text) from callbacks c
     where l.kind = 'platform' and c.workspace_id = $1 and c.deployment_id = l.id and c.state in ('ready', 'held')
     order by 1 desc limit 1) q on true
   where l.workspace_id = $1
   order by l.kind desc, name, l.id`,
);

const pause = statement(
  "lanes_pause",
  `update lanes set paused_at = case when $3 then now() end where workspace_id = $1 and id = $2`,
);
