/** Two stored people become one: everything about the one that goes is handed to the one that stays. */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { uuidv7 } from "../database/uuid.ts";
import { ConsentBook } from "./consent-book.ts";
import { mergeConsent } from "./consent-state.ts";
import type { Plan } from "./merge.ts";
import type { UpsertOptions } from "./types.ts";

/**
 * Hands over events, history, identities, consent, links, and removes the rows of those that go. Their plain values have been merged by the plan.
 * What others keep under an id that goes stays there; merged.ts says whose it is.
 * Messages belong to a phone number: one that nobody keeps stands in the history of the one that stays, where the timeline finds it. The
 * caller holds the people lock.
 */
export async function mergeStored(tx: Database, workspaceId: string, { merged, changed }: Pick<Plan, "merged" | "changed">, { source, by }: UpsertOptions): Promise<void> {
  const froms = merged.map(({ from }) => from.id);
  const tos = merged.map(({ to }) => to);
  const book = await ConsentBook.open(tx, workspaceId, [...new Set([...froms, ...tos])]);
  for (const { from, to } of merged) book.replace(to, mergeConsent(book.consentOf(to), book.consentOf(from.id)));
  await book.save(tx);
  await handOver.run(tx, [workspaceId, froms, tos]);
  const kept = new Map(changed.map(({ after }) => [after.id, after.phone]));
  const given = merged.flatMap(({ from, to }) => (from.phone === null || kept.get(to) === from.phone ? [] : [{ id: from.id, to, phone: from.phone }]));
  if (given.length > 0) await noteNumbers.run(tx, [workspaceId, given.map(({ to }) => to), given.map(() => uuidv7()), given.map(({ phone }) => phone), given.map(({ to }) => kept.get(to) ?? null), source, by ?? null]);
  const givenUp = new Map(given.map(({ id, phone }) => [id, phone]));
  await noteMerged.run(tx, [workspaceId, froms, tos, froms.map((id) => givenUp.get(id) ?? null)]);
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
   -- A link is found by its message, and that by the number or user id it went to.
   moved_links as (
     update links l set contact_id = p.kept from pairs p
     where l.workspace_id = $1 and l.contact_id = p.gone and l.message_id = any (array (
       select id from messages where workspace_id = $1 and recipient = any (array (
         select phone from contacts where workspace_id = $1 and id = any ($2::uuid[]) and phone is not null
         union select identity from contacts where workspace_id = $1 and id = any ($2::uuid[]) and identity is not null))))),
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

/** Told as a change of number, which it is to whoever knew the one that went. */
const noteNumbers = statement(
  "contacts_merge_note_numbers",
  `insert into contact_changes (workspace_id, contact_id, id, at, source, by_name, changes)
   select $1, i.contact_id, i.id, now(), $6::text, $7::text,
     jsonb_build_object('phone', jsonb_build_object('from', i.phone, 'to', coalesce(i.kept, (select c.phone from contacts c where c.workspace_id = $1 and c.id = i.contact_id))))
   from unnest($2::uuid[], $3::uuid[], $4::text[], $5::text[]) as i (contact_id, id, phone, kept)`,
);

/** Those merged into one that goes now are part of the one that stays. */
const noteMerged = statement(
  "contacts_note_merged",
  `with moved as (
     update merged_contacts m set contact_id = p.kept from unnest($2::uuid[], $3::uuid[]) as p (gone, kept)
     where m.workspace_id = $1 and m.contact_id = p.gone and m.contact_id = any ($2::uuid[])
   )
   insert into merged_contacts (workspace_id, id, contact_id, phone) select $1, * from unnest($2::uuid[], $3::uuid[], $4::text[])`,
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
