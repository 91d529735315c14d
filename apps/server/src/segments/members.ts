/** Who is on a list: rows of list_members, set-based. */
import { sql } from "kysely";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** What a row of a file, or a caller, knows a person by. */
export type KnownBy = "phone" | "identity" | "id";

/** The contacts of these phones (E.164), identities or ids: a contact id by value, for those that somebody has. */
export async function findPeople(db: Database, workspaceId: string, by: KnownBy, values: readonly string[]): Promise<Map<string, string>> {
  if (values.length === 0) return new Map();
  const rows = await { phone: byPhone, identity: byIdentity, id: byId }[by].run(db, [workspaceId, values]);
  return new Map(rows.map((row) => [row.value, row.id]));
}

/**
 * Puts people on a list, as of `at`; answers how many were not on it. With `again`, those who are count as put on it then. The caller holds the
 * people lock, so that nobody is deleted or merged meanwhile.
 */
export async function addMembers(tx: Database, workspaceId: string, listId: string, contactIds: readonly string[], at: Date, again = false): Promise<number> {
  const [row] = await add.run(tx, [workspaceId, listId, contactIds, at, again]);
  return row?.added ?? 0;
}

/** Answers how many were on it. */
export async function removeMembers(tx: Database, workspaceId: string, listId: string, contactIds: readonly string[]): Promise<number> {
  return (await remove.run(tx, [workspaceId, listId, contactIds])).length;
}

/** Takes off everybody who was not put on it, or named again, since then. */
export async function removeOthers(tx: Database, workspaceId: string, listId: string, since: Date): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    with gone as (delete from list_members where workspace_id = ${workspaceId} and list_id = ${listId} and added_at < ${since} returning 1) select count(*) as count from gone
  `.execute(tx);
  return rows[0]?.count ?? 0;
}

export async function removeAllMembers(tx: Database, workspaceId: string, listId: string): Promise<void> {
  await tx.deleteFrom("list_members").where("workspace_id", "=", workspaceId).where("list_id", "=", listId).execute();
}

/** By the primary key, from the index alone. */
export async function countMembers(db: Database, workspaceId: string, listIds: readonly string[]): Promise<Map<string, number>> {
  const rows = await count.run(db, [workspaceId, listIds]);
  return new Map(rows.map((row) => [row.list_id, row.members]));
}

const byPhone = statement<{ value: string; id: string }>("lists_find_by_phone", `select phone as value, id from contacts where workspace_id = $1 and phone = any ($2::text[])`);
/** The first identity of somebody, or a further one. */
const byIdentity = statement<{ value: string; id: string }>(
  "lists_find_by_identity",
  `select identity as value, id from contacts where workspace_id = $1 and identity = any ($2::text[])
   union all select identity, contact_id from contact_identities where workspace_id = $1 and identity = any ($2::text[])`,
);
const byId = statement<{ value: string; id: string }>("lists_find_by_id", `select id::text as value, id from contacts where workspace_id = $1 and id = any ($2::uuid[])`);

/** Rows in the order of their key, so that two files for one list do not wait for each other in a circle. */
const add = statement<{ added: number }>(
  "lists_add_members",
  `with put as (
     insert into list_members (workspace_id, list_id, contact_id, added_at)
     select $1, $2, id, $4 from contacts where workspace_id = $1 and id = any ($3::uuid[]) order by id
     on conflict (workspace_id, list_id, contact_id) do update set added_at = excluded.added_at where $5 and list_members.added_at < excluded.added_at
     returning (xmax = 0) as fresh
   ) select count(*) filter (where fresh) as added from put`,
);

const remove = statement<{ contact_id: string }>("lists_remove_members", `delete from list_members where workspace_id = $1 and list_id = $2 and contact_id = any ($3::uuid[]) returning contact_id`);

const count = statement<{ list_id: string; members: number }>(
  "lists_count_members",
  `select l.list_id, (select count(*) from list_members m where m.workspace_id = $1 and m.list_id = l.list_id) as members from unnest($2::uuid[]) as l (list_id)`,
);
