/**
 * When a campaign's runs are due. Calendar rules are read in their own time zone by croner, for which a time that clocks skip
 * comes when they are put forward, and one that comes twice comes once.
 */
import type { Schedule } from "@tincan/api";
import { Cron } from "croner";

/**
 * The next run after those made so far, or null when there is none. `runs` counts the runs made; `after` is exclusive. A date that has passed
 * already counts as due at once for `now` and `at`, and is left out for the others.
 */
export function nextRun(schedule: Schedule, runs: number, after: Date): Date | null {
  switch (schedule.kind) {
    case "now":
      return runs === 0 ? after : null;
    case "at":
      return runs === 0 ? new Date(schedule.at) : null;
    case "event": {
      if (runs > 0) return null;
      return schedule.from !== undefined && new Date(schedule.from) > after ? new Date(schedule.from) : after;
    }
    case "dates": {
      const later = schedule.dates.map((date) => new Date(date)).filter((date) => date > after);
      return later.length === 0 ? null : later.reduce((a, b) => (a < b ? a : b));
    }
    case "recurring": {
      const from = schedule.from === undefined ? after : new Date(Math.max(new Date(schedule.from).getTime() - 1, after.getTime()));
      const next = new Cron(cronOf(schedule), { timezone: schedule.timeZone }).nextRun(from);
      return next === null || (schedule.until !== undefined && next > new Date(schedule.until)) ? null : next;
    }
  }
}

/** When a live or recurring campaign takes nobody more; null when it has no end. */
export function endOf(schedule: Schedule): Date | null {
  return (schedule.kind === "event" || schedule.kind === "recurring") && schedule.until !== undefined ? new Date(schedule.until) : null;
}

/** The rule as a cron pattern: minute, hour, day of month, month, day of week. */
function cronOf(rule: Schedule & { kind: "recurring" }): string {
  const [hour, minute] = rule.time.split(":").map(Number);
  const days = rule.every === "month" ? (rule.days ?? [1]).map((day) => (day === 0 ? "L" : String(day))).join(",") : "*";
  const weekdays = rule.every === "week" ? (rule.weekdays ?? [1]).map((day) => String(day % 7)).join(",") : "*";
  return `${minute} ${hour} ${days} * ${weekdays}`;
}
