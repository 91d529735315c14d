/** Who an audience is: counted, sampled, and read page by page. */
import type { Audience, PropertyValue } from "@tincan/api";
import type { Database } from "../database/connection.ts";

/** A person as campaigns need them: who they are and what a text may say of them. */
export interface AudienceContact {
  id: string;
  identity: string | null;
  /** E.164 with "+". */
  phone: string | null;
  name: string | null;
  email: string | null;
  language: string | null;
  timeZone: string | null;
  properties: Record<string, PropertyValue>;
}

/** One part of `count` that an audience is split into, by contact id; each person is in exactly one, numbered from 0. */
export interface Shard {
  index: number;
  count: number;
}

export interface AudienceOptions {
  /** What "in the last 30 days" counts from; a campaign gives the same time for all its pages. Now when absent. */
  now?: Date;
  /** Milliseconds after which a statement is given up with `segment_too_slow`; not given up when absent. */
  timeoutMs?: number;
}

/** `next` is the contact id to go on after; null when everybody has been read. A page may be empty and still have a next one. */
export interface AudiencePage {
  contacts: AudienceContact[];
  next: string | null;
}

/** How many people it is. Throws invalid_input, with the place of the fault, for an audience that cannot be. */
export async function countAudience(_db: Database, _workspaceId: string, _audience: Audience, _options: AudienceOptions = {}): Promise<number> {
  throw new Error("Audiences are not counted yet.");
}

/**
 * The people of an audience in the order of their ids, after the contact `after` (null: from the beginning). Everybody who was there and
 * stays in the audience comes exactly once, also while people are being added. Give it an ordinary connection, not one that plans once.
 */
export async function pageOfAudience(
  _db: Database, _workspaceId: string, _audience: Audience, _after: string | null, _limit: number, _options: AudienceOptions & { shard?: Shard } = {},
): Promise<AudiencePage> {
  throw new Error("Audiences are not read yet.");
}
