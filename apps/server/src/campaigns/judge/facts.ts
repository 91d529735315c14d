/** What the database knows about a batch of people, asked all at once. Everything is in the order in which it was asked. */
import type { ConsentVerdict } from "@tincan/api";
import { mayReceive } from "../../contacts/may-receive.ts";
import { givenUpNumbers } from "../../contacts/merged.ts";
import type { Permit } from "../../contacts/types.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { firstUuidAt } from "../../database/uuid.ts";
import { EVERY_PROVIDER, marketingOptOuts } from "../../ledger/permissions-to-send.ts";
import type { Category } from "../../ledger/types.ts";

const DAY_MS = 86_400_000;

/** What stands against a message of a category to each of these people; null when nothing does. Most often nothing does, which is asked first. */
export async function consentOf(
  tx: Database, workspaceId: string, providerId: string, people: readonly { contactId: string; phone: string }[], category: Category,
): Promise<(Objection | null)[]> {
  const consent = category === "service" ? "utility" : category;
  const rows = await doubtful.run(tx, [workspaceId, people.map(({ contactId }) => contactId), people.map(({ phone }) => phone), consent, providerId]);
  const objections: (Objection | null)[] = people.map(() => null);
  if (rows.length === 0) return objections;
  const asked = rows.map(({ n }) => n - 1);
  const phones = asked.map((i) => people[i]!.phone);
  const permits = await mayReceive(tx, workspaceId, phones, consent);
  const stopped = category === "marketing" ? await marketingOptOuts(tx, workspaceId, providerId, phones) : new Set<string>();
  for (const [at, i] of asked.entries()) objections[i] = objectionOf(permits[at]!, people[i]!.contactId, stopped.has(phones[at]!));
  return objections;
}

type Objection = Exclude<ConsentVerdict, "allowed">;

function objectionOf({ verdict, contactId }: Permit, wanted: string, stopped: boolean): Objection | null {
  if (verdict === "doNotDisturb") return verdict;
  // The number has moved on to somebody else, or the person is gone, since the audience was read.
  if (contactId !== wanted) return "unknownPerson";
  if (verdict !== "allowed") return verdict;
  return stopped ? "optedOut" : null;
}

/**
 * The places of all but those who plainly agreed: the number is theirs, they said yes, and nobody stopped it. It may name somebody too many. "is
 * true" keeps both lists of stopped numbers look-ups; as joins they could be compared with every row.
 */
const doubtful = statement<{ n: number }>(
  "campaigns_doubtful",
  `with people as (
     select id, phone, msg_whatsapp from contacts where workspace_id = $1 and id = any ($2::uuid[])
   ), said as (
     select contact_id, state from consents where workspace_id = $1 and contact_id = any ($2::uuid[]) and category = $4
   )
   select i.n from unnest($2::uuid[], $3::text[]) with ordinality as i (id, phone, n)
   left join people p on p.id = i.id left join said s on s.contact_id = i.id
   where p.phone is distinct from i.phone or coalesce(s.state = 'in', p.msg_whatsapp) is not true
     or (i.phone in (select phone from phone_dnd where workspace_id = $1 and phone = any ($3::text[]) and dnd)) is true
     or (i.phone in (select phone from marketing_opt_outs
          where workspace_id = $1 and (provider_id = $5 or provider_id = '${EVERY_PROVIDER}') and phone = any ($3::text[]))) is true`,
);

/** A message that somebody was sent, as far as caps look at it. */
export interface SentMessage {
  at: number;
  /** The cell, for messages of campaigns. */
  originId: string;
  /** Of a campaign or a journey. */
  counts: boolean;
}

/** Nobody gets more in the time that caps look back at. */
const MOST_MESSAGES = 1_000;

/** What each of these people was sent since a moment, failures aside: to their number, and to those they gave up when somebody was merged into them. */
export async function sentToPeople(tx: Database, workspaceId: string, people: readonly { contactId: string; phone: string }[], since: number): Promise<SentMessage[][]> {
  const givenUp = await givenUpNumbers(tx, workspaceId, people.map(({ contactId }) => contactId));
  const sent = await sentTo(tx, workspaceId, [...people, ...givenUp].map(({ phone }) => phone), since);
  if (givenUp.length === 0) return sent;
  const before = new Map<string, SentMessage[]>();
  for (const [i, { contactId }] of givenUp.entries()) before.set(contactId, [...(before.get(contactId) ?? []), ...sent[people.length + i]!]);
  return people.map(({ contactId }, i) => [...sent[i]!, ...(before.get(contactId) ?? [])]);
}

/** What each number was sent since a moment, failures aside, newest first. By messages_recipient, one look per person who was sent anything. */
async function sentTo(tx: Database, workspaceId: string, phones: readonly string[], since: number): Promise<SentMessage[][]> {
  const first = firstUuidAt(since);
  const known = (await anySent.run(tx, [workspaceId, phones, first])).map(({ recipient }) => recipient);
  if (known.length === 0) return phones.map(() => []);
  const rows = await sent.run(tx, [workspaceId, known, first, MOST_MESSAGES]);
  const messages = new Map(rows.map((row, i) => [known[i]!, (row.messages ?? []).map(([at, originId, counts]) => ({ at, originId, counts }))]));
  return phones.map((phone) => messages.get(phone) ?? []);
}

/*
 * Pairs are compared, which is the order of messages_recipient alone: asked for "id >= $3" Postgres may read everything since then by the primary key,
 * for every person, as long as it takes the table for shorter than it is. A scalar subquery stays a look-up per person on connections that plan once.
 */
const SINCE = `workspace_id = $1 and (recipient, id) >= (i.phone, $3::uuid) and (recipient, id) < (i.phone, 'ffffffff-ffff-ffff-ffff-ffffffffffff'::uuid)`;

const anySent = statement<{ recipient: string }>(
  "campaigns_any_sent",
  `select i.phone as recipient from unnest($2::text[]) as i (phone) where (select true from messages where ${SINCE} limit 1)`,
);

const sent = statement<{ messages: [number, string, boolean][] | null }>(
  "campaigns_sent_to",
  `select (
     select json_agg(json_build_array(m.at, m.origin_id, m.counts)) from (
       select (extract(epoch from accepted_at) * 1000)::bigint as at, origin_id, origin_kind in ('campaign', 'journey') as counts
       from messages where ${SINCE} and state <> 'failed' order by recipient desc, id desc limit $4
     ) m
   ) as messages
   from unnest($2::text[]) with ordinality as i (phone, n) order by i.n`,
);

/** Reads looked at per person, the newest. */
const MOST_READS = 200;
const READS_DAYS = 180;

/** When each number read messages in the last 180 days (ms). */
export async function readsOf(tx: Database, workspaceId: string, phones: readonly string[], now: Date): Promise<number[][]> {
  const rows = await reads.run(tx, [workspaceId, phones, firstUuidAt(now.getTime() - READS_DAYS * DAY_MS), MOST_READS]);
  return rows.map((row) => row.reads.map((at) => at.getTime()));
}

const reads = statement<{ reads: Date[] }>(
  "campaigns_reads_of",
  `select array(
     select read_at from messages where recipient = i.phone and workspace_id = $1 and id >= $3::uuid and read_at is not null order by id desc limit $4
   ) as reads
   from unnest($2::text[]) with ordinality as i (phone, n) order by i.n`,
);
