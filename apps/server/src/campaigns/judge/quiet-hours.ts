/** Times of day at which nobody is written to, in each person's own zone. */
import type { QuietHours } from "@tincan/api";
import { DAY_MINUTES, localTime, minutesOf, momentOf, weekdayOf, type LocalTime } from "./zones.ts";

interface Range {
  /** By weekday on which it begins, from 1; index 0 is not used. */
  days: boolean[];
  from: number;
  /** Counted from the midnight before it begins, so above 1,440 when it ends the next day. */
  to: number;
}

export interface Quiet {
  ranges: Range[];
  action: QuietHours["action"];
}

export function readQuietHours(hours: QuietHours): Quiet {
  const ranges = hours.ranges.map(({ days, from, to }) => {
    const [begin, end] = [minutesOf(from), minutesOf(to)];
    return { days: Array.from({ length: 8 }, (_, day) => days.includes(day)), from: begin, to: end > begin ? end : end + DAY_MINUTES };
  });
  return { ranges, action: hours.action };
}

/** Ranges that follow on each other are walked through; those of a whole week come round again, and never end. */
const MOST_STEPS = 16;
const MINUTE_MS = 60_000;

/** The first moment from `ms` on that is not quiet: `ms` itself, or the end of the quiet hours it lies in; null when they never end. */
export function endOfQuiet({ ranges }: Quiet, zone: string, ms: number): number | null {
  let at = ms;
  for (let step = 0; step < MOST_STEPS; step++) {
    const local = localTime(zone, at);
    const end = latestEnd(ranges, local);
    if (end === null) return at;
    const moment = momentOf(zone, end);
    // In an hour that comes a second time the end was shown before; it is as far away as the clock says.
    at = moment > at ? moment : at - (at % MINUTE_MS) + ((end.day - local.day) * DAY_MINUTES + end.minute - local.minute) * MINUTE_MS;
  }
  return null;
}

/** The first moment from `ms`, which is not quiet itself, at which quiet hours begin; null when they never do. A time that comes twice is taken the first time. */
export function startOfQuiet({ ranges }: Quiet, zone: string, ms: number): number | null {
  const { day } = localTime(zone, ms);
  for (let ahead = 0; ahead <= 7; ahead++) {
    const begins = ranges.filter(({ days }) => days[weekdayOf(day + ahead)]).map(({ from }) => momentOf(zone, { day: day + ahead, minute: from }));
    const later = begins.filter((at) => at >= ms);
    if (later.length > 0) return Math.min(...later);
  }
  return null;
}

/** Where the quiet that a local time lies in ends; null when it lies in none. One that began yesterday may go on past midnight. */
function latestEnd(ranges: readonly Range[], { day, minute }: LocalTime): LocalTime | null {
  let latest = -1;
  for (const { days, from, to } of ranges) {
    if (days[weekdayOf(day)] && minute >= from && minute < to) latest = Math.max(latest, to);
    if (days[weekdayOf(day - 1)] && minute + DAY_MINUTES < to) latest = Math.max(latest, to - DAY_MINUTES);
  }
  if (latest < 0) return null;
  return latest >= DAY_MINUTES ? { day: day + 1, minute: latest - DAY_MINUTES } : { day, minute: latest };
}
