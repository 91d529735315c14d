/**
 * Making short links, any number in three statements. A target that occurs more than once in a call is stored once for the whole workspace;
 * one that is a single person's stands in that person's link.
 */
import { createHash } from "node:crypto";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { isWebAddress } from "./address.ts";
import { newCode } from "./code.ts";
import "./tables.ts";

export interface NewLink {
  /** From `newCode()`, when it already stands in the message's content. */
  code?: string | undefined;
  messageId: string;
  contactId?: string | null | undefined;
  /** What it leads to: a web address. */
  target: string;
  /** Where in the message it stands, in words for people: "body", "button 1". */
  place: string;
}

const LONGEST_TARGET = 4_000;

/**
 * Stores links in the transaction of their messages; answers their codes in the order given. Throws RangeError for a target that is no web
 * address or too long, and Postgres's unique violation for a code that is taken: its message must then be made again with another.
 */
export async function createLinks(tx: Database, workspaceId: string, links: readonly NewLink[], now = new Date()): Promise<string[]> {
  if (links.length === 0) return [];
  const shared = await storeTargets(tx, workspaceId, sharedTargets(links));
  const codes = links.map((link) => link.code ?? newCode());
  await insertLinks.run(tx, [
    workspaceId,
    links.map((link) => link.messageId),
    codes,
    links.map((link) => link.contactId ?? null),
    links.map((link) => shared.get(link.target) ?? null),
    links.map((link) => (shared.has(link.target) ? null : link.target)),
    links.map((link) => link.place),
    now,
  ]);
  return codes;
}

function sharedTargets(links: readonly NewLink[]): string[] {
  const times = new Map<string, number>();
  for (const { target } of links) {
    const before = times.get(target) ?? 0;
    if (before === 0 && (target.length > LONGEST_TARGET || !isWebAddress(target))) throw new RangeError(`"${target.slice(0, 100)}" cannot be the target of a link.`);
    times.set(target, before + 1);
  }
  return [...times].filter(([, count]) => count > 1).map(([target]) => target);
}

/** The id of each target. It is held until the transaction ends, so that nobody takes it away as unused (forget.ts) meanwhile. */
async function storeTargets(tx: Database, workspaceId: string, targets: string[]): Promise<Map<string, string>> {
  const ids = new Map(targets.map((target) => [target, idOf(target)]));
  const sorted = [...ids].sort(([, a], [, b]) => (a < b ? -1 : 1));
  for (let held = 0; held < sorted.length; ) {
    await insertTargets.run(tx, [workspaceId, sorted.map(([, id]) => id), sorted.map(([target]) => target)]);
    held = (await holdTargets.run(tx, [workspaceId, sorted.map(([, id]) => id)])).length;
  }
  return ids;
}

/** The first half of the target's SHA-256, written as a UUID. */
function idOf(target: string): string {
  const hex = createHash("sha256").update(target).digest("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20, 32)}`;
}

const insertTargets = statement(
  "links_insert_targets",
  `insert into link_targets (workspace_id, id, url) select $1, i.id, i.url from unnest($2::uuid[], $3::text[]) as i (id, url) on conflict do nothing`,
);

const holdTargets = statement<{ id: string }>("links_hold_targets", `select id from link_targets where workspace_id = $1 and id = any ($2::uuid[]) order by id for key share`);

const insertLinks = statement(
  "links_insert",
  `insert into links (workspace_id, message_id, code, contact_id, target_id, target, place, created_at)
   select $1, i.message_id, i.code, i.contact_id, i.target_id, i.target, i.place, $8::timestamptz
   from unnest($2::uuid[], $3::text[], $4::uuid[], $5::uuid[], $6::text[], $7::text[]) as i (message_id, code, contact_id, target_id, target, place)`,
);
