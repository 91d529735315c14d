/**
 * Custom properties: typed values under keys of the workspace's choosing. The first value of a key fixes its type; later values are
 * converted when nothing is lost by it ("42" for a number, 42 for a text) and refused otherwise.
 */
import type { PropertyInput, PropertyType, PropertyValue } from "@tincan/api";

/** Keys in one workspace (CleverTap: platform considerations). */
export const MOST_PROPERTIES = 256;
/** Characters of a key, and of a text or an item of a list. */
export const LONGEST_KEY = 120;
export const LONGEST_VALUE = 512;
/** Items of a list; the oldest go when more come. */
export const MOST_ITEMS = 100;

export type Properties = Record<string, PropertyValue>;

/** The new value with its type, undefined when the property goes, or what is wrong with it. */
export type ReadProperty = { type: PropertyType; value: PropertyValue | undefined } | { wrong: "wrong_type" | "too_long"; message: string };

/** What a given value makes of a property that has `type` (undefined: the workspace does not know the key yet) and the value `current`. */
export function readProperty(input: PropertyInput | Date, type: PropertyType | undefined, current: PropertyValue | undefined): ReadProperty {
  if (input === null || input === "") return { type: type ?? "text", value: undefined };
  if (input instanceof Date) return typed("date", type, input.toISOString());
  if (Array.isArray(input)) return listOf(type, input);
  if (typeof input === "object") return changeOf(input, type, current);
  return typed(typeof input === "string" ? "text" : typeof input === "number" ? "number" : "boolean", type, input);
}

function changeOf(input: Exclude<PropertyInput, PropertyValue | null>, type: PropertyType | undefined, current: PropertyValue | undefined): ReadProperty {
  if ("date" in input) return typed("date", type, input.date);
  if ("increment" in input) {
    if (type !== undefined && type !== "number") return { wrong: "wrong_type", message: `It is a ${type}, which cannot be incremented.` };
    return typed("number", "number", (typeof current === "number" ? current : 0) + input.increment);
  }
  const items = Array.isArray(current) ? current : [];
  if ("add" in input) return listOf(type, [...items.filter((item) => !input.add.includes(item)), ...input.add]);
  const left = items.filter((item) => !input.remove.includes(item));
  return left.length === 0 ? { type: type ?? "list", value: undefined } : listOf(type, left);
}

function listOf(type: PropertyType | undefined, items: string[]): ReadProperty {
  if (type !== undefined && type !== "list") return mismatch(type, "a list");
  const clean = [...new Set(items.map((item) => tidy(item)).filter((item) => item !== ""))];
  if (clean.some((item) => item.length > LONGEST_VALUE)) return { wrong: "too_long", message: `An item of it has more than ${LONGEST_VALUE} characters.` };
  return { type: "list", value: clean.slice(-MOST_ITEMS) };
}

function typed(given: PropertyType, type: PropertyType | undefined, value: string | number | boolean): ReadProperty {
  const wanted = type ?? given;
  const read = readers[wanted](value);
  if (read === undefined) return mismatch(wanted, typeof value === "string" ? `"${value.slice(0, 60).toWellFormed()}"` : String(value));
  if (typeof read === "string" && read.length > LONGEST_VALUE) return { wrong: "too_long", message: `It has more than ${LONGEST_VALUE} characters.` };
  return { type: wanted, value: read };
}

/** A day that each month has, which needs no calendar. */
export const SAFE_DAY = /^\d{4}-(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])$/;

const readers: Record<PropertyType, (value: string | number | boolean) => PropertyValue | undefined> = {
  text: (value) => (typeof value === "number" && !Number.isFinite(value) ? undefined : tidy(String(value))),
  number: (value) => {
    const number = typeof value === "string" && /^\s*[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?\s*$/i.test(value) ? Number(value) : value;
    return typeof number === "number" && Number.isFinite(number) ? number : undefined;
  },
  boolean: (value) => {
    if (typeof value === "boolean") return value;
    const word = String(value).trim().toLowerCase();
    return word === "true" || word === "1" || word === "yes" ? true : word === "false" || word === "0" || word === "no" ? false : undefined;
  },
  date: (value) => {
    if (typeof value !== "string" || !/^\d{4}-\d{2}-\d{2}/.test(value)) return undefined;
    if (SAFE_DAY.test(value)) return `${value}T00:00:00.000Z`;
    const at = Date.parse(value);
    return Number.isNaN(at) ? undefined : new Date(at).toISOString();
  },
  list: (value) => (typeof value === "string" ? [tidy(value)] : undefined),
};

function mismatch(type: PropertyType, given: string): ReadProperty {
  return { wrong: "wrong_type", message: `In this workspace it is a ${type}, and ${given} is none.` };
}

/** What Postgres cannot hold goes, and so does space at the ends. */
export function tidy(text: string): string {
  return TIDY.test(text) ? text : text.replaceAll("\u0000", "").toWellFormed().trim();
}

/** Most texts are: plain letters without space at the ends. */
const TIDY = /^[!-~](?:[ -~]*[!-~])?$/;

export function sameValue(a: PropertyValue | undefined, b: PropertyValue | undefined): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return a.length === b.length && a.every((item, i) => item === b[i]);
  return a === b;
}
