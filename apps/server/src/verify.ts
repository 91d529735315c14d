/**
 * Counts again what is counted as it happens, and compares: the check behind `npm run verify`. Everything is read in one snapshot, so it can be
 * run while Tincan works. It reads whole tables.
 */
import { sql } from "kysely";
import type { Database } from "./database/connection.ts";
import { statement } from "./database/statement.ts";

/** Something that does not add up; nothing is repaired. */
export interface Mismatch {
  workspaceId: string;
  /** What was counted, such as "read of cell 0198…". */
  what: string;
  /** As the rows say. */
  counted: number;
  /** As the counter, or the other table, says. */
  kept: number;
}

/** All that does not add up, at most a thousand of each kind; empty when everything does. */
export async function verify(db: Database): Promise<Mismatch[]> {
  return db.transaction().setIsolationLevel("repeatable read").setAccessMode("read only").execute(async (tx) => {
    await sql`set local statement_timeout = 0`.execute(tx);
    const found: Mismatch[] = [];
    for (const check of checks) {
      const rows = await check.run(tx);
      found.push(...rows.map(({ workspace_id: workspaceId, what, counted, kept }) => ({ workspaceId, what, counted: Number(counted), kept: Number(kept) })));
    }
    return found;
  });
}

interface Row {
  workspace_id: string;
  what: string;
  counted: string;
  kept: string;
}

/** Steps of messages beside the campaign's counters. */
const messages = statement<Row>(
  "verify_messages",
  `with counted as (
     select c.workspace_id, c.id, count(m.id) as queued, count(m.id) filter (where m.external_id like '%#%') as retried, count(m.submitted_at) as submitted, count(m.sent_at) as sent, count(m.delivered_at) as delivered,
       count(m.read_at) as read, count(m.clicked_at) as clicked, count(m.failed_at) as failed
     from campaign_cells c left join messages m on m.workspace_id = c.workspace_id and m.origin_id = c.id
     group by c.workspace_id, c.id
   ), kept as (
     select workspace_id, cell_id, sum(queued) as queued, sum(retried) as retried, sum(submitted) as submitted, sum(sent) as sent, sum(delivered) as delivered, sum(read) as read,
       sum(clicked) as clicked, sum(failed) as failed
     from campaign_counts group by workspace_id, cell_id
   )
   select n.workspace_id, s.step || ' of cell ' || n.id as what, s.counted, s.kept
   from counted n left join kept k on k.workspace_id = n.workspace_id and k.cell_id = n.id
   cross join lateral (values ('queued', n.queued, coalesce(k.queued, 0)), ('retried', n.retried, coalesce(k.retried, 0)), ('submitted', n.submitted, coalesce(k.submitted, 0)), ('sent', n.sent, coalesce(k.sent, 0)),
     ('delivered', n.delivered, coalesce(k.delivered, 0)), ('read', n.read, coalesce(k.read, 0)), ('clicked', n.clicked, coalesce(k.clicked, 0)),
     ('failed', n.failed, coalesce(k.failed, 0))) as s (step, counted, kept)
   where s.counted <> s.kept limit 1000`,
);

const responses = statement<Row>(
  "verify_responses",
  `with counted as (
     select workspace_id, cell_id, count(*) filter (where kind = 'replied') as replied, count(*) filter (where kind = 'converted') as converted,
       count(*) filter (where kind = 'optedOut') as opted_out from campaign_responses group by workspace_id, cell_id
   ), kept as (
     select workspace_id, cell_id, sum(replied) as replied, sum(converted) as converted, sum(opted_out) as opted_out from campaign_counts group by workspace_id, cell_id
   )
   select workspace_id, s.kind || ' of cell ' || cell_id as what, s.counted, s.kept
   from counted n full join kept k using (workspace_id, cell_id)
   cross join lateral (values ('replied', coalesce(n.replied, 0), coalesce(k.replied, 0)), ('converted', coalesce(n.converted, 0), coalesce(k.converted, 0)),
     ('opted out', coalesce(n.opted_out, 0), coalesce(k.opted_out, 0))) as s (kind, counted, kept)
   where s.counted <> s.kept limit 1000`,
);

const losses = statement<Row>(
  "verify_losses",
  `with counted as (
     select workspace_id, run_id, reason, count(*) as people from campaign_people where state = 'lost' group by workspace_id, run_id, reason
   )
   select workspace_id, reason || ' of run ' || run_id as what, coalesce(n.people, 0) as counted, coalesce(l.people, 0) as kept
   from counted n full join campaign_losses l using (workspace_id, run_id, reason)
   where coalesce(n.people, 0) <> coalesce(l.people, 0) limit 1000`,
);

/** What a run handed over beside the messages of its cells. */
const handedOver = statement<Row>(
  "verify_handed_over",
  `select r.workspace_id, 'handed over by run ' || r.id as what, count(m.id) as counted, r.handed_over as kept
   from campaign_runs r join campaign_cells c on c.workspace_id = r.workspace_id and c.run_id = r.id
   left join messages m on m.workspace_id = r.workspace_id and m.origin_id = c.id
   group by r.workspace_id, r.id, r.handed_over having count(m.id) <> r.handed_over limit 1000`,
);

/** Failures and costs break down numbers that are counted beside them. */
const breakdowns = statement<Row>(
  "verify_breakdowns",
  `with n as (
     select workspace_id, cell_id, sum(failed) as failed, sum(delivered) as delivered from campaign_counts group by workspace_id, cell_id
   ), f as (
     select workspace_id, cell_id, sum(messages) as messages from campaign_failures group by workspace_id, cell_id
   ), d as (
     select workspace_id, cell_id, sum(delivered) as messages from campaign_costs group by workspace_id, cell_id
   )
   select workspace_id, s.what || ' of cell ' || cell_id as what, s.counted, s.kept
   from n left join f using (workspace_id, cell_id) left join d using (workspace_id, cell_id)
   cross join lateral (values ('failures', n.failed, coalesce(f.messages, 0)), ('priced messages', n.delivered, coalesce(d.messages, 0))) as s (what, counted, kept)
   where s.counted <> s.kept limit 1000`,
);

/** A person gets one message of a run, or of a try, or of an event that began a live campaign. */
const twice = statement<Row>(
  "verify_twice",
  `select m.workspace_id, 'messages to one person, run ' || c.run_id || ', ' || m.external_id as what, count(*) as counted, 1 as kept
   from messages m join campaign_cells c on c.workspace_id = m.workspace_id and c.id = m.origin_id
   where m.origin_kind = 'campaign'
   group by m.workspace_id, c.run_id, m.external_id having count(*) > 1 limit 1000`,
);

/** What waits to leave is queued or on its way; what is queued or on its way waits to leave. */
const outbox = statement<Row>(
  "verify_outbox",
  `select coalesce(m.workspace_id, o.workspace_id) as workspace_id, 'message ' || coalesce(m.id, o.message_id) || case when m.id is null then ' waits to leave and is not there' else ' is ' || m.state end as what,
     (m.id is not null)::int as counted, (o.message_id is not null)::int as kept
   from (select * from messages where state in ('queued', 'sending')) m
   full join (
     select o.* from outbox o where not exists (
       select from messages s where s.workspace_id = o.workspace_id and s.id = o.message_id and s.state not in ('queued', 'sending') and o.state = 'claimed')
   ) o on o.workspace_id = m.workspace_id and o.message_id = m.id
   where m.id is null or o.message_id is null limit 1000`,
);

const checks = [messages, responses, losses, handedOver, breakdowns, twice, outbox];
