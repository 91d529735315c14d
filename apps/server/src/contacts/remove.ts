/** Forgetting people: the person and everything about them, here and, through those it is handed, everywhere else. */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { forgetPeople, type ForgottenTraffic } from "../ledger/forget-people.ts";
import type { StatusListener } from "../ledger/listeners.ts";
import { lockPeople } from "./lock.ts";
import { mergedInto } from "./merged.ts";
import { formerNumbers } from "./numbers.ts";
import type { Properties } from "./properties.ts";
import { rememberStops } from "./stop-list.ts";
import { changePropertyCounts } from "./upsert-store.ts";
import { otherWritings } from "./written-otherwise.ts";

export interface ForgetDeps {
  statusListeners: readonly StatusListener[];
  /** Whether what they had stopped is forgotten too, as fits people who were made up; otherwise it is remembered (stop-list.ts). */
  stops?: "forgotten";
  /** Of the floors above, each forgets what it keeps about the same traffic or numbers. */
  forgetters: readonly ((tx: Database, workspaceId: string, traffic: ForgottenTraffic, phones: string[], contactIds: string[]) => Promise<void>)[];
}

/**
 * Deletes people with their consent, events, history and inbound messages; what was sent to them stays as bare counts. Numbers that they gave up
 * count as theirs unless somebody else has them now, and whoever was merged into them is forgotten with them. It cannot be undone.
 * The ledger comes first, as contacts/lock.ts asks. Answers the ids of those who were there.
 */
export async function removeContacts(tx: Database, workspaceId: string, ids: string[], deps: ForgetDeps): Promise<string[]> {
  const people = await find.run(tx, [workspaceId, ids]);
  if (people.length === 0) return [];
  const doomed = people.map((person) => person.id);
  const ownNumbers = [...people.flatMap(({ id, phone }) => (phone === null ? [] : [{ contactId: id, phone }])), ...(await formerNumbers(tx, workspaceId, doomed))];
  const numbers = [...ownNumbers, ...(await otherWritings(tx, workspaceId, ownNumbers))];
  const addresses = [...new Set([...numbers.map(({ phone }) => phone), ...people.flatMap(({ identities }) => identities)])];
  const everyId = [...doomed, ...(await mergedInto(tx, workspaceId, doomed)).map(({ id }) => id)];
  const traffic = await forgetPeople(tx, workspaceId, addresses, deps.statusListeners);
  for (const forget of deps.forgetters) await forget(tx, workspaceId, traffic, addresses, everyId);
  await lockPeople(tx, workspaceId);
  if (deps.stops !== "forgotten") await rememberStops(tx, workspaceId, numbers);
  await forgetProblems.run(tx, [workspaceId, addresses]);
  const gone = await remove.run(tx, [workspaceId, doomed, addresses]);
  const counts = new Map<string, number>();
  for (const { properties } of gone) for (const key of Object.keys(properties)) counts.set(key, (counts.get(key) ?? 0) - 1);
  await changePropertyCounts(tx, workspaceId, counts);
  await forgetNames.run(tx, [workspaceId]);
  return gone.map((row) => row.id);
}

/** Identities too: somebody who shows no number is known by their WhatsApp user id. */
const find = statement<{ id: string; phone: string | null; identities: string[] }>(
  "contacts_find_doomed",
  `select c.id, c.phone, array (
     select c.identity where c.identity is not null
     union select identity from contact_identities i where i.workspace_id = $1 and i.contact_id = c.id) as identities
   from contacts c where c.workspace_id = $1 and c.id::text = any ($2::text[])`,
);

const remove = statement<{ id: string; properties: Properties }>(
  "contacts_remove",
  `with identities as (delete from contact_identities where workspace_id = $1 and contact_id = any ($2::uuid[])),
   consent as (delete from consents where workspace_id = $1 and contact_id = any ($2::uuid[])),
   consent_history as (delete from consent_changes where workspace_id = $1 and contact_id = any ($2::uuid[])),
   history as (delete from contact_changes where workspace_id = $1 and contact_id = any ($2::uuid[])),
   numbers as (delete from phone_dnd where workspace_id = $1 and phone = any ($3::text[])),
   done as (delete from events where workspace_id = $1 and contact_id = any ($2::uuid[])),
   done_ids as (delete from event_ids where workspace_id = $1 and contact_id = any ($2::uuid[])),
   merged as (delete from merged_contacts where workspace_id = $1 and contact_id = any ($2::uuid[])),
   memberships as (delete from list_members where workspace_id = $1 and contact_id = any ($2::uuid[]))
   delete from contacts where workspace_id = $1 and id = any ($2::uuid[]) returning id, properties`,
);

/** Rows of imported files with problems stand as they were written, so spaces and signs in numbers are looked past. */
const forgetProblems = statement(
  "contacts_forget_import_problems",
  `delete from import_problems p
   using (
     select distinct import_id, row_number from import_problems, unnest(fields || value) as f (written)
     where workspace_id = $1 and (written = any ($2::text[]) or '+' || regexp_replace(written, '\\D', '', 'g') = any ($2::text[]))
   ) as named
   where p.workspace_id = $1 and p.import_id = named.import_id and p.row_number = named.row_number`,
);

/** Names of events mean nothing once there are none. By the primary key of events, which begins with the workspace. */
const forgetNames = statement("contacts_forget_event_names", `delete from event_names where workspace_id = $1 and not exists (select from events where workspace_id = $1)`);
