import { CompiledQuery } from "kysely";
import type { Kysely } from "kysely";
import type { QueryResultRow } from "pg";
import { arrayLiteral } from "./array-literal.ts";
import { binaryArray, hasBinaryForm } from "./binary-array.ts";
import type { Schema } from "./schema.ts";

/** Name of each statement by its text; the connection looks it up when the text is sent. */
const names = new Map<string, string>();

/** A piece of hot, set-based SQL: prepared once per connection, run with whole arrays. */
export interface Statement<Row> {
  readonly name: string;
  readonly text: string;
  /** Runs it on a pool or inside a transaction; `values` fill $1, $2, … in order. */
  run(db: Kysely<Schema>, values?: readonly unknown[]): Promise<Row[]>;
}

/**
 * Declares a statement at module level. `name` is unique, at most 63 bytes (Postgres cuts longer ones), and shows in traces;
 * the statement is parsed and planned once per connection.
 */
export function statement<Row extends QueryResultRow = Record<string, never>>(name: string, text: string): Statement<Row> {
  if (Buffer.byteLength(name) > 63) throw new Error(`The statement name "${name}" is longer than 63 bytes.`);
  if (names.has(text)) throw new Error(`The statements "${names.get(text)}" and "${name}" have the same text.`);
  if ([...names.values()].includes(name)) throw new Error(`Two statements are named "${name}".`);
  names.set(text, name);
  const types = listTypes(text);
  const written = (value: unknown, i: number): unknown => {
    if (!Array.isArray(value)) return value;
    const type = types.get(i + 1);
    return (type === undefined ? undefined : binaryArray(type, value)) ?? arrayLiteral(value) ?? value;
  };
  return {
    name,
    text,
    run: async (db, values = []) => (await db.executeQuery<Row>(CompiledQuery.raw(text, values.map(written)))).rows,
  };
}

/** Of the lists that can be sent in binary form, the type of their elements: that of "$3::uuid[]" is uuid, unless $3 is called something else too. */
function listTypes(text: string): Map<number, string> {
  const types = new Map<number, string>();
  for (const [, number, type] of text.matchAll(/\$(\d+)(?:::(\w+)\[\])?/g)) {
    const known = types.get(Number(number));
    types.set(Number(number), type !== undefined && hasBinaryForm(type) && (known ?? type) === type ? type : "");
  }
  for (const [number, type] of types) if (type === "") types.delete(number);
  return types;
}

/** The name under which a text was declared, if it was. */
export function preparedName(text: string): string | undefined {
  return names.get(text);
}
