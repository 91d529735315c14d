/** Reads the plain fields of a draft: tidied, checked, in the form in which they are stored. */
import type { ContactDraft, ContactProblemCode } from "./types.ts";
import { readNumberOf } from "./phone.ts";
import { tidy } from "./properties.ts";

const LONGEST_IDENTITY = 200;
const LONGEST_NAME = 512;
const LONGEST_EMAIL = 254;

/** Absent: not said; null: to be emptied. */
export interface Fields {
  identity?: string | null;
  phone?: string | null;
  name?: string | null;
  email?: string | null;
  language?: string | null;
  timeZone?: string | null;
}

export interface FieldProblem {
  code: ContactProblemCode;
  field: string;
  message: string;
}

/** A field that cannot be used is left out and reported. */
export function readFields(draft: ContactDraft, defaultCountry: string | null | undefined): { fields: Fields; problems: FieldProblem[] } {
  const fields: Fields = {};
  const problems: FieldProblem[] = [];
  const read = (field: keyof Fields, code: ContactProblemCode, reader: (text: string) => string | { message: string; code?: ContactProblemCode }): void => {
    const given = draft[field];
    if (given === undefined) return;
    const text = given === null ? "" : tidy(given);
    if (text === "") {
      fields[field] = null;
      return;
    }
    const value = reader(text);
    if (typeof value === "string") fields[field] = value;
    else problems.push({ code: value.code ?? code, field, message: value.message });
  };
  read("identity", "bad_identity", (text) => within(text, LONGEST_IDENTITY));
  read("phone", "bad_phone", (text) => readNumberOf(text, draft.country ?? defaultCountry) ?? { message: `"${text.slice(0, 40)}" is not a phone number${/^(\+|00)/.test(text) ? "" : " with its country code, such as +919800000001"}.` });
  read("name", "too_long", (text) => within(text, LONGEST_NAME));
  read("email", "bad_email", (text) => (text.length <= LONGEST_EMAIL && isEmail(text) ? text : { message: `"${text.slice(0, 60)}" is not an e-mail address.` }));
  read("language", "bad_language", (text) => readLanguage(text) ?? { message: `"${text.slice(0, 20)}" is not a language such as en, pt-BR or hi.` });
  read("timeZone", "bad_time_zone", (text) => readTimeZone(text) ?? { message: `"${text.slice(0, 60)}" is not a time zone such as Europe/Berlin or Asia/Kolkata.` });
  return { fields, problems };
}

const EMAIL = /^[^\s@"<>,;]+@[^\s@"<>,;]+\.[^\s@"<>,;]+$/;

export function isEmail(text: string): boolean {
  return EMAIL.test(text);
}

function within(text: string, longest: number): string | { message: string; code: ContactProblemCode } {
  return text.length <= longest ? text : { code: "too_long", message: `It has more than ${longest} characters.` };
}

/** "pt_br" → "pt-BR". */
function readLanguage(text: string): string | undefined {
  const [, language, rest] = /^([a-zA-Z]{2,3})((?:[-_][a-zA-Z0-9]{2,8})*)$/.exec(text) ?? [];
  if (language === undefined || text.length > 20) return undefined;
  const parts = (rest ?? "").split(/[-_]/).slice(1);
  return [language.toLowerCase(), ...parts.map((part) => (part.length === 4 ? part[0]!.toUpperCase() + part.slice(1).toLowerCase() : part.toUpperCase()))].join("-");
}

const zones = new Map<string, string | undefined>();

/** As the tz database spells it. */
export function readTimeZone(text: string): string | undefined {
  if (!zones.has(text)) {
    // Files repeat a few; a hostile one must not fill the memory.
    if (zones.size > 2_000) zones.clear();
    zones.set(text, zoneOf(text));
  }
  return zones.get(text);
}

function zoneOf(text: string): string | undefined {
  // An offset such as "+05:30" would be taken too, and is no place whose clocks change.
  if (!/^[A-Za-z]/.test(text)) return undefined;
  try {
    return new Intl.DateTimeFormat("en", { timeZone: text }).resolvedOptions().timeZone === "UTC" ? "UTC" : canonicalCase(text);
  } catch {
    return undefined;
  }
}

/** As the tz database spells it; an alias such as Asia/Calcutta stays what it was called. */
function canonicalCase(text: string): string {
  return knownZones.get(text.toLowerCase()) ?? text.toLowerCase().replaceAll(/(^|[/_-])([a-z])/g, (_, before: string, letter: string) => before + letter.toUpperCase());
}
const knownZones = new Map(Intl.supportedValuesOf("timeZone").map((zone) => [zone.toLowerCase(), zone]));
