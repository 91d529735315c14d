/** People in the API's form. */
import type { Contact } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ConsentBook } from "./consent-book.ts";
import { CATEGORIES, verdictOf } from "./consent-state.ts";
import type { PersonRow } from "./upsert-store.ts";

interface ContactRow extends PersonRow {
  created_at: Date;
  updated_at: Date;
  last_seen_at: Date | null;
}

/** The people with these ids, in the order of the ids; those that are not there are left out. A handful of statements, whatever their number. */
export async function presentContacts(db: Database, workspaceId: string, ids: string[]): Promise<Contact[]> {
  if (ids.length === 0) return [];
  const rows = new Map((await readContacts.run(db, [workspaceId, ids])).map((row) => [row.id, row]));
  const further = Map.groupBy(await readFurther.run(db, [workspaceId, ids]), (row) => row.contact_id);
  const book = await ConsentBook.open(db, workspaceId, ids);
  return ids.flatMap((id) => {
    const row = rows.get(id);
    return row ? [present(row, (further.get(id) ?? []).map((each) => each.identity), book)] : [];
  });
}

function present(row: ContactRow, identities: string[], book: ConsentBook): Contact {
  const { msgWhatsapp, categories } = book.consentOf(row.id);
  const dnd = book.isOnDoNotDisturb(row.id);
  const [marketing, utility, authentication] = CATEGORIES.map((category) => {
    const said = categories[category];
    const verdict = verdictOf({ msgWhatsapp, state: said?.state ?? null, dnd });
    return { verdict, state: said?.state ?? null, source: said?.source ?? null, at: said?.at.toISOString() ?? null, proof: said?.proof ?? null };
  });
  return {
    id: row.id,
    identity: row.identity,
    identities,
    name: row.name,
    phone: row.phone,
    email: row.email,
    language: row.language,
    timeZone: row.time_zone,
    properties: row.properties,
    consent: { msgWhatsapp, dndWhatsapp: dnd, categories: { marketing: marketing!, utility: utility!, authentication: authentication! } },
    source: row.source,
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    lastSeenAt: row.last_seen_at?.toISOString() ?? null,
  };
}

const readContacts = statement<ContactRow>(
  "contacts_read",
  `select id, identity, phone, name, email, language, time_zone, properties, source, created_at, updated_at, last_seen_at
   from contacts where workspace_id = $1 and id = any ($2::uuid[])`,
);

const readFurther = statement<{ contact_id: string; identity: string }>(
  "contacts_read_further",
  `select contact_id, identity from contact_identities where workspace_id = $1 and contact_id = any ($2::uuid[]) order by identity`,
);
