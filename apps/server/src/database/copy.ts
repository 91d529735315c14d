/**
 * `copy … from stdin with (format binary)`: the cheapest way to bring thousands of new rows in, for us and for Postgres, which has no text to
 * read. Rows (copy-cells.ts) are sent piece by piece, so that Postgres stores the first of them while we write down the next ones.
 *
 * The wire: the statement, the data and its end are sent at once, without waiting to be asked for them. When the statement fails, Postgres
 * passes over what follows (PostgreSQL: message flow, COPY operations).
 */
import { CompiledQuery } from "kysely";
import type { Kysely } from "kysely";
import type { Connection, Submittable } from "pg";
import type { Schema } from "./schema.ts";

const texts = new Set<string>();

/** Rows for a table. */
export interface Copy {
  readonly text: string;
  /** Sends the rows, those of `copyRow`, in pieces as large as the caller likes. */
  run(db: Kysely<Schema>, pieces: Iterable<string>): Promise<void>;
}

/** Declares a copy at module level: `copy contacts (id, name) from stdin with (format binary)`. */
export function copy(text: string): Copy {
  texts.add(text);
  return { text, run: async (db, pieces) => void (await db.executeQuery(CompiledQuery.raw(text, [pieces]))) };
}

export function isCopy(text: unknown): text is string {
  return typeof text === "string" && texts.has(text);
}

/** What comes before and after the rows (PostgreSQL: COPY, binary format). */
const HEAD = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1");
const END = Buffer.from("\xff\xff", "latin1");

/** What pg's connection can do beyond its published types. */
interface CopyConnection extends Connection {
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(reason: string): void;
}

/** Runs a copy on a client of pg; answers as its `query` does. */
export function runCopy(client: { query: (query: Submittable) => unknown }, text: string, pieces: Iterable<string>): Promise<{ command: "COPY"; rowCount: number | null; rows: [] }> {
  return new Promise((resolve, reject) => {
    let failure: unknown;
    client.query({
      submit: (connection: Connection) => {
        const wire = connection as CopyConnection;
        wire.query(text);
        try {
          wire.sendCopyFromChunk(HEAD);
          for (const piece of pieces) wire.sendCopyFromChunk(Buffer.from(piece, "latin1"));
          wire.sendCopyFromChunk(END);
          wire.endCopyFrom();
        } catch (cause) {
          failure = cause;
          wire.sendCopyFail("the rows could not be written down");
        }
      },
      handleError: (cause: Error & { where?: string }) => {
        // It quotes the row, which is for nobody's log.
        delete cause.where;
        reject(failure ?? cause);
      },
      handleCopyInResponse: () => {},
      handleCommandComplete: () => {},
      handleReadyForQuery: () => resolve({ command: "COPY", rowCount: null, rows: [] }),
    } as Submittable);
  });
}
