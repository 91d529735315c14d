import type { ConsentCategory, ConsentState } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { verdictOf } from "./consent-state.ts";
import type { Permit } from "./types.ts";

/** Whether each number (E.164) may get messages of a category, in the order asked. One statement, whatever their number. */
export async function mayReceive(db: Database, workspaceId: string, phones: string[], category: ConsentCategory): Promise<Permit[]> {
  if (phones.length === 0) return [];
  const known = new Map((await find.run(db, [workspaceId, phones, category])).map((row) => [row.phone, row]));
  return phones.map((phone) => {
    const row = known.get(phone);
    if (!row?.contact_id) return { phone, contactId: null, verdict: row?.dnd ? "doNotDisturb" : verdictOf(null) };
    return { phone, contactId: row.contact_id, verdict: verdictOf({ msgWhatsapp: row.msg_whatsapp ?? false, state: row.state, dnd: row.dnd }) };
  });
}

/** By contacts_phone and the primary keys of the other two. */
const find = statement<{ phone: string; contact_id: string | null; msg_whatsapp: boolean | null; state: ConsentState | null; dnd: boolean }>(
  "consent_may_receive",
  `with people as (
     select id, phone, msg_whatsapp from contacts where workspace_id = $1 and phone = any ($2::text[])
   ), said as (
     select contact_id, state from consents where workspace_id = $1 and contact_id = any (array (select id from people)) and category = $3
   ), numbers as (
     select phone, dnd from phone_dnd where workspace_id = $1 and phone = any ($2::text[])
   )
   select coalesce(p.phone, n.phone) as phone, p.id as contact_id, p.msg_whatsapp, s.state, coalesce(n.dnd, false) as dnd
   from people p full join numbers n on n.phone = p.phone left join said s on s.contact_id = p.id`,
);

/**
 * Those of the numbers (or business-scoped user ids) that the business knows: people who came in any other way than by writing to us. A
 * person who was made because they wrote is not tracked until a form, a file or an upload tells about them.
 */
export async function isTracked(tx: Database, workspaceId: string, phones: string[]): Promise<Set<string>> {
  if (phones.length === 0) return new Set();
  return new Set((await tracked.run(tx, [workspaceId, phones])).map((row) => row.sender));
}

const tracked = statement<{ sender: string }>(
  "contacts_tracked",
  `select phone as sender from contacts where workspace_id = $1 and phone = any ($2::text[]) and source <> 'inbound'
   union
   select identity from contacts where workspace_id = $1 and identity = any ($2::text[]) and source <> 'inbound'`,
);
