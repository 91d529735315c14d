/**
 * Live campaigns: an event puts its person among those who wait, due after the campaign's delay; the engine sends when the time has come. The
 * row in campaign_entries decides whether somebody may begin again, so two events that come at the same moment begin once.
 */
import { everyIdOf } from "../../contacts/merged.ts";
import { statement } from "../../database/statement.ts";
import { uuidv7 } from "../../database/uuid.ts";
import type { Database } from "../../database/connection.ts";
import type { Match } from "./match.ts";

/** @returns those who began, each with the event that began it */
export async function enterLive(tx: Database, workspaceId: string, matches: readonly Match[]): Promise<Match[]> {
  const began: Match[] = [];
  for (const [runId, ofRun] of byRun(matches)) {
    const { schedule } = ofRun[0]!.definition;
    if (schedule.kind !== "event") continue;
    const { delay = 0, reentry = null } = schedule;
    // Of several events of one person the first counts; in the order of ids, so that two batches never deadlock.
    const first = new Map<string, Match>();
    for (const match of ofRun.toSorted((a, b) => a.event.at.getTime() - b.event.at.getTime())) if (!first.has(match.event.contactId)) first.set(match.event.contactId, match);
    const people = [...first.values()].sort((a, b) => (a.event.contactId < b.event.contactId ? -1 : 1));
    const rows = await enter.run(tx, [
      workspaceId, runId, reentry, people.map(() => uuidv7()), people.map(({ event }) => event.contactId), people.map(({ event }) => event.at),
      people.map(({ event }) => new Date(event.at.getTime() + delay * 1000)), people.map(({ event }) => JSON.stringify({ ...event.properties, name: event.name, at: event.at.toISOString() })),
    ]);
    const entered = new Set(rows.map((row) => row.contact_id));
    began.push(...people.filter(({ event }) => entered.has(event.contactId)));
  }
  return began;
}

/** Those who did meanwhile what keeps the campaign from being sent wait no longer. What they did before they began says nothing. */
export async function withdrawLive(tx: Database, workspaceId: string, matches: readonly Match[]): Promise<void> {
  for (const [runId, ofRun] of byRun(matches)) {
    await withdraw.run(tx, [workspaceId, runId, ofRun.map(({ event }) => event.contactId), ofRun.map(({ event }) => event.at), ofRun[0]!.event.name]);
  }
}

/** Few runs wait for the same event, so each is written by itself. */
function byRun(matches: readonly Match[]): Map<string, Match[]> {
  const runs = new Map<string, Match[]>();
  for (const match of matches) runs.set(match.runId, [...(runs.get(match.runId) ?? []), match]);
  return new Map([...runs].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** $3 are the minutes until somebody may begin again; null: never. Who was merged into them has begun for them too. */
const enter = statement<{ contact_id: string }>(
  "campaigns_enter_live",
  `with input as (
     select * from unnest($4::uuid[], $5::uuid[], $6::timestamptz[], $7::timestamptz[], $8::jsonb[]) as i (id, contact_id, at, due_at, event)
   ), entered as (
     insert into campaign_entries as e (workspace_id, run_id, contact_id, at)
     select $1, $2, contact_id, at from input i
     where (select true from merged_contacts g join campaign_entries b on b.workspace_id = $1 and b.run_id = $2 and b.contact_id = g.id
       where g.workspace_id = $1 and g.contact_id = i.contact_id and ($3::integer is null or b.at > i.at - make_interval(mins => $3::integer)) limit 1) is null
     on conflict (workspace_id, run_id, contact_id) do update set at = excluded.at
       where $3::integer is not null and e.at <= excluded.at - make_interval(mins => $3::integer)
     returning contact_id
   )
   insert into campaign_people (workspace_id, run_id, id, contact_id, state, due_at, event)
   select $1, $2, id, contact_id, 'waiting', due_at, event from input where contact_id in (select contact_id from entered)
   returning contact_id`,
);

const withdraw = statement(
  "campaigns_withdraw_live",
  `with gone as (
     update campaign_people p set state = 'lost', reason = 'notMatching', detail = 'Did ' || $5 || ' meanwhile', due_at = null
     from unnest($3::uuid[], $4::timestamptz[]) as i (contact_id, at) cross join lateral (${everyIdOf("i.contact_id")}) w
     where p.workspace_id = $1 and p.run_id = $2 and p.state = 'waiting' and p.contact_id = w.id and p.due_at > i.at
       and coalesce((p.event ->> 'at')::timestamptz <= i.at, true)
     returning p.id
   )
   insert into campaign_losses as l (workspace_id, run_id, reason, people)
   select $1, $2, 'notMatching', count(*) from gone having count(*) > 0
   on conflict (workspace_id, run_id, reason) do update set people = l.people + excluded.people`,
);
