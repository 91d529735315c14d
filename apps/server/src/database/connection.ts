import { Kysely, PostgresDialect } from "kysely";
import type { PostgresPool } from "kysely";
import { Pool, types as postgresTypes } from "pg";
import type { CustomTypesConfig, PoolClient } from "pg";
import { noteDatabaseLost } from "../lost-connection.ts";
import type { Schema } from "./schema.ts";
import { isCopy, runCopy } from "./copy.ts";
import { preparedName } from "./statement.ts";

/** The typed way into the database; a transaction (`Transaction<Schema>`) is one too. */
export type Database = Kysely<Schema>;

/** An open pool with its Kysely face. Close it last: `close()` waits for queries under way. */
export interface DatabaseHandle {
  db: Database;
  pool: Pool;
  /** Where it points, for the few who need a connection of their own (LISTEN, graphile-worker). */
  url: string;
  /** What its sessions were told of the stop list's key, for others who open the same database. */
  stopKey: string | undefined;
  close(): Promise<void>;
}

/** Making a connection costs some ms; 8 of them every ten seconds are not felt. */
const PLANS_LAST_SECONDS = 10;

const PLANS_ONCE = ["plan_cache_mode=force_generic_plan", "enable_seqscan=off", "enable_nestloop=off"];

const INT8 = 20;
const DATE = 1082;

/**
 * How Postgres values arrive: bigint as a number (our counters stay far below 2^53), a calendar date as its text
 * (a Date would shift it by the time zone); timestamptz stays a Date, numeric stays text.
 */
const types: CustomTypesConfig = {
  getTypeParser: (oid, format) => {
    if (oid === INT8 && format !== "binary") return Number;
    if (oid === DATE && format !== "binary") return String;
    return postgresTypes.getTypeParser(oid, format);
  },
};

/** The setting of each session that holds the stop list's key. */
export const STOP_KEY = "tincan.stop_key";

export interface DatabaseOptions {
  connections: number;
  name?: string;
  /** The key of the stop list (contacts/stop-list.ts), in hex. Each session has it, no table does. */
  stopKey?: string;
  /**
   * Plan each prepared statement once instead of for every run's values. Right for the hot path, whose statements take arrays and
   * are written so that one plan fits all; wrong for searches, whose best plan depends on what is searched. Reading whole tables,
   * and comparing every row of two lists, is ruled out with it: a plan made while a queue was empty would otherwise still do that when
   * it is long. For the same reason a connection is replaced after some seconds, and its plans with it.
   */
  plansOnce?: boolean;
}

/** Opens a pool of at most `connections` connections and proves that the database answers, or throws pg's own error. */
export async function openDatabase(url: string, options: DatabaseOptions): Promise<DatabaseHandle> {
  const pool = new Pool({
    connectionString: url,
    max: options.connections,
    types,
    application_name: options.name ?? "tincan",
    connectionTimeoutMillis: 10_000,
    idleTimeoutMillis: 60_000,
    keepAlive: true,
    ...(options.plansOnce && { maxLifetimeSeconds: PLANS_LAST_SECONDS }),
    options: [...(options.plansOnce ? PLANS_ONCE : []), ...(options.stopKey === undefined ? [] : [`${STOP_KEY}=${options.stopKey}`])].map((setting) => `-c ${setting}`).join(" "),
  });
  // An idle connection that breaks leaves the pool by itself; the next query opens a new one and reports what is wrong. One that
  // breaks between two queries of a transaction tells the second of them, and nobody else listens: unheard, it would end the process.
  pool.on("error", () => {});
  pool.on("connect", (client) => client.on("error", noteDatabaseLost));
  try {
    (await pool.connect()).release();
  } catch (cause) {
    await pool.end();
    throw cause;
  }
  const db = new Kysely<Schema>({ dialect: new PostgresDialect({ pool: withPreparedStatements(pool) }) });
  return { db, pool, url, stopKey: options.stopKey, close: () => db.destroy() };
}

/**
 * Kysely sends text and values only; this gives the texts of `statement()` their name on the way, which makes pg prepare them once, and sends
 * those of `copy()` as such.
 */
function withPreparedStatements(pool: Pool): PostgresPool {
  const prepared = new WeakSet<PoolClient>();
  return {
    options: pool.options,
    end: () => pool.end(),
    connect: async () => {
      const client = await pool.connect();
      if (prepared.has(client)) return client;
      prepared.add(client);
      const query = client.query.bind(client) as (...args: unknown[]) => unknown;
      const named = (text: unknown, values: unknown, ...rest: unknown[]): unknown => {
        if (isCopy(text)) return runCopy({ query }, text, (values as [Iterable<string>])[0]);
        const name = typeof text === "string" ? preparedName(text) : undefined;
        return name === undefined ? query(text, values, ...rest) : query({ name, text, values }, ...rest);
      };
      return Object.assign(client, { query: named });
    },
  };
}
