import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** The numbers (E.164) of the contacts with these ids; who has none, or is not there, is left out. */
export async function numbersOfContacts(db: Database, workspaceId: string, contactIds: string[]): Promise<string[]> {
  return (await find.run(db, [workspaceId, contactIds])).map((row) => row.phone);
}

/** Numbers that people had before, those of people merged into them included, unless somebody else has them now. By the primary key of contact_changes. */
export async function formerNumbers(db: Database, workspaceId: string, contactIds: readonly string[]): Promise<{ contactId: string; phone: string }[]> {
  return (await former.run(db, [workspaceId, contactIds])).map((row) => ({ contactId: row.contact_id, phone: row.phone }));
}

const find = statement<{ phone: string }>(
  "contacts_numbers",
  `select phone from contacts where workspace_id = $1 and id::text = any ($2::text[]) and phone is not null order by phone`,
);

const former = statement<{ contact_id: string; phone: string }>(
  "contacts_former_numbers",
  `with former as (
     select distinct contact_id, changes -> 'phone' ->> 'from' as phone from contact_changes where workspace_id = $1 and contact_id = any ($2::uuid[])
   )
   select f.contact_id, f.phone from former f
   where f.phone is not null and not exists (select from contacts c where c.workspace_id = $1 and c.phone = f.phone and c.id <> all ($2::uuid[]))`,
);
