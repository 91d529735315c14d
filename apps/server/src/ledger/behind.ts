/**
 * The messages behind a number: those of some origins that have taken a step. Read by messages_external_id in its order, no further than
 * SCAN rows at a time: a page may be short, or empty, and still have a next one.
 */
import type { MessageStep } from "@tincan/api";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { stepTime } from "./step-time.ts";
import type { WireError } from "./types.ts";

const SCAN = 200_000;

export type Step = "queued" | MessageStep;

export interface BehindQuery {
  originIds: readonly string[];
  step: Step;
  /** With `failed`: only this failure, as "source:code". */
  failure?: string | undefined;
  /** Where the last page ended. */
  after?: { originId: string; externalId: string } | undefined;
  limit: number;
}

export interface BehindRow {
  id: string;
  origin_id: string;
  external_id: string;
  recipient: string;
  state: string;
  at: Date;
  error: WireError | null;
}

/** One page, and where to go on; null at the end. */
export async function messagesBehind(db: Database, workspaceId: string, query: BehindQuery): Promise<{ rows: BehindRow[]; next: BehindQuery["after"] | null }> {
  const { originIds, step, failure = null, after, limit } = query;
  const from = [workspaceId, originIds, after?.originId ?? null, after?.externalId ?? null];
  const rows = await page.run(db, [...from, step, failure, limit + 1, SCAN]);
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  if (rows.length > limit && last) return { rows: shown, next: { originId: last.origin_id, externalId: last.external_id } };
  const [horizon] = await unread.run(db, [...from, SCAN - 1]);
  return { rows: shown, next: horizon ? { originId: horizon.origin_id, externalId: horizon.external_id } : null };
}

const range = `m.workspace_id = $1 and m.origin_id = any ($2::uuid[]) and m.external_id is not null and m.external_id <> '0|0|0|0'
  and ($3::uuid is null or (m.origin_id, m.external_id) > ($3, $4::text collate "C"))`;

const page = statement<BehindRow>(
  "messages_behind",
  `select id, origin_id, external_id, recipient, state, error, at from (
     select m.id, m.origin_id, m.external_id, m.recipient, m.state, m.error,
       case when $5 = 'queued' then m.accepted_at else ${stepTime("$5", "m")} end as at
     from messages m where ${range} order by m.origin_id, m.external_id limit $8) m
   where at is not null and ($6::text is null or (m.error ->> 'source') || ':' || (m.error ->> 'code') = $6)
   order by origin_id, external_id limit $7`,
);

/** The last row that a page without more results has looked at, if anything may lie beyond it. */
const unread = statement<{ origin_id: string; external_id: string }>(
  "messages_behind_horizon",
  `select m.origin_id, m.external_id from messages m where ${range} order by m.origin_id, m.external_id offset $5 limit 1`,
);
