/**
 * Who an audience is: counted, sampled, and read page by page.
 *
 * Both a count and a page ask about the people between two ids, a window of them at a time, and read what they did, are on and agreed to for
 * those ids alone. The sets of a window fit in memory, two connections share the windows of a count, and a page costs the same wherever
 * it lies. Where few people pass, the windows of a page grow. An audience that is a list, or some people, has its windows on these.
 */
import type { Audience, Contact, PropertyValue } from "@tincan/api";
import { sql } from "kysely";
import { presentContacts } from "../contacts/present.ts";
import { searchOf } from "../contacts/search-words.ts";
import type { Database } from "../database/connection.ts";
import { statement } from "../database/statement.ts";
import { ApiError } from "../http/errors.ts";
import { compileTree, type IdRange } from "./compile.ts";
import { resolveAudience, type Tree } from "./resolve.ts";

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
  /** Milliseconds after which a statement is given up with `segment_too_slow`; not given up when absent, or inside a transaction of the caller. */
  timeoutMs?: number;
}

/** `next` is the contact id to go on after; null when everybody has been read. A page may be empty and still have a next one. */
export interface AudiencePage {
  contacts: AudienceContact[];
  next: string | null;
}

/** Memory for one hash of a count that is made at once: the ids of a million people fit in twice of it, which is what Postgres allows a hash. */
const WORK_MEM = "48MB";
/** A window of a count: large enough to be worth a statement, small enough for its sets to stay in a processor's cache. */
const COUNT_WINDOW = 62_500;
/** Connections that count at once; the smallest machine has two processors. */
const COUNT_LANES = 2;
/** People looked at in one statement, and for one page, at most. */
const WIDEST_WINDOW = 100_000;
const NARROWEST_WINDOW = 200;
/** Windows differ; one that is a little too wide costs less than one more. */
const SPARE = 1.1;
const MOST_SCANNED = 1_000_000;
/** People of whom it is asked one by one whether they are in an audience. */
const ASKED_SINGLY = 20;
/** The statement was cancelled because it took longer than its timeout. */
const QUERY_CANCELED = "57014";

/** How many people it is. Throws invalid_input, with the place of the fault, for an audience that cannot be. */
export async function countAudience(db: Database, workspaceId: string, audience: Audience, options: AudienceOptions = {}): Promise<number> {
  const tree = await resolveAudience(db, workspaceId, audience);
  const { now = new Date(), timeoutMs } = options;
  const countIn = async (tx: Database, range?: IdRange): Promise<number> => {
    const { sets, joins, where } = compileTree(tree, workspaceId, now, range);
    const { rows } = await sql<{ count: number }>`${sets} select count(*) as count from contacts c ${joins} where ${where}`.execute(tx);
    return rows[0]!.count;
  };
  const source = sourceOf(tree);
  // Filters of events need the events themselves, which lie together by time and not by person: windows would read them over and over.
  if (!("everybody" in source) || asksEventProperties(tree)) return bounded(db, { timeoutMs }, false, (tx) => countIn(tx));
  const endAt = timeoutMs === undefined ? Infinity : performance.now() + timeoutMs;
  const windows = new Windows(workspaceId);
  const lane = async (tx: Database): Promise<number> => {
    let count = 0;
    for (let range = await windows.next(tx); range !== undefined; range = await windows.next(tx)) {
      if (performance.now() > endAt) throw new ApiError("segment_too_slow");
      count += await countIn(tx, range);
    }
    return count;
  };
  const counts = await Promise.all(Array.from({ length: db.isTransaction ? 1 : COUNT_LANES }, () => bounded(db, { timeoutMs }, true, lane)));
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Everybody in windows, one after the other; several connections may take from it. */
class Windows {
  readonly #workspaceId: string;
  /** Settled when the end of the window last taken is known. */
  #last: Promise<IdRange | undefined> = Promise.resolve({ after: null, until: FIRST_ID });

  constructor(workspaceId: string) {
    this.#workspaceId = workspaceId;
  }

  /** The next window, its end looked up on the caller's connection; undefined after the last. */
  next(db: Database): Promise<IdRange | undefined> {
    this.#last = this.#last.then(async (last) => {
      if (last === undefined || last.until === null) return undefined;
      return windowAfter(db, this.#workspaceId, { everybody: true }, last.until, COUNT_WINDOW);
    });
    return this.#last;
  }
}

