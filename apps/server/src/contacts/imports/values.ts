/** Reads single values of a CSV file. Each answers undefined for a text it cannot read. */
import type { ImportSettings } from "@tincan/api";
import { SAFE_DAY } from "../properties.ts";

const yes = new Set(["true", "yes", "y", "1", "on", "in", "opt-in", "optin", "opted in", "opted-in", "subscribed", "granted", "x", "ja", "si", "sí", "oui", "sim"]);
const no = new Set(["false", "no", "n", "0", "off", "out", "opt-out", "optout", "opted out", "opted-out", "unsubscribed", "denied", "nein", "non", "não"]);

export function readBoolean(text: string): boolean | undefined {
  const word = text.trim().toLowerCase();
  return yes.has(word) ? true : no.has(word) ? false : undefined;
}

/** 1234.5, -7, 1,234.50, and 1234,5 as many countries write it. */
export function readNumber(text: string): number | undefined {
  const trimmed = text.trim();
  const plain = /^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$/.test(trimmed) ? trimmed.replaceAll(",", "") : trimmed.replace(/^([+-]?\d+),(\d+)$/, "$1.$2");
  if (!/^[+-]?(\d+(\.\d+)?|\.\d+)([eE][+-]?\d{1,3})?$/.test(plain)) return undefined;
  const number = Number(plain);
  return Number.isFinite(number) ? number : undefined;
}

/**
 * A date or a time as ISO 8601: 2026-11-22, 2026-11-22T10:15:30Z, 22/11/2026, 22.11.2026 10:15, and CleverTap's $D_ with Unix seconds. A day
 * without a time of day is answered as a day; a time without a zone is taken for UTC.
 */
export function readDate(text: string, order: ImportSettings["dateOrder"]): string | undefined {
  const trimmed = text.trim();
  if (SAFE_DAY.test(trimmed)) return trimmed;
  const seconds = /^\$D_(\d{1,11})$/.exec(trimmed)?.[1];
  if (seconds !== undefined) return new Date(Number(seconds) * 1000).toISOString();
  const match = /^(\d{1,4})([-/.])(\d{1,2})\2(\d{1,4})(?:[T ]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*(Z|[+-]\d{2}:?\d{2})?)?$/i.exec(trimmed);
  if (!match) return undefined;
  const [, a = "", , b = "", c = "", hour, minute, second, zone] = match;
  const [year, month, day] = a.length === 4 ? [a, b, c] : c.length === 4 ? (order === "month-day-year" ? [c, a, b] : [c, b, a]) : [];
  if (year === undefined || month === undefined || day === undefined || day.length > 2) return undefined;
  const date = `${year}-${month.padStart(2, "0")}-${day.padStart(2, "0")}`;
  if (!isDay(Number(year), Number(month), Number(day))) return undefined;
  if (hour === undefined) return date;
  const time = new Date(`${date}T${hour.padStart(2, "0")}:${minute}:${second ?? "00"}${zoneText(zone)}`);
  return Number.isNaN(time.getTime()) ? undefined : time.toISOString();
}

function zoneText(zone: string | undefined): string {
  if (zone === undefined || zone.toUpperCase() === "Z") return "Z";
  return zone.includes(":") ? zone : `${zone.slice(0, 3)}:${zone.slice(3)}`;
}

function isDay(year: number, month: number, day: number): boolean {
  if (month < 1 || month > 12 || day < 1) return false;
  const isLeap = (year % 4 === 0 && year % 100 !== 0) || year % 400 === 0;
  return day <= (month === 2 && isLeap ? 29 : DAYS[month - 1]!);
}

const DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** The parts of a list, separated by | or ;. */
export function readList(text: string): string[] {
  return text.split(/[|;]/).map((part) => part.trim()).filter((part) => part !== "");
}
