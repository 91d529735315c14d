/*
 * Periods are whole days of the workspace's zone: what somebody in another zone sees is the same report.
 */

/** The day it is at a moment, as `2026-11-22`. */
export function dayIn(timeZone: string, at: number): string {
  return new Intl.DateTimeFormat("en-CA", { timeZone, year: "numeric", month: "2-digit", day: "2-digit" }).format(at);
}

/** The moment a day begins. */
export function midnight(day: string, timeZone: string): Date {
  const asUtc = Date.parse(`${day}T00:00:00Z`);
  // The zone's distance at the first guess may be that of the day before, when clocks change at night.
  const guess = asUtc - distance(timeZone, asUtc);
  return new Date(asUtc - distance(timeZone, guess));
}

export function addDays(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
}

/** A day as the viewer writes it. It is a day of the calendar, not a moment, so no zone may move it. */
export function dayName(day: string): string {
  return new Date(`${day}T12:00:00Z`).toLocaleDateString(undefined, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
}

/** How far a zone's clocks are ahead of UTC (ms). */
function distance(timeZone: string, at: number): number {
  const parts = new Intl.DateTimeFormat("en-US", { timeZone, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" }).formatToParts(at);
  const part = (type: string) => Number(parts.find((one) => one.type === type)?.value);
  return Date.UTC(part("year"), part("month") - 1, part("day"), part("hour"), part("minute"), part("second")) - Math.floor(at / 1000) * 1000;
}

interface Chosen {
  period?: string | undefined;
  /** First and last day, for a period of one's own. */
  from?: string | undefined;
  to?: string | undefined;
}

const lengths: Record<string, number> = { "7d": 7, "30d": 30, "90d": 90 };

/** The chosen days, first and last; the last 30 when nothing else is said. A period that is the wrong way round is turned. */
export function daysOf({ period, from, to }: Chosen, today: string): { first: string; last: string } {
  if (period !== "own") return { first: addDays(today, 1 - (lengths[period ?? ""] ?? 30)), last: today };
  const [first, last] = [from ?? addDays(to ?? today, -29), to ?? today];
  return first <= last ? { first, last } : { first: last, last: first };
}
