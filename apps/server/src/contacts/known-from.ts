import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** People who became contacts by writing to these providers' numbers, and were never in touch with another. */
export async function knownOnlyFrom(db: Database, workspaceId: string, providerIds: string[]): Promise<string[]> {
  return (await find.run(db, [workspaceId, providerIds])).map((row) => row.id);
}

/** Who shows no number, or wrote under another way to write it, is known by the one that the answered message went to. */
const find = statement<{ id: string }>(
  "contacts_known_only_from",
  `with addresses as (
     select sender as address from inbound_messages where workspace_id = $1 and provider_id = any ($2::uuid[])
     union
     select recipient from messages where workspace_id = $1 and provider_id = any ($2::uuid[])
   )
   select c.id from contacts c
   where c.workspace_id = $1 and c.source = 'inbound' and (c.phone in (select address from addresses) or c.identity in (select address from addresses))
     and not exists (
       select from inbound_messages i where i.workspace_id = $1 and i.sender in (c.phone, c.identity) and i.provider_id <> all ($2::uuid[]))
     and not exists (
       select from messages m where m.workspace_id = $1 and m.recipient in (c.phone, c.identity) and m.provider_id <> all ($2::uuid[]))`,
);
