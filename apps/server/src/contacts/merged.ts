/** Whose an id is that was given to somebody who was merged into somebody else since. Almost always there are none, which costs a look by index. */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Who the merged ones of these ids are now; all others are still who they were. */
export async function survivorsOf(db: Database, workspaceId: string, ids: readonly string[]): Promise<Map<string, string>> {
  const rows = ids.length === 0 ? [] : await survivors.run(db, [workspaceId, ids]);
  return new Map(rows.map((row) => [row.id, row.contact_id]));
}

/** Those who were merged into these people. */
export async function mergedInto(db: Database, workspaceId: string, contactIds: readonly string[]): Promise<{ id: string; contactId: string }[]> {
  const rows = contactIds.length === 0 ? [] : await merged.run(db, [workspaceId, contactIds]);
  return rows.map((row) => ({ id: row.id, contactId: row.contact_id }));
}

/** Numbers that people gave up when somebody was merged into them, unless somebody has them again. */
export async function givenUpNumbers(db: Database, workspaceId: string, contactIds: readonly string[]): Promise<{ contactId: string; phone: string }[]> {
  const rows = contactIds.length === 0 ? [] : await givenUp.run(db, [workspaceId, contactIds]);
  return rows.map((row) => ({ contactId: row.contact_id, phone: row.phone }));
}

/**
 * SQL: every id of the person whom the contact `id` is now: their own, and those merged into them. Needs the workspace as $1; by the primary key
 * and merged_contacts_into.
 */
export const everyIdOf = (id: string): string =>
  `select w.id from (select coalesce((select g.contact_id from merged_contacts g where g.workspace_id = $1 and g.id = ${id}), ${id}) as id) w
   union all
   select m.id from merged_contacts m where m.workspace_id = $1
     and m.contact_id = coalesce((select g.contact_id from merged_contacts g where g.workspace_id = $1 and g.id = ${id}), ${id})`;

const survivors = statement<{ id: string; contact_id: string }>(
  "contacts_survivors",
  `select id, contact_id from merged_contacts where workspace_id = $1 and id = any ($2::uuid[])`,
);

const merged = statement<{ id: string; contact_id: string }>(
  "contacts_merged_into",
  `select id, contact_id from merged_contacts where workspace_id = $1 and contact_id = any ($2::uuid[]) order by contact_id, id`,
);

const givenUp = statement<{ contact_id: string; phone: string }>(
  "contacts_merged_given_up",
  `select m.contact_id, m.phone from merged_contacts m
   where m.workspace_id = $1 and m.contact_id = any ($2::uuid[]) and m.phone is not null
     and (select true from contacts c where c.workspace_id = $1 and c.phone = m.phone) is null`,
);
