/**
 * Makes people of rows. A row is taken as a whole or not at all: one value that cannot be read refuses it, and every such value is named.
 * Empty cells change nothing.
 */
import type { ImportColumn, ImportSettings, ImportTarget, PropertyInput } from "@tincan/api";
import { withFormula } from "../csv.ts";
import { isEmail, readTimeZone } from "../fields.ts";
import { readNumberOf } from "../phone.ts";
import type { ContactDraft } from "../types.ts";
import { readBoolean, readDate, readList, readNumber } from "./values.ts";

/** One value, or the row as a whole, that cannot be taken. */
export interface Problem {
  column: string | null;
  value: string | null;
  reason: string;
}

type Category = Extract<ImportTarget, { kind: "consent" }>["category"];
type Properties = NonNullable<ContactDraft["properties"]>;

type RowResult = { draft: ContactDraft; problems?: undefined } | { draft?: undefined; problems: Problem[] };
export type ReadRow = (fields: readonly string[]) => RowResult;

const longest = { identity: 200, name: 512, email: 254, property: 512 };
const LIST_ITEMS = 100;
/** What of a value is shown where it is refused. */
const SHOWN = 200;
/** What reading leaves where bytes were no letters, and what no text holds. */
// oxlint-disable-next-line no-control-regex -- control characters are what is looked for
const unreadable = /[\ufffd\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f]/;

/** Puts a value into the person, or says what is wrong with it. */
type Cell = (value: string, draft: ContactDraft) => string | undefined;

/** Compiles the settings of an import, which must have been checked (settings.ts). */
export function rowReader(columns: readonly ImportColumn[], settings: ImportSettings): ReadRow {
  const cells = columns.map((column, i) => {
    const target = settings.mapping[i] ?? { kind: "skip" };
    return { name: column.name, read: target.kind === "skip" ? undefined : cellOf(target, settings) };
  });
  const optIn: ContactDraft["consent"] = settings.optIn === "nobody" ? undefined : { [settings.optIn satisfies Category]: "in" };
  const proof = settings.consentProof === null ? {} : { proof: settings.consentProof };

  return (fields) => {
    if (!fits(fields, cells.length)) {
      return { problems: [{ column: null, value: null, reason: `The row has ${count(fields.length, "field")}, the header ${count(cells.length, "column")}.` }] };
    }
    const draft: ContactDraft = {};
    if (optIn) draft.consent = { ...optIn };
    let problems: Problem[] | undefined;
    for (let i = 0; i < cells.length; i++) {
      const { name, read } = cells[i]!;
      if (!read || fields[i] === "") continue;
      const value = withFormula(fields[i]!);
      const reason = unreadable.test(value) ? "It holds characters that cannot be read; save the file as UTF-8." : read(value, draft);
      if (reason !== undefined) (problems ??= []).push({ column: name, value: shorten(value), reason });
    }
    if (problems) return { problems };
    if (draft.phone === undefined && draft.identity === undefined) {
      return { problems: [{ column: null, value: null, reason: "The row has neither a phone number nor an identity." }] };
    }
    if (draft.consent) Object.assign(draft.consent, proof);
    return { draft };
  };
}

/** Spreadsheets write empty cells at the end of some rows. */
function fits(fields: readonly string[], columns: number): boolean {
  return fields.length === columns || (fields.length > columns && fields.slice(columns).every((field) => field === ""));
}

function cellOf(target: Exclude<ImportTarget, { kind: "skip" }>, settings: ImportSettings): Cell {
  switch (target.kind) {
    case "identity":
      return textCell("identity");
    case "name":
      return textCell("name");
    case "phone":
      return (value, draft) => {
        const phone = readNumberOf(value, settings.defaultCountry);
        if (phone !== null) draft.phone = phone;
        else if (value.trim() !== "") return phoneReason(value, settings.defaultCountry);
        return undefined;
      };
    case "email":
      return (value, draft) => {
        const text = value.trim();
        if (text.length > longest.email) return tooLong(text, longest.email);
        if (!isEmail(text)) return "It is not an e-mail address.";
        draft.email = text;
        return undefined;
      };
    case "language":
      return (value, draft) => {
        const text = value.trim().replace("_", "-");
        if (!/^[a-z]{2,3}(-[a-z0-9]{2,8})*$/i.test(text) || text.length > 20) return "It is not a language such as en, pt-BR or hi.";
        draft.language = text;
        return undefined;
      };
    case "timeZone":
      return (value, draft) => {
        const zone = readTimeZone(value.trim());
        if (zone === undefined) return "It is not a time zone such as Europe/Berlin or Asia/Kolkata.";
        draft.timeZone = zone;
        return undefined;
      };
    case "consent":
      return (value, draft) => {
        const optedIn = readBoolean(value);
        if (optedIn === undefined) return "It is neither yes nor no.";
        (draft.consent ??= {})[target.category] = optedIn ? "in" : "out";
        return undefined;
      };
    case "doNotDisturb":
      return (value, draft) => {
        draft.doNotDisturb = readBoolean(value);
        return draft.doNotDisturb === undefined ? "It is neither yes nor no." : undefined;
      };
    case "property":
      return propertyCell(target, settings);
  }
}

function textCell(member: "identity" | "name"): Cell {
  return (value, draft) => {
    const text = value.trim();
    if (text.length > longest[member]) return tooLong(text, longest[member]);
    if (text !== "") draft[member] = text;
    return undefined;
  };
}

function propertyCell({ key, type }: Extract<ImportTarget, { kind: "property" }>, { dateOrder }: ImportSettings): Cell {
  return (written, draft) => {
    const value = written.trim();
    if (value === "") return undefined;
    if (value.length > longest.property && type !== "list") return tooLong(value, longest.property);
    const read = readProperty(value, type, dateOrder);
    if (typeof read === "string" && type !== "text") return read;
    (draft.properties ??= {} as Properties)[key] = read;
    return undefined;
  };
}

/** The value; for every type but text, a text is the reason why there is none. */
function readProperty(value: string, type: Extract<ImportTarget, { kind: "property" }>["type"], dateOrder: ImportSettings["dateOrder"]): PropertyInput {
  switch (type) {
    case "text":
      return value;
    case "number":
      return readNumber(value) ?? "It is not a number.";
    case "boolean":
      return readBoolean(value) ?? "It is neither yes nor no.";
    case "date": {
      const date = readDate(value, dateOrder);
      return date === undefined ? "It is not a date." : { date };
    }
    case "list": {
      const items = readList(value).slice(-LIST_ITEMS);
      return items.find((item) => item.length > longest.property) === undefined ? items : `An item is longer than ${longest.property} characters.`;
    }
  }
}

function phoneReason(value: string, country: string | null): string {
  if (/^\d(\.\d+)?E\+?\d+$/i.test(value.trim())) return "A spreadsheet shortened this number; format the column as text and save the file again.";
  return country === null && !/^\s*(\+|00)/.test(value) ? "It is not a phone number with its country, such as +4915112345678, and no default country is set." : "It is not a phone number.";
}

function tooLong(value: string, most: number): string {
  return `It has ${value.length.toLocaleString("en")} characters; at most ${most} fit.`;
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? "" : "s"}`;
}

export function shorten(value: string): string {
  // NUL is the one character that Postgres cannot store in a text.
  return (value.length > SHOWN ? `${value.slice(0, SHOWN)}…` : value).toWellFormed().replaceAll("\0", "\ufffd");
}