function asksEventProperties(tree: Tree): boolean {
  if ("all" in tree) return tree.all.some(asksEventProperties);
  if ("any" in tree) return tree.any.some(asksEventProperties);
  if ("not" in tree) return asksEventProperties(tree.not);
  return tree.kind === "event" && tree.where !== undefined && tree.where.length > 0;
}

/** The first `limit` people of an audience. */
export async function sampleAudience(db: Database, workspaceId: string, audience: Audience, limit: number, options: AudienceOptions = {}): Promise<Contact[]> {
  return bounded(db, options, true, async (tx) => {
    const found: string[] = [];
    let after: string | null = null;
    do {
      const page: AudiencePage = await pageOfAudience(tx, workspaceId, audience, after, limit - found.length, options);
      found.push(...page.contacts.map(({ id }) => id));
      after = page.next;
    } while (after !== null && found.length < limit);
    return presentContacts(tx, workspaceId, found);
  });
}

/**
 * The people of an audience in the order of their ids, after the contact `after` (null: from the beginning). Everybody who was there and
 * stays in the audience comes exactly once, also while people are being added. `q` keeps those it finds, as in the list of contacts. Give it
 * an ordinary connection, not one that plans once.
 */
export async function pageOfAudience(
  db: Database, workspaceId: string, audience: Audience, after: string | null, limit: number, options: AudienceOptions & { shard?: Shard; q?: string } = {},
): Promise<AudiencePage> {
  const { shard, now = new Date(), q = "" } = options;
  const tree = await resolveAudience(db, workspaceId, audience);
  const words = searchOf(workspaceId, q);
  if (q.trim() !== "" && words === undefined) return { contacts: [], next: null };
  const source: Source = words === undefined ? sourceOf(tree) : { words };
  return bounded(db, options, true, async (tx) => {
    const contacts: AudienceContact[] = [];
    let place = after;
    let scanned = 0;
    let size = Math.min(limit * (shard?.count ?? 1), WIDEST_WINDOW);
    for (;;) {
      const range = await windowAfter(tx, workspaceId, source, place, size);
      const missing = limit - contacts.length;
      const found = await readWindow(tx, workspaceId, tree, range, { now, shard, limit: missing });
      const { until } = range;
      contacts.push(...found);
      if (found.length === missing) return { contacts, next: contacts.at(-1)?.id ?? after };
      if (until === null) return { contacts, next: null };
      place = until;
      scanned += size;
      if (scanned >= MOST_SCANNED) return { contacts, next: place };
      // As many as should do, by what this window gave.
      const enough = found.length === 0 ? size * 4 : Math.ceil(((limit - contacts.length) / found.length) * size * SPARE);
      size = Math.min(Math.max(enough, NARROWEST_WINDOW), WIDEST_WINDOW);
    }
  });
}

/**
 * Those of some people who are in an audience now, in the order of their ids. A few are asked about one by one: what each of them did is then
 * read for that person alone, and not for everybody between the first id and the last.
 */
export async function amongAudience(db: Database, workspaceId: string, audience: Audience, ids: readonly string[], options: AudienceOptions = {}): Promise<AudienceContact[]> {
  const { now = new Date() } = options;
  const audienceTree = await resolveAudience(db, workspaceId, audience);
  const sorted = ids.toSorted();
  const groups = "everyone" in audience || sorted.length > ASKED_SINGLY ? [sorted] : sorted.map((id) => [id]);
  return bounded(db, options, true, async (tx) => {
    const found: AudienceContact[] = [];
    for (const group of groups) {
      const [first, last] = [group[0], group.at(-1)];
      if (first === undefined || last === undefined) continue;
      const tree: Tree = { all: [{ kind: "people", ids: group }, audienceTree] };
      found.push(...(await readWindow(tx, workspaceId, tree, { after: idBefore(first), until: last }, { now, shard: undefined, limit: group.length })));
    }
    return found;
  });
}

