/**
 * What people answer: a reply, and a word or a button that stops further messages, counted for the campaign they answer. A reply names the
 * message it answers, or counts for the last campaign message to that number within three days. Each person counts once per cell.
 */
import { everyIdOf } from "../../contacts/merged.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { firstUuidAt } from "../../database/uuid.ts";
import type { InboundMessage } from "../../ledger/inbound-message.ts";
import type { ChoiceListener, InboundListener } from "../../ledger/listeners.ts";
import { addCounts } from "./add-counts.ts";

/** A message without a word of what it answers belongs to the last campaign message within this time. */
const ANSWER_MS = 72 * 60 * 60 * 1000;
/** How much earlier than a stop in WhatsApp itself the message may have been that it is put down to. */
const STOP_MS = 7 * 24 * 60 * 60 * 1000;

interface Answer {
  cellId: string;
  contactId: string;
  at: Date;
}

/** Comes after the listener that hears consent words, whose changes it reads in the same transaction. */
export function campaignReplies(): InboundListener {
  return async (tx, workspaceId, inbound) => {
    const messages = inbound.filter(({ type }) => type !== "system" && type !== "reaction");
    const direct = messages.flatMap((message): Answer[] => {
      const to = message.replyTo;
      return to?.originKind === "campaign" && to.externalId !== null ? [{ cellId: to.originId, contactId: to.externalId.slice(0, 36), at: message.occurredAt }] : [];
    });
    const others = messages.filter(({ replyTo, sender }) => !replyTo && sender.startsWith("+"));
    const answers = [...direct, ...(await lastCampaignMessages(tx, workspaceId, others.map(whoAndWhen), ANSWER_MS))];
    if (answers.length === 0) return;
    await respond(tx, workspaceId, "replied", answers);
    const stops = new Set((await optOuts.run(tx, [workspaceId, answers.map((a) => a.contactId), answers.map((a) => a.at)])).map((row) => `${row.contact_id} ${row.at.getTime()}`));
    await respond(tx, workspaceId, "optedOut", answers.filter(({ contactId, at }) => stops.has(`${contactId} ${at.getTime()}`)));
  };
}

/** Marketing stopped in WhatsApp itself. */
export function campaignStops(): ChoiceListener {
  return async (tx, workspaceId, choices) => {
    const stops = choices.filter(({ stopped, phone }) => stopped && phone.startsWith("+")).map(({ phone, at }) => ({ phone, at }));
    await respond(tx, workspaceId, "optedOut", await lastCampaignMessages(tx, workspaceId, stops, STOP_MS));
  };
}

function whoAndWhen({ sender, occurredAt }: InboundMessage): { phone: string; at: Date } {
  return { phone: sender, at: occurredAt };
}

async function lastCampaignMessages(tx: Database, workspaceId: string, people: { phone: string; at: Date }[], withinMs: number): Promise<Answer[]> {
  if (people.length === 0) return [];
  const earliest = people.map(({ at }) => firstUuidAt(at.getTime() - withinMs));
  const rows = await lastMessages.run(tx, [workspaceId, people.map(({ phone }) => phone), people.map(({ at }) => at), earliest]);
  return rows.map((row) => ({ cellId: row.origin_id, contactId: row.external_id.slice(0, 36), at: row.at }));
}

/** Stores what was not stored before, and counts it. */
async function respond(tx: Database, workspaceId: string, kind: "replied" | "optedOut", answers: readonly Answer[]): Promise<void> {
  if (answers.length === 0) return;
  const rows = await insert.run(tx, [workspaceId, kind, answers.map((a) => a.cellId), answers.map((a) => a.contactId), answers.map((a) => a.at)]);
  await addCounts(tx, workspaceId, rows.map((row) => ({ cellId: row.cell_id, at: row.at, [kind]: 1 })));
}

/** Walks messages_recipient backwards from the newest; a person has few messages in three days. WhatsApp's times are whole seconds, cut off. */
const lastMessages = statement<{ origin_id: string; external_id: string; at: Date }>(
  "campaigns_last_messages",
  `select l.origin_id, l.external_id, i.at
   from unnest($2::text[], $3::timestamptz[], $4::uuid[]) as i (phone, at, earliest)
   cross join lateral (
     select m.origin_id, m.external_id, m.origin_kind from messages m
     where m.workspace_id = $1 and m.recipient = i.phone and m.id >= i.earliest and m.accepted_at < i.at + interval '1 second' and m.origin_kind = 'campaign' and m.state <> 'failed'
     order by m.id desc limit 1) l`,
);

/** A word about consent stands under the person who is there now. By the primary key of consent_changes. */
const optOuts = statement<{ contact_id: string; at: Date }>(
  "campaigns_opt_outs",
  `select i.contact_id, i.at from unnest($2::uuid[], $3::timestamptz[]) as i (contact_id, at)
   where (select true from consent_changes c
     where c.workspace_id = $1 and c.contact_id = coalesce((select g.contact_id from merged_contacts g where g.workspace_id = $1 and g.id = i.contact_id), i.contact_id)
       and c.at = i.at and c.state = 'out' and c.source in ('keyword', 'button') limit 1)`,
);

/**
 * Under the id that the message went to. Nobody who answered under another of their ids answers again, in this batch or before it. In the order of
 * cells and people, so that two batches never deadlock.
 */
const insert = statement<{ cell_id: string; at: Date }>(
  "campaigns_respond",
  `insert into campaign_responses (workspace_id, kind, cell_id, contact_id, at)
   select distinct on (i.cell_id, person.id) $1, $2, i.* from unnest($3::uuid[], $4::uuid[], $5::timestamptz[]) as i (cell_id, contact_id, at)
   cross join lateral (select coalesce((select g.contact_id from merged_contacts g where g.workspace_id = $1 and g.id = i.contact_id), i.contact_id) as id) person
   where (select true from campaign_responses r
     where r.workspace_id = $1 and r.cell_id = i.cell_id and r.kind = $2 and r.contact_id in (${everyIdOf("i.contact_id")}) limit 1) is null
   order by i.cell_id, person.id, i.at
   on conflict do nothing returning cell_id, at`,
);
