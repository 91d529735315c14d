import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** The numbers (E.164) of the contacts with these ids; who has none, or is not there, is left out. */
export async function numbersOfContacts(db: Database, workspaceId: string, contactIds: string[]): Promise<string[]> {
  return (await find.run(db, [workspaceId, contactIds])).map((row) => row.phone);
}

const find = statement<{ phone: string }>(
  "contacts_numbers",
  `select phone from contacts where workspace_id = $1 and id::text = any ($2::text[]) and phone is not null order by phone`,
);
