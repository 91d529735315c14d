/** What the database knows about a batch of people, asked all at once. Everything is in the order in which it was asked. */
import type { ConsentVerdict } from "@tincan/api";
import { mayReceive } from "../../contacts/may-receive.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import { firstUuidAt } from "../../database/uuid.ts";
import { marketingOptOuts } from "../../ledger/permissions-to-send.ts";
import type { Category } from "../../ledger/types.ts";

const DAY_MS = 86_400_000;

/** What stands against a message of a category to each of these people; null when nothing does. */
export async function consentOf(
  tx: Database, workspaceId: string, providerId: string, people: readonly { contactId: string; phone: string }[], category: Category,
): Promise<(Exclude<ConsentVerdict, "allowed"> | null)[]> {
  const phones = people.map(({ phone }) => phone);
  const permits = await mayReceive(tx, workspaceId, phones, category === "service" ? "utility" : category);
  const stopped = category === "marketing" ? await marketingOptOuts(tx, workspaceId, providerId, phones) : new Set<string>();
  return permits.map(({ verdict, contactId }, i) => {
    if (verdict === "doNotDisturb") return verdict;
    // The number has moved on to somebody else, or the person is gone, since the audience was read.
    if (contactId !== people[i]!.contactId) return "unknownPerson";
    if (verdict !== "allowed") return verdict;
    return stopped.has(phones[i]!) ? "optedOut" : null;
  });
}

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

/** What each number was sent since a moment, failures aside, newest first. By messages_recipient: one look per person. */
export async function sentTo(tx: Database, workspaceId: string, phones: readonly string[], since: number): Promise<SentMessage[][]> {
  const rows = await sent.run(tx, [workspaceId, phones, firstUuidAt(since), MOST_MESSAGES]);
  return rows.map(({ messages }) => (messages ?? []).map(([at, originId, counts]) => ({ at, originId, counts })));
}

/** A scalar subquery stays a look-up per person on connections that plan once; a join would not. */
const sent = statement<{ messages: [number, string, boolean][] | null }>(
  "campaigns_sent_to",
  `select (
     select json_agg(json_build_array(m.at, m.origin_id, m.counts)) from (
       select (extract(epoch from accepted_at) * 1000)::bigint as at, origin_id, origin_kind in ('campaign', 'journey') as counts
       from messages where recipient = i.phone and workspace_id = $1 and id >= $3::uuid and state <> 'failed'
       order by id desc limit $4
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
