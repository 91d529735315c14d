/** Two stored people become one: everything about the one that goes is handed to the one that stays. */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ConsentBook } from "./consent-book.ts";
import { mergeConsent } from "./consent-state.ts";
import type { Person } from "./merge.ts";

/**
 * Hands over events, history, identities, consent, and removes the rows of those that go. Their plain values have been merged by the plan.
 * Messages need nothing: they belong to a phone number. The caller holds the people lock.
 */
export async function mergeStored(tx: Database, workspaceId: string, merged: { from: Person; to: string }[]): Promise<void> {
  const froms = merged.map(({ from }) => from.id);
  const tos = merged.map(({ to }) => to);
  const book = await ConsentBook.open(tx, workspaceId, [...new Set([...froms, ...tos])]);
  for (const { from, to } of merged) book.replace(to, mergeConsent(book.consentOf(to), book.consentOf(from.id)));
  await book.save(tx);
  await handOver.run(tx, [workspaceId, froms, tos]);
  const further = merged.flatMap(({ from, to }) => (from.identity === null ? [] : [{ to, identity: from.identity }]));
  await remove.run(tx, [workspaceId, froms]);
  if (further.length > 0) await keepIdentities.run(tx, [workspaceId, further.map((f) => f.to), further.map((f) => f.identity)]);
}

const handOver = statement(
  "contacts_merge_hand_over",
  `with pairs as (select * from unnest($2::uuid[], $3::uuid[]) as p (gone, kept)),
   moved_events as (update events e set contact_id = p.kept from pairs p where e.workspace_id = $1 and e.contact_id = p.gone),
   moved_ids as (update event_ids e set contact_id = p.kept from pairs p where e.workspace_id = $1 and e.contact_id = p.gone),
   moved_consent as (update consent_changes e set contact_id = p.kept from pairs p where e.workspace_id = $1 and e.contact_id = p.gone),
   moved_changes as (update contact_changes e set contact_id = p.kept from pairs p where e.workspace_id = $1 and e.contact_id = p.gone),
   moved_identities as (update contact_identities e set contact_id = p.kept from pairs p where e.workspace_id = $1 and e.contact_id = p.gone),
   -- Both may be on one list.
   kept_memberships as (
     insert into list_members (workspace_id, list_id, contact_id, added_at)
     select e.workspace_id, e.list_id, p.kept, min(e.added_at) from pairs p join list_members e on e.workspace_id = $1 and e.contact_id = p.gone group by 1, 2, 3
     on conflict do nothing),
   gone_memberships as (delete from list_members e using pairs p where e.workspace_id = $1 and e.contact_id = p.gone)
   update contacts c set
     created_at = least(c.created_at, g.created_at),
     last_seen_at = greatest(c.last_seen_at, g.last_seen_at)
   from (select p.kept, min(o.created_at) as created_at, max(o.last_seen_at) as last_seen_at
         from pairs p join contacts o on o.workspace_id = $1 and o.id = p.gone group by p.kept) g
   where c.workspace_id = $1 and c.id = g.kept`,
);

const remove = statement(
  "contacts_merge_remove",
  `with consent as (delete from consents where workspace_id = $1 and contact_id = any ($2::uuid[]))
   delete from contacts where workspace_id = $1 and id = any ($2::uuid[])`,
);

const keepIdentities = statement(
  "contacts_merge_identities",
  `insert into contact_identities (workspace_id, contact_id, identity)
   select $1, * from unnest($2::uuid[], $3::text[]) on conflict do nothing`,
);
