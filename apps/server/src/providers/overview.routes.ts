import { Overview } from "@tincan/api";
import { may } from "../accounts/permissions.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { firstUuidAt } from "../database/uuid.ts";
import type { RoutePlugin } from "../http/app.ts";
import { listLanes } from "../lanes/lanes.routes.ts";

/** The counts read every message of the last day, so several pages open at once share one reading. */
const FRESH_MS = 2_000;
/** An id is made shortly before its message is accepted: with an hour of slack the primary key finds all messages of a day. */
const ID_AHEAD_MS = 3_600_000;

/** Home: what happened in the last day, how the lanes are doing, and what a newcomer has done already. */
export function overviewRoutes(deps: { db: Database }): RoutePlugin {
  const readings = new Map<string, { at: number; counts: Promise<Counts> }>();
  const counts = (workspaceId: string): Promise<Counts> => {
    const known = readings.get(workspaceId);
    if (known && Date.now() - known.at < FRESH_MS) return known.counts;
    const reading = readCounts(deps.db, workspaceId);
    reading.catch(() => readings.delete(workspaceId));
    readings.set(workspaceId, { at: Date.now(), counts: reading });
    return reading;
  };
  return async (app) => {
    app.get(
      "/overview",
      { config: { permission: "messages.read" }, schema: { tags: ["Overview"], summary: "Show the figures of Home", response: { 200: Overview } } },
      async ({ actor: { workspaceId, role } }) => {
        // Lanes carry names of providers, and reasons that quote their answers.
        const lanesSeen = may(role, "lanes.read") ? listLanes(deps.db, workspaceId) : [];
        const [counted, lanes, [firstSteps]] = await Promise.all([counts(workspaceId), lanesSeen, presence.run(deps.db, [workspaceId])]);
        return { ...counted, lanes, firstSteps: firstSteps! };
      },
    );
  };
}

type Counts = Omit<Overview, "lanes" | "firstSteps">;

async function readCounts(db: Database, workspaceId: string): Promise<Counts> {
  const now = Date.now();
  const thisMinute = Math.floor(now / 60_000) * 60_000;
  const dayAgo = new Date(thisMinute - 86_400_000);
  const firstId = firstUuidAt(dayAgo.getTime() - ID_AHEAD_MS);
  const firstMinute = thisMinute - 59 * 60_000;
  const [[day], minuteRows] = await Promise.all([
    dayCounts.run(db, [workspaceId, firstId, dayAgo]),
    minuteCounts.run(db, [workspaceId, firstId, new Date(firstMinute)]),
  ]);
  const byMinute = new Map<number, Record<string, number>>();
  for (const { at, state, count } of minuteRows) {
    const minute = byMinute.get(at.getTime()) ?? {};
    byMinute.set(at.getTime(), { ...minute, [state]: count });
  }
  return {
    since: dayAgo.toISOString(),
    numbers: day!,
    minutes: Array.from({ length: 60 }, (_, i) => {
      const at = firstMinute + i * 60_000;
      const { accepted = 0, sent = 0, delivered = 0, read = 0, failed = 0 } = byMinute.get(at) ?? {};
      return { at: new Date(at).toISOString(), accepted, sent, delivered, read, failed };
    }),
  };
}

const dayCounts = statement<Overview["numbers"]>(
  "overview_day",
  `with day as (
     select count(*) as accepted, count(sent_at) as sent, count(delivered_at) as delivered, count(read_at) as read, count(clicked_at) as clicked,
       count(*) filter (where state = 'failed') as failed, count(*) filter (where state = 'unknown') as unknown
     from messages where workspace_id = $1 and id >= $2 and accepted_at >= $3
   )
   select day.*, w.messages as "waitingMessages", w.messages + w.callbacks as waiting,
     (select count(distinct sender) from inbound_messages where workspace_id = $1 and id >= $2 and received_at >= $3) as replied,
     (select count(*) from callbacks where workspace_id = $1 and state = 'parked') as "parkedCallbacks"
   from day cross join (
     select (select count(*) from outbox where workspace_id = $1 and state in ('ready', 'held')) as messages,
       (select count(*) from callbacks where workspace_id = $1 and state in ('ready', 'held')) as callbacks
   ) w`,
);

/** Each message counts in the minute in which it took the step, as far as it was accepted within the last day. */
const minuteCounts = statement<{ at: Date; state: string; count: number }>(
  "overview_minutes",
  `select date_trunc('minute', step.at) as at, step.state, count(*) as count
   from messages m cross join lateral (values
     ('accepted', m.accepted_at), ('sent', m.sent_at), ('delivered', m.delivered_at), ('read', m.read_at), ('failed', m.failed_at)) as step (state, at)
   where m.workspace_id = $1 and m.id >= $2 and step.at >= $3
   group by 1, 2`,
);

const presence = statement<Overview["firstSteps"]>(
  "overview_first_steps",
  `select exists (select from providers where workspace_id = $1) as "numberConnected",
     exists (select from providers where workspace_id = $1 and settings ->> 'baseUrl' like 'https://%.facebook.com%') as "realNumberConnected",
     exists (select from deployments where workspace_id = $1) as "deploymentCreated",
     exists (select from messages where workspace_id = $1) as "testSent",
     exists (select from inbound_messages where workspace_id = $1) as "replyReceived"`,
);
