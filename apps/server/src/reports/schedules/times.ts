/** When a scheduled report goes out, and which days it is about; both by the workspace's calendar. */
import type { ReportScheduleInput } from "@tincan/api";
import { localTime, momentOf } from "../../campaigns/judge/zones.ts";
import { nextRun } from "../../campaigns/schedule.ts";

const DAY_MS = 86_400_000;

type Every = ReportScheduleInput["every"];

/** Monday, and the first of the month, unless told otherwise. */
export function nextTime({ every, weekday = 1, time }: Pick<ReportScheduleInput, "every" | "weekday" | "time">, timeZone: string, after: Date): Date {
  const next = nextRun({ kind: "recurring", every, weekdays: [weekday], time, timeZone }, 0, after);
  if (next === null) throw new Error(`There is no next ${every} at ${time} in ${timeZone}.`);
  return next;
}

/** The last time that has come, when `due` has: several passed while nobody was there to send anything. */
export function latestTime(rule: Parameters<typeof nextTime>[0], timeZone: string, due: Date, now: Date): Date {
  let latest = due;
  // No two times are further apart than two months.
  let next = nextTime(rule, timeZone, new Date(Math.max(due.getTime(), now.getTime() - 62 * DAY_MS)));
  while (next <= now) {
    latest = next;
    next = nextTime(rule, timeZone, latest);
  }
  return latest;
}

export interface Period {
  from: Date;
  to: Date;
  /** The days in it, such as "2026-03-01" or "2026-03-01 to 2026-03-07". */
  name: string;
}

/** The whole day, the seven days or the calendar month before the day of `at`. */
export function periodBefore(every: Every, at: Date, timeZone: string): Period {
  const today = localTime(timeZone, at.getTime()).day;
  const { from, to } = every === "month" ? monthBefore(today) : { from: today - (every === "week" ? 7 : 1), to: today };
  const [first, last] = [nameOf(from), nameOf(to - 1)];
  return { from: midnight(timeZone, from), to: midnight(timeZone, to), name: first === last ? first : `${first} to ${last}` };
}

/** In days since 1970-01-01. */
function monthBefore(today: number): { from: number; to: number } {
  const date = new Date(today * DAY_MS);
  const first = (monthsBack: number): number => Date.UTC(date.getUTCFullYear(), date.getUTCMonth() - monthsBack, 1) / DAY_MS;
  return { from: first(1), to: first(0) };
}

function midnight(timeZone: string, day: number): Date {
  return new Date(momentOf(timeZone, { day, minute: 0 }));
}

function nameOf(day: number): string {
  return new Date(day * DAY_MS).toISOString().slice(0, 10);
}
