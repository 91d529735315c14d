import { createTestDatabase, type TestDatabase } from "../../../../tests/support/database.ts";
import type { Database } from "../database/connection.ts";
import { makePlace, type Place } from "../ledger/test-builders.ts";
import "./tables.ts";
import type { ContactDraft, UpsertOptions, UpsertResult } from "./types.ts";
import { upsertContacts } from "./upsert.ts";

/** A database with a workspace that has one provider. */
export interface PeopleWorld {
  database: TestDatabase;
  db: Database;
  place: Place;
}

export async function openPeopleWorld(): Promise<PeopleWorld> {
  const database = await createTestDatabase();
  return { database, db: database.db, place: await makePlace(database.db) };
}

/** Another empty workspace in the same database. */
export const newWorkspace = async (db: Database): Promise<string> => (await makePlace(db)).workspaceId;

let last = 1000;
/** A number of the range that no telephone company gives out, not used before in this run. */
export const newPhone = (): string => `+1555${String(++last).padStart(7, "0")}`;

export function upsert(db: Database, workspaceId: string, drafts: ContactDraft[], options: Partial<UpsertOptions> = {}): Promise<UpsertResult> {
  return db.transaction().execute((tx) => upsertContacts(tx, workspaceId, drafts, { source: "api", ...options }));
}
