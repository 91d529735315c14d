/**
 * Numbers that WhatsApp writes in another way than their owners and the business do (Meta: messages, `wa_id`): Brazilian mobiles without their
 * ninth digit, Mexican ones with a 1 after the country's code or without it, Argentinian ones with a 9 or without it. What comes from such a number is
 * from the person whom the business knows under the other writing: their STOP is about the number that messages go to.
 */
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";

/** Each pair is one number, the longer writing first; `$1` and `$2` are what both have in common. */
const writings: readonly { long: RegExp; short: RegExp; longer: string; shorter: string }[] = [
  { long: /^\+55(\d\d)9([6-9]\d{7})$/, short: /^\+55(\d\d)([6-9]\d{7})$/, longer: "+55$19$2", shorter: "+55$1$2" },
  { long: /^\+521(\d{10})$/, short: /^\+52(\d{10})$/, longer: "+521$1", shorter: "+52$1" },
  { long: /^\+549(\d{10})$/, short: /^\+54(\d{10})$/, longer: "+549$1", shorter: "+54$1" },
];

/** The other way to write a number (E.164); undefined for nearly all. */
function otherWriting(phone: string): string | undefined {
  for (const { long, short, longer, shorter } of writings) {
    if (long.test(phone)) return phone.replace(long, shorter);
    if (short.test(phone)) return phone.replace(short, longer);
  }
  return undefined;
}

/** The other writings of people's numbers, which are theirs as well unless they are those of another contact. */
export async function otherWritings(tx: Database, workspaceId: string, numbers: readonly { contactId: string; phone: string }[]): Promise<{ contactId: string; phone: string }[]> {
  const others = numbers.flatMap(({ contactId, phone }) => {
    const other = otherWriting(phone);
    return other === undefined ? [] : [{ contactId, phone: other }];
  });
  if (others.length === 0) return [];
  const taken = new Set((await findTaken.run(tx, [workspaceId, others.map(({ phone }) => phone)])).map((row) => row.phone));
  return others.filter(({ phone }) => !taken.has(phone));
}

const findTaken = statement<{ phone: string }>("contacts_other_writings_taken", `select phone from contacts where workspace_id = $1 and phone = any ($2::text[])`);

/** Those of the numbers that the business knows under their other writing alone, with that one. */
export async function knownOtherwise(tx: Database, workspaceId: string, phones: readonly string[]): Promise<Map<string, string>> {
  const pairs = [...new Set(phones)].flatMap((phone) => {
    const other = otherWriting(phone);
    return other === undefined ? [] : [{ phone, other }];
  });
  if (pairs.length === 0) return new Map();
  const rows = await find.run(tx, [workspaceId, pairs.map(({ phone }) => phone), pairs.map(({ other }) => other)]);
  return new Map(rows.map(({ phone, other }) => [phone, other]));
}

/**
 * Known is who is a contact in another way than by having written, or was written to; a contact counts more. By contacts_phone and
 * messages_recipient.
 */
const find = statement<{ phone: string; other: string }>(
  "contacts_known_otherwise",
  `select phone, other from unnest($2::text[], $3::text[]) as i (phone, other)
   where case
     when exists (select from contacts c where c.workspace_id = $1 and c.phone = i.phone and c.source <> 'inbound') then false
     when exists (select from contacts c where c.workspace_id = $1 and c.phone = i.other and c.source <> 'inbound') then true
     when exists (select from messages m where m.workspace_id = $1 and m.recipient = i.phone) then false
     else exists (select from messages m where m.workspace_id = $1 and m.recipient = i.other) end`,
);
