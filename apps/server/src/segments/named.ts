/** What saved segments and custom lists have in common as rows: a name that nobody else has, a place in a list, a lock for those who change them. */
import type { SegmentSort } from "@tincan/api";
import { sql } from "kysely";
import type { Database } from "../database/connection.ts";
import { escapeLike } from "../database/like.ts";
import { statement } from "../database/statement.ts";
import { ApiError, type ErrorCode } from "../http/errors.ts";
import { readCursor, writeCursor } from "../http/paging.ts";

const UNIQUE_VIOLATION = "23505";

export interface NamedPage {
  sort: SegmentSort;
  q: string | undefined;
  limit: number;
  after: string | undefined;
  /** For segments: those of the archive, or the others. */
  archived?: boolean;
}

/** Ids of a page and its cursor. A workspace has some thousands of either at most; both orders are made from the rows of one workspace. */
export async function listNamed(db: Database, table: "segments" | "contact_lists", workspaceId: string, { sort, q, limit, after, archived }: NamedPage): Promise<{ ids: string[]; next: string | null }> {
  const place = readCursor(after, ["text", "id"]) as [string, string] | undefined;
  const key = sql`lower(name) collate "C"`;
  const order = sort === "newest" ? sql`id desc` : sort === "oldest" ? sql`id` : sql`${key}, id`;
  const beyond = place === undefined ? sql`` : sort === "newest" ? sql`and id < ${place[1]}::uuid` : sort === "oldest" ? sql`and id > ${place[1]}::uuid` : sql`and (${key}, id) > (${place[0]}, ${place[1]}::uuid)`;
  const shown = archived === undefined ? sql`` : archived ? sql`and archived_at is not null` : sql`and archived_at is null`;
  const matching = q === undefined || q.trim() === "" ? sql`` : sql`and name ilike ${`%${escapeLike(q.trim())}%`}`;
  const { rows } = await sql<{ id: string; key: string }>`
    select id, ${key} as key from ${sql.table(table)} where workspace_id = ${workspaceId} ${shown} ${matching} ${beyond} order by ${order} limit ${limit + 1}
  `.execute(db);
  const page = rows.slice(0, limit);
  const last = page.at(-1);
  return { ids: page.map(({ id }) => id), next: rows.length > limit && last ? writeCursor([last.key, last.id]) : null };
}

/** Held by whoever changes a segment or a list until the transaction ends: what a query names is then still there, and no two name each other. */
export async function lockSegments(tx: Database, workspaceId: string): Promise<void> {
  await lock.run(tx, [workspaceId]);
}

const lock = statement("segments_lock", `select pg_advisory_xact_lock(hashtextextended('tincan segments ' || $1::text, 0))::text as locked`);

/** A unique name that is taken, in the words of the API. */
export async function orTaken<T>(code: ErrorCode, write: () => Promise<T>): Promise<T> {
  try {
    return await write();
  } catch (cause) {
    if (cause instanceof Error && "code" in cause && cause.code === UNIQUE_VIOLATION) throw new ApiError(code, { field: "name" }, { cause });
    throw cause;
  }
}
