import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/**
 * The people lock: one per workspace, held until the transaction ends. Whoever adds, changes, merges or removes contacts or their consent
 * takes it first, before any row of theirs. Two batches then never hold each other's rows, and what was looked up stays true until it is
 * written. Rows of the ledger come before it, never after: webhooks lock messages first and then learn of new people.
 *
 * The price: a workspace's batches are written one after the other. They are set-based, so one at a time keeps a database core busy.
 */
export async function lockPeople(tx: Database, workspaceId: string): Promise<void> {
  await lock.run(tx, [workspaceId]);
}

const lock = statement("people_lock", `select pg_advisory_xact_lock(hashtextextended('tincan people ' || $1::text, 0))::text as locked`);
