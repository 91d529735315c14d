/**
 * `copy … from stdin`: the cheapest way to bring thousands of new rows in, for us and for Postgres. Text is made and sent piece by piece, so
 * that Postgres stores the first rows while we write down the next ones.
 *
 * The wire: the statement, the data and its end are sent at once, without waiting to be asked for them. When the statement fails, Postgres
 * passes over what follows (PostgreSQL: message flow, COPY operations).
 */
import { CompiledQuery } from "kysely";
import type { Kysely } from "kysely";
import type { Connection, Submittable } from "pg";
import type { Schema } from "./schema.ts";

const texts = new Set<string>();

/** Rows for a table, in PostgreSQL's text format. */
export interface Copy {
  readonly text: string;
  /** Sends the lines; those of `copyLine`, in pieces as large as the caller likes. */
  run(db: Kysely<Schema>, pieces: Iterable<string>): Promise<void>;
}

/** Declares a copy at module level: `copy contacts (id, name) from stdin`. */
export function copy(text: string): Copy {
  texts.add(text);
  return { text, run: async (db, pieces) => void (await db.executeQuery(CompiledQuery.raw(text, [pieces]))) };
}

export function isCopy(text: unknown): text is string {
  return typeof text === "string" && texts.has(text);
}

/** One row, with its end of line. Fills `values` with what it writes. */
export function copyLine(values: (string | null)[]): string {
  for (let i = 0; i < values.length; i++) {
    const value = values[i]!;
    if (value === null) values[i] = "\\N";
    else if (SPECIAL.test(value)) values[i] = value.replaceAll(EVERY_SPECIAL, (letter) => escaped[letter]!);
  }
  return `${values.join("\t")}\n`;
}

const SPECIAL = /[\\\n\r\t]/;
const EVERY_SPECIAL = /[\\\n\r\t]/g;
const escaped: Record<string, string> = { "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t" };

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
          for (const piece of pieces) wire.sendCopyFromChunk(Buffer.from(piece));
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
