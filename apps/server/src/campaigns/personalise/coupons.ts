/**
 * Giving coupon codes away, each once. Codes are taken in their order, past those that another transaction holds just now; what was taken
 * is free again when the transaction is undone.
 */
import { mergedInto } from "../../contacts/merged.ts";
import type { Database } from "../../database/connection.ts";
import { statement } from "../../database/statement.ts";
import "../coupons/tables.ts";

/** Where the last batch stopped: what lies before is mostly given, and need not be passed by again. */
export interface CouponPlace {
  after: string;
}

export interface Receiver {
  contactId: string;
  messageId: string;
  /** Somebody whose earlier message of the run never arrived keeps the code they got since then, under whichever of their ids. */
  since: Date | null;
}

/** A code for each, in the order given; null for those for whom none was left. */
export async function giveCoupons(tx: Database, workspaceId: string, poolId: string, place: CouponPlace, receivers: readonly Receiver[], now: Date): Promise<(string | null)[]> {
  const kept = await keptCodes(tx, workspaceId, poolId, receivers);
  const wanted = receivers.filter(({ contactId }) => !kept.has(contactId)).length;
  const free = await take(tx, workspaceId, poolId, place, wanted);
  const given = new Map<string, Receiver>();
  const codes = receivers.map((receiver) => {
    const code = kept.get(receiver.contactId) ?? free.shift() ?? null;
    if (code !== null) given.set(code, receiver);
    return code;
  });
  const all = [...given.keys()].sort();
  if (all.length > 0) await give.run(tx, [workspaceId, poolId, all, all.map((code) => given.get(code)!.contactId), all.map((code) => given.get(code)!.messageId), now]);
  return codes;
}

async function take(tx: Database, workspaceId: string, poolId: string, place: CouponPlace, count: number): Promise<string[]> {
  if (count === 0) return [];
  const codes = (await free.run(tx, [workspaceId, poolId, place.after, count])).map(({ code }) => code);
  // Others may have given theirs back, or new ones may have come, before the place.
  if (codes.length < count && place.after !== "") {
    place.after = "";
    return take(tx, workspaceId, poolId, place, count);
  }
  place.after = codes.at(-1) ?? "";
  return codes;
}

async function keptCodes(tx: Database, workspaceId: string, poolId: string, receivers: readonly Receiver[]): Promise<Map<string, string>> {
  const again = receivers.filter(({ since }) => since !== null);
  if (again.length === 0) return new Map();
  const owners = new Map((await mergedInto(tx, workspaceId, again.map(({ contactId }) => contactId))).map(({ id, contactId }) => [id, contactId]));
  const found = await given.run(tx, [workspaceId, poolId, [...again.map(({ contactId }) => contactId), ...owners.keys()]]);
  const rows = found.map((row) => ({ ...row, contact_id: owners.get(row.contact_id) ?? row.contact_id }));
  const since = new Map(again.map((receiver) => [receiver.contactId, receiver.since!]));
  return new Map(rows.filter((row) => row.given_at >= since.get(row.contact_id)!).map((row) => [row.contact_id, row.code]));
}

/** By coupon_codes_free. */
const free = statement<{ code: string }>(
  "coupons_free",
  `select code from coupon_codes where workspace_id = $1 and pool_id = $2 and given_at is null and code > $3
   order by workspace_id, pool_id, code limit $4 for update skip locked`,
);

/** By coupon_codes_given; the newest of each person comes last, and so wins. */
const given = statement<{ contact_id: string; code: string; given_at: Date }>(
  "coupons_given",
  `select contact_id, code, given_at from coupon_codes where contact_id = any ($3::uuid[]) and workspace_id = $1 and pool_id = $2 and given_at is not null order by given_at`,
);

const give = statement(
  "coupons_give",
  `update coupon_codes c set given_at = $6::timestamptz, contact_id = i.contact_id, message_id = i.message_id
   from unnest($3::text[], $4::uuid[], $5::uuid[]) as i (code, contact_id, message_id)
   where c.workspace_id = $1 and c.pool_id = $2 and c.code = any ($3::text[]) and c.code = i.code`,
);
