/** People as a CSV file, in columns that an import understands again. */
import type { Contact, PropertyValue } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { allContacts, type ContactFilter } from "./list.ts";
import { presentContacts } from "./present.ts";

const columns: readonly { name: string; read(contact: Contact): string | null }[] = [
  { name: "Identity", read: (contact) => contact.identity },
  { name: "Phone", read: (contact) => contact.phone },
  { name: "Name", read: (contact) => contact.name },
  { name: "Email", read: (contact) => contact.email },
  { name: "Language", read: (contact) => contact.language },
  { name: "Time zone", read: (contact) => contact.timeZone },
  { name: "MSG-whatsapp", read: ({ consent }) => (consent.msgWhatsapp ? "yes" : "no") },
  { name: "MSG-dndWhatsApp", read: ({ consent }) => (consent.dndWhatsapp ? "yes" : "no") },
  { name: "Marketing consent", read: ({ consent }) => consent.categories.marketing.state },
  { name: "Utility consent", read: ({ consent }) => consent.categories.utility.state },
  { name: "Authentication consent", read: ({ consent }) => consent.categories.authentication.state },
  { name: "Source", read: (contact) => contact.source },
  { name: "Added", read: (contact) => contact.createdAt },
  { name: "Last seen", read: (contact) => contact.lastSeenAt },
];

/** The header and the lines of everybody a filter finds. */
export async function exportContacts(db: Database, workspaceId: string, filter: Omit<ContactFilter, "after" | "limit">): Promise<PeopleFile> {
  return exportPeople(db, workspaceId, allContacts(db, workspaceId, filter));
}

export interface PeopleFile {
  header: string[];
  lines: AsyncGenerator<string[]>;
}

/** The header and the lines of people, whose ids come in pages; custom properties come last, by name. */
export async function exportPeople(db: Database, workspaceId: string, pages: AsyncIterable<string[]>): Promise<PeopleFile> {
  const properties = await db.selectFrom("contact_properties").select("key").where("workspace_id", "=", workspaceId).where("contacts", ">", 0).orderBy("key").execute();
  const keys = properties.map(({ key }) => key);
  return { header: [...columns.map(({ name }) => name), ...keys], lines: linesOf(db, workspaceId, pages, keys) };
}

async function* linesOf(db: Database, workspaceId: string, pages: AsyncIterable<string[]>, keys: readonly string[]): AsyncGenerator<string[]> {
  for await (const ids of pages) {
    for (const contact of await presentContacts(db, workspaceId, ids)) {
      yield [...columns.map(({ read }) => read(contact) ?? ""), ...keys.map((key) => textOf(contact.properties[key]))];
    }
  }
}

function textOf(value: PropertyValue | undefined): string {
  if (value === undefined) return "";
  return Array.isArray(value) ? value.join("|") : String(value);
}
