/*
 * Days as the query holds them: the moment at which a day begins. A day of a property begins in UTC, as properties keep their dates; a day on
 * which something happened begins where the viewer is.
 */

export type Zone = "utc" | "viewer";

const midnight = (day: string, zone: Zone): Date => new Date(`${day}T00:00:00${zone === "utc" ? "Z" : ""}`);

/** "2026-05-03" → the moment it begins; "" for what is no day. */
export function startOf(day: string, zone: Zone): string {
  const at = midnight(day, zone);
  return Number.isNaN(at.getTime()) ? "" : at.toISOString();
}

/** The moment at which the day after it begins: a period that ends there holds the whole day. */
export function endOf(day: string, zone: Zone): string {
  const at = midnight(day, zone);
  if (Number.isNaN(at.getTime())) return "";
  if (zone === "utc") at.setUTCDate(at.getUTCDate() + 1);
  else at.setDate(at.getDate() + 1);
  return at.toISOString();
}

/** The day that a moment lies in; null for none. */
export function dayOf(at: string | undefined, zone: Zone): string | null {
  const date = new Date(at ?? "");
  if (Number.isNaN(date.getTime())) return null;
  if (zone === "utc") return date.toISOString().slice(0, 10);
  return [String(date.getFullYear()).padStart(4, "0"), String(date.getMonth() + 1).padStart(2, "0"), String(date.getDate()).padStart(2, "0")].join("-");
}

/** The last day of a period that ends just before a moment; null for none. */
export function lastDayOf(end: string | undefined, zone: Zone): string | null {
  const at = Date.parse(end ?? "");
  return Number.isNaN(at) ? null : dayOf(new Date(at - 1).toISOString(), zone);
}

/** "3 May 2026"; with the time of day where the moment is not the beginning of one. */
export function dayWords(at: string, zone: Zone): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return "…";
  const day: Intl.DateTimeFormatOptions = { day: "numeric", month: "short", year: "numeric", ...(zone === "utc" ? { timeZone: "UTC" } : {}) };
  if (startOf(dayOf(at, zone) ?? "", zone) === date.toISOString()) return date.toLocaleDateString(undefined, day);
  return date.toLocaleString(undefined, { ...day, hour: "2-digit", minute: "2-digit" });
}

/** The last moment of a period in words: the day before its end, or the end itself where that is no beginning of a day. */
export function lastDayWords(end: string, zone: Zone): string {
  const last = lastDayOf(end, zone);
  return last !== null && endOf(last, zone) === new Date(end).toISOString() ? dayWords(startOf(last, zone), zone) : dayWords(end, zone);
}
