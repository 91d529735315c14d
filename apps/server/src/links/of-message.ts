import type { TraceStep } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import "./tables.ts";

/** The clicks of a message that its trace shows. */
const MOST_STEPS = 100;

export interface MessageLinkRow {
  code: string;
  target: string;
  place: string;
  contact_id: string | null;
  clicks: number;
  first_clicked_at: Date | null;
  last_clicked_at: Date | null;
  created_at: Date;
}

/** A message's links in the order of the message's places. */
export async function linksOfMessage(db: Database, workspaceId: string, messageId: string): Promise<MessageLinkRow[]> {
  return findLinks.run(db, [workspaceId, messageId]);
}

/** The trace's part of links: each click. */
export async function clickSteps(db: Database, workspaceId: string, messageId: string): Promise<TraceStep[]> {
  const rows = await findClicks.run(db, [workspaceId, messageId, MOST_STEPS]);
  return rows.map((row) => ({ kind: "note", at: row.at.toISOString(), title: `Clicked the link to ${row.target}`, status: "ok", detail: `${row.place}, ${row.agent}` }));
}

const findLinks = statement<MessageLinkRow & Record<string, unknown>>(
  "links_of_message",
  `select l.code, coalesce(l.target, t.url) as target, l.place, l.contact_id, l.clicks, l.first_clicked_at, l.last_clicked_at, l.created_at
   from links l left join link_targets t on t.workspace_id = $1 and t.id = l.target_id
   where l.workspace_id = $1 and l.message_id = $2 order by l.place, l.code`,
);

/** By link_clicks_code. */
const findClicks = statement<{ at: Date; agent: string; place: string; target: string }>(
  "links_clicks_of_message",
  `select c.at, c.agent, l.place, coalesce(l.target, t.url) as target
   from links l join link_clicks c on c.code = l.code and c.workspace_id = $1
     left join link_targets t on t.workspace_id = $1 and t.id = l.target_id
   where l.workspace_id = $1 and l.message_id = $2 order by c.id limit $3`,
);
