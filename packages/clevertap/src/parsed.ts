import { isStorable } from "./storable.ts";

/**
 * What went wrong while reading a body.
 * `code` is the number to answer with: a send code (2001, 2002, 2004) for send requests, 400 elsewhere.
 * `field` is the place in the body as its sender would write it: `components[1].body.parameters`; `body` is the body as a whole.
 */
export interface ParseError {
  code: number;
  field: string;
  message: string;
  expected: string;
}

/** The result of every parser of this package: a value, or one error that names a field. Parsers never throw. */
export type Parsed<T> = { ok: true; value: T } | { ok: false; error: ParseError };

/**
 * Thrown by the reading code and caught by `attempt`, never seen outside this package.
 * Not an Error: a refused body is ordinary traffic, and collecting a stack for each would cost more than the reading.
 */
export class Refusal {
  readonly error: ParseError;

  constructor(code: number, field: string, expected: string, found: unknown) {
    const named = field === "" ? "body" : field;
    this.error = { code, field: named, expected, message: `${named}: expected ${expected}, found ${describe(found)}` };
  }
}

/** Runs reading code and turns its refusal into a result. */
export function attempt<T>(read: () => T): Parsed<T> {
  try {
    return { ok: true, value: read() };
  } catch (thrown) {
    if (thrown instanceof Refusal) return { ok: false, error: thrown.error };
    throw thrown;
  }
}

/** Says what a value is without repeating more than a few characters of it. */
function describe(value: unknown): string {
  if (value === undefined) return "nothing";
  if (value === null) return "null";
  if (Array.isArray(value)) return value.length === 0 ? "an empty list" : "a list";
  if (typeof value === "object") return "an object";
  if (typeof value !== "string") return `${typeof value} ${String(value)}`;
  if (value === "") return "an empty text";
  if (!isStorable(value)) return "a text with a character that cannot be stored";
  return `the text ${JSON.stringify(value.length > 40 ? `${value.slice(0, 40).toWellFormed()}…` : value)}`;
}