/** The id just before another one. */
function idBefore(id: string): string {
  const hex = (BigInt(`0x${id.replaceAll("-", "")}`) - 1n).toString(16).padStart(32, "0");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

async function readWindow(
  db: Database, workspaceId: string, tree: Tree, range: { after: string | null; until: string | null }, options: { now: Date; shard: Shard | undefined; limit: number },
): Promise<AudienceContact[]> {
  const { sets, joins, where } = compileTree(tree, workspaceId, options.now, range);
  // The last bits of a UUIDv7 are random.
  const mine = options.shard === undefined ? sql`` : sql`and (get_byte(uuid_send(c.id), 14) * 256 + get_byte(uuid_send(c.id), 15)) % ${options.shard.count} = ${options.shard.index}`;
  const { rows } = await sql<AudienceContact>`
    ${sets} select c.id, c.identity, c.phone, c.name, c.email, c.language, c.time_zone as "timeZone", c.properties
    from contacts c ${joins} where ${where} ${mine} order by c.id limit ${options.limit}
  `.execute(db);
  return rows;
}

/** Whose ids the windows are made of: everybody's, those of the list or the people that the whole audience is within, or those a search finds. */
type Source = { everybody: true } | { listId: string } | { ids: string[] } | { words: string };

function sourceOf(tree: Tree): Source {
  if ("kind" in tree) return tree.kind === "list" ? { listId: tree.listId } : tree.kind === "people" ? { ids: tree.ids } : { everybody: true };
  if (!("all" in tree)) return { everybody: true };
  return tree.all.map(sourceOf).find((source) => !("everybody" in source)) ?? { everybody: true };
}

/** The next `size` people after a place; without an end when there are no more than that. */
async function windowAfter(db: Database, workspaceId: string, source: Source, after: string | null, size: number): Promise<IdRange> {
  if ("everybody" in source) {
    const [row] = await nthContact.run(db, [workspaceId, after ?? FIRST_ID, size - 1]);
    return { after, until: row?.id ?? null };
  }
  const ids = await idsAfter(db, workspaceId, source, after, size);
  return { after, until: ids.length < size ? null : ids.at(-1)!, ids };
}

async function idsAfter(db: Database, workspaceId: string, source: Exclude<Source, { everybody: true }>, after: string | null, size: number): Promise<string[]> {
  if ("ids" in source) return source.ids.filter((id) => after === null || id > after).slice(0, size);
  if ("listId" in source) return (await nextMembers.run(db, [workspaceId, source.listId, after ?? FIRST_ID, size])).map((row) => row.id);
  // Planned for its words each time: from the index of words for rare ones, in the order of ids for common ones.
  const { rows } = await sql<{ id: string }>`
    select id from contacts where workspace_id = ${workspaceId} and words @@ ${source.words}::tsquery and id > ${after ?? FIRST_ID} order by id limit ${size}
  `.execute(db);
  return rows.map((row) => row.id);
}
const FIRST_ID = "00000000-0000-0000-0000-000000000000";

/**
 * In a transaction of its own, with memory for large sets and, when asked for, an end; in one of the caller's, which may have set these itself, all
 * but the plans are left alone. Windows are too small for Postgres to share among workers, each of which would gather the sets for itself; and
 * how many people lie between two UUIDs it cannot guess: it expects one, and would compare every row of one set with every row of another.
 */
async function bounded<T>(db: Database, { timeoutMs }: { timeoutMs?: number | undefined }, windows: boolean, read: (tx: Database) => Promise<T>): Promise<T> {
  if (db.isTransaction) {
    if (!windows) return read(db);
    const [before] = await readPlanning.run(db);
    await plan.run(db, ["off", "0"]);
    const result = await read(db);
    await plan.run(db, [before!.nestloop, before!.workers]);
    return result;
  }
  try {
    return await db.transaction().execute(async (tx) => {
      await limits.run(tx, [WORK_MEM, String(timeoutMs ?? 0)]);
      if (windows) await plan.run(tx, ["off", "0"]);
      return read(tx);
    });
  } catch (cause) {
    if (timeoutMs !== undefined && cause instanceof Error && "code" in cause && cause.code === QUERY_CANCELED) throw new ApiError("segment_too_slow", {}, { cause });
    throw cause;
  }
}

const limits = statement("segments_limit", `select set_config('work_mem', $1, true), set_config('statement_timeout', $2, true)`);
const plan = statement("segments_plan", `select set_config('enable_nestloop', $1, true), set_config('max_parallel_workers_per_gather', $2, true)`);
const readPlanning = statement<{ nestloop: string; workers: string }>(
  "segments_read_planning",
  `select current_setting('enable_nestloop') as nestloop, current_setting('max_parallel_workers_per_gather') as workers`,
);

/** Both by the primary key, read from the index alone. */
const nthContact = statement<{ id: string }>("segments_nth_contact", `select id from contacts where workspace_id = $1 and id > $2 order by id offset $3 limit 1`);
const nextMembers = statement<{ id: string }>(
  "segments_next_members",
  `select contact_id as id from list_members where workspace_id = $1 and list_id = $2 and contact_id > $3 order by contact_id limit $4`,
);
