import { storable } from "../database/storable.ts";
import type { WireError } from "./types.ts";

/** An error as the database can hold it, and read from its JSON. */
export function storableError({ title, details, ...error }: WireError): WireError {
  return { ...error, title: storable(title), ...(details !== undefined && { details: storable(details) }) };
}
