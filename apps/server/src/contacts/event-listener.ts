import type { EventValue } from "@tincan/api";
import type { Database } from "../database/connection.ts";

/** Something a person did, as it was stored. `key` is what spellings of its name share. */
export interface StoredEvent {
  contactId: string;
  key: string;
  name: string;
  at: Date;
  properties: Record<string, EventValue>;
}

/** A feature's function that runs in the transaction that stores events, with all of them. It must use set-based SQL. */
export type EventListener = (tx: Database, workspaceId: string, events: readonly StoredEvent[]) => Promise<void>;
