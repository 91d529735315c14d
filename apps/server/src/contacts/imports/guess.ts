/** Guesses what the columns of a file are, from their names first and their values second. A person looks at it before anything happens. */
import type { ImportPropertyType, ImportSettings, ImportTarget } from "@tincan/api";
import { problemColumns } from "./problems-file.ts";
import { readBoolean, readDate, readNumber } from "./values.ts";

type PlainKind = Exclude<ImportTarget["kind"], "skip" | "property" | "consent">;

/** Names as people write them, in lower case and without anything but letters and digits. */
const known: Record<PlainKind, readonly string[]> = {
  phone: [
    "phone", "phonenumber", "phoneno", "mobile", "mobilenumber", "mobileno", "mobilephone", "whatsapp", "whatsappnumber", "whatsappno", "msisdn",
    "contactnumber", "tel", "telephone", "cell", "cellphone", "handy", "telefon", "telefono", "telephonenumber", "celular", "rufnummer",
  ],
  identity: ["identity", "id", "userid", "customerid", "externalid", "clientid", "uid", "identifier", "crmid", "memberid", "kundennummer"],
  name: ["name", "fullname", "customername", "contactname", "nombre", "nom", "displayname"],
  email: ["email", "mail", "emailaddress", "emailid", "correo"],
  language: ["language", "lang", "locale", "idioma", "sprache", "langue"],
  timeZone: ["timezone", "tz", "zone"],
  doNotDisturb: ["msgdndwhatsapp", "dndwhatsapp", "dnd", "donotdisturb"],
};
const kindOfName = new Map(Object.entries(known).flatMap(([kind, names]) => names.map((name) => [name, kind as PlainKind])));

const consentName = /^(msgwhatsapp|(whatsapp|wa)?(opt(ed)?in|consent|subscribed|subscription)(status)?|(marketing|utility|authentication)(consent|optin)|accepts?marketing)$/;

/** Characters that a property's key may not have (CleverTap: user profile keys). */
const forbiddenInKeys = /[%><!|&.:;$'"\\#]/g;

/** One target per column; `columns` are the values of the first rows, column by column. */
export function guessMapping(names: readonly string[], columns: readonly (readonly string[])[]): ImportTarget[] {
  const taken = new Set<string>();
  const once = (target: ImportTarget): ImportTarget => {
    const key = target.kind === "property" ? `property ${target.key.toLowerCase()}` : target.kind === "consent" ? `consent ${target.category}` : target.kind;
    if (target.kind !== "skip" && taken.has(key)) return { kind: "skip" };
    taken.add(key);
    return target;
  };
  const isProblemFile = names[0] === problemColumns[0] && names[1] === problemColumns[1];
  const byName = names.map((name, i): ImportTarget | undefined => (isProblemFile && i < 2 ? { kind: "skip" } : targetOfName(name)));
  const phoneIsNamed = byName.some((target) => target?.kind === "phone");
  // Named columns choose first, so that a value that looks like a number does not take the place of the phone column.
  const named = byName.map((target) => target && once(target));
  return named.map((target, i) => {
    if (target) return target;
    const values = (columns[i] ?? []).filter((value) => value !== "");
    if (!phoneIsNamed && !taken.has("phone") && mostly(values, looksLikePhone)) return once({ kind: "phone" });
    if (!taken.has("email") && mostly(values, looksLikeEmail)) return once({ kind: "email" });
    const key = (names[i] ?? "").replaceAll(forbiddenInKeys, " ").replaceAll(/\s+/g, " ").trim();
    if (key === "" || values.length === 0) return { kind: "skip" };
    return once({ kind: "property", key, type: guessType(values) });
  });
}

function targetOfName(name: string): ImportTarget | undefined {
  const plain = name.toLowerCase().normalize("NFKD").replaceAll(/[^\p{L}\d]/gu, "");
  const kind = kindOfName.get(plain);
  if (kind) return { kind };
  if (!consentName.test(plain)) return undefined;
  const category = /utility|authentication|marketing/.exec(plain)?.[0];
  return { kind: "consent", category: category === "marketing" || category === "utility" || category === "authentication" ? category : "all" };
}

function mostly(values: readonly string[], test: (value: string) => boolean): boolean {
  return values.length > 0 && values.filter(test).length >= values.length * 0.8;
}

function looksLikePhone(value: string): boolean {
  return /^(\+|00)[\d\s().-]{8,20}$/.test(value.trim());
}

function looksLikeEmail(value: string): boolean {
  return /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value.trim());
}

/** A type is guessed only when every value fits; 1 and 0 are numbers, and digits with a leading zero are text, for they are codes. */
function guessType(values: readonly string[]): ImportPropertyType {
  if (values.every((value) => readNumber(value) !== undefined && !/^[+-]?0\d/.test(value.trim()))) return "number";
  if (values.every((value) => readBoolean(value) !== undefined)) return "boolean";
  if (values.every((value) => readDate(value, "day-month-year") !== undefined || readDate(value, "month-day-year") !== undefined)) return "date";
  return mostly(values, (value) => value.includes("|")) ? "list" : "text";
}

/** How dates such as 03/04/2026 are meant, by the first that can only be read one way. */
export function guessDateOrder(columns: readonly (readonly string[])[]): ImportSettings["dateOrder"] {
  for (const value of columns.flat()) {
    const [, first, second] = /^\s*(\d{1,2})[/.-](\d{1,2})[/.-]\d{4}\b/.exec(value) ?? [];
    if (Number(first) > 12 && Number(second) <= 12) return "day-month-year";
    if (Number(second) > 12 && Number(first) <= 12) return "month-day-year";
  }
  return "day-month-year";
}
