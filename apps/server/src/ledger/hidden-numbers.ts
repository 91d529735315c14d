/**
 * People who stopped sharing their number are named by WhatsApp's user id alone (Meta: business-scoped user ids). The id stays the same as
 * long as the number does, so whoever wrote with a number before is still the person of that number: what they say about consent, and the window
 * that they open, are about it.
 */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** The number (E.164) that each of these user ids wrote with last; those that never showed one are left out. */
export async function numbersOfUserIds(tx: Database, workspaceId: string, userIds: readonly string[]): Promise<Map<string, string>> {
  if (userIds.length === 0) return new Map();
  const rows = await find.run(tx, [workspaceId, [...new Set(userIds)]]);
  return new Map(rows.map(({ user_id, phone }) => [user_id, phone]));
}

const find = statement<{ user_id: string; phone: string }>(
  "ledger_numbers_of_user_ids",
  `select i.user_id, m.sender as phone
   from unnest($2::text[]) as i (user_id) cross join lateral (
     select sender from inbound_messages
     where workspace_id = $1 and sender_user_id = i.user_id and sender like '+%'
     order by occurred_at desc limit 1
   ) m`,
);
