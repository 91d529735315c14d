/** What a row of a file calls somebody by. */
import { UUID } from "@tincan/api";
import { withFormula } from "../../contacts/csv.ts";
import type { Row } from "../../contacts/imports/read-rows.ts";
import { readNumberOf } from "../../contacts/phone.ts";
import { tidy } from "../../contacts/properties.ts";
import type { KnownBy } from "../members.ts";

const LONGEST_IDENTITY = 200;

/** `written` is the cell as it stands there; then its value, or what is wrong with it. */
export type Cell = { written: string; value: string; wrong?: never } | { written: string; value?: never; wrong: string };

export function readCell(row: Row, column: number, by: KnownBy, country: string | null): Cell {
  if (row.fields === null) return { written: "", wrong: row.problem ?? "The row cannot be read." };
  const written = tidy(withFormula(row.fields[column] ?? ""));
  return { written, ...valueOf(written, by, country) };
}

function valueOf(written: string, by: KnownBy, country: string | null): { value: string } | { wrong: string } {
  if (written === "") return { wrong: "The cell is empty." };
  if (by === "identity") return written.length <= LONGEST_IDENTITY ? { value: written } : { wrong: `An identity has at most ${LONGEST_IDENTITY} characters.` };
  if (by === "id") return UUID.test(written.toLowerCase()) ? { value: written.toLowerCase() } : { wrong: "It is not the id of a contact." };
  const phone = readNumberOf(written, country);
  if (phone !== null) return { value: phone };
  return { wrong: country === null ? "It is not a phone number with its country code, and no default country is set." : "It is not a phone number." };
}
