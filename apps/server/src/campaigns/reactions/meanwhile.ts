/**
 * Events come in any order: what keeps a live campaign from being sent may have been stored before the event that began it, by an earlier call.
 */
import type { EventTrigger } from "@tincan/api";
import { eventKey } from "../../contacts/events.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import type { Match } from "./match.ts";
import { passesAll } from "./passes.ts";

/** Stored events that those who began (`began`, each by its start) did between it and when they are to be written to, and that their campaign names as `unless`. */
export async function doneMeanwhile(tx: Database, workspaceId: string, began: readonly Match[], now: Date): Promise<Match[]> {
  const watched = began.flatMap((match): Watched[] => {
    const { schedule } = match.definition;
    if (schedule.kind !== "event" || !schedule.unless || !schedule.delay) return [];
    return [{ match, unless: schedule.unless, until: new Date(match.event.at.getTime() + schedule.delay * 1000) }];
  });
  if (watched.length === 0) return [];
  const first = new Date(Math.min(...watched.map(({ match }) => match.event.at.getTime())));
  const rows = await stored.run(tx, [
    workspaceId, watched.map(({ match }) => match.event.contactId), watched.map(({ unless }) => eventKey(unless.event)), watched.map(({ match }) => match.event.at), watched.map(({ until }) => until), first,
  ]);
  return rows.flatMap(({ n, key, name, at, properties }) => {
    const { match, unless } = watched[n - 1]!;
    return passesAll(unless.filters, properties, now) ? [{ ...match, event: { contactId: match.event.contactId, key, name, at, properties } }] : [];
  });
}

interface Watched {
  match: Match;
  unless: EventTrigger;
  until: Date;
}

/** By events_contact. $6 is the earliest of the times, for months that hold none of it to be passed over. */
const stored = statement<{ n: number; key: string; name: string; at: Date; properties: Match["event"]["properties"] }>(
  "campaigns_done_meanwhile",
  `select i.n::int, i.key, e.name, e.occurred_at as at, e.properties
   from unnest($2::uuid[], $3::text[], $4::timestamptz[], $5::timestamptz[]) with ordinality as i (contact_id, key, since, until, n)
   join event_names k on k.workspace_id = $1 and k.key = i.key
   join events e on e.workspace_id = $1 and e.contact_id = i.contact_id and e.name = k.name
     and e.occurred_at >= $6::timestamptz and e.occurred_at >= i.since and e.occurred_at < i.until`,
);
