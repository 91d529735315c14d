import type { WireError } from "./types.ts";

/** Text from outside as the database can hold it: Postgres takes no NUL, and cannot read JSON that has one, or half of a letter, in it. */
export function storable(text: string): string {
  return text.toWellFormed().replaceAll("\0", "");
}

export function storableError({ title, details, ...error }: WireError): WireError {
  return { ...error, title: storable(title), ...(details !== undefined && { details: storable(details) }) };
}
