/** The people of an audience as lists show them: page by page, those that a search finds, in the order in which they came. */
import type { Audience, Contact, List, ListQuery } from "@tincan/api";
import { presentContacts } from "../contacts/present.ts";
import type { Database } from "../database/connection.ts";
import { readCursor, writeCursor } from "../http/paging.ts";
import { pageOfAudience, type AudienceOptions } from "./audience.ts";

export async function listPeople(db: Database, workspaceId: string, audience: Audience, { limit = 50, q = "", after }: ListQuery, options: AudienceOptions = {}): Promise<List<Contact>> {
  const [place = null] = readCursor(after, ["id"]) ?? [];
  const page = await pageOfAudience(db, workspaceId, audience, place, limit, { ...options, q });
  return { items: await presentContacts(db, workspaceId, page.contacts.map(({ id }) => id)), next: page.next === null ? null : writeCursor([page.next]) };
}
