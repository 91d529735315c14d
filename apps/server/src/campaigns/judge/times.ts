/** When a person may be written to: their own time of day, quiet hours, and the cut-off. */
import type { CampaignDefinition, LossReason } from "@tincan/api";
import type { RunContext } from "../run-context.ts";
import type { Candidate } from "../types.ts";
import { endOfQuiet, readQuietHours, startOfQuiet, type Quiet } from "./quiet-hours.ts";
import { atBestTime, atTimeOfDay } from "./timing.ts";
import { isZone } from "./zones.ts";

export interface TimeRules {
  timing: CampaignDefinition["timing"];
  /** When the run was due, or began when that was much later (ms): what a time of day is counted from. */
  from: number;
  quiet: Quiet | null;
  cutOff: number | null;
  /** Of those whose own is not known. */
  timeZone: string;
}

/** A run that begins later than this after it was due, since no server was there or it was paused, begins a day of its own. */
const LATE_MS = 3_600_000;

/** A campaign's own quiet hours stand in for the workspace's. People of a live campaign are reached when their event was, not at a time of day. */
export function timeRules({ run, settings }: Pick<RunContext, "run" | "settings">): TimeRules {
  const { timing, quietHours, pace } = run.definition;
  const hours = quietHours ?? settings.quietHours;
  return {
    timing: run.live ? { kind: "together" } : timing,
    from: beginOf(run),
    quiet: hours && readQuietHours(hours),
    cutOff: pace.cutOff ? Date.parse(pace.cutOff) : null,
    timeZone: settings.timeZone,
  };
}

/** Once begun, a run may be slow: whoever's time was then is reached, however long it takes to get round to them. */
function beginOf({ due_at: dueAt, started_at: startedAt }: RunContext["run"]): number {
  return startedAt !== null && startedAt.getTime() - dueAt.getTime() > LATE_MS ? startedAt.getTime() : dueAt.getTime();
}

/** The moment (ms), now or later; or why there is none. `reads` is needed for the best time alone. */
export function timeOf(rules: TimeRules, { timeZone, waiting }: Pick<Candidate, "timeZone" | "waiting">, reads: readonly number[], now: number): number | LossReason {
  const zone = zoneOf(rules, timeZone);
  // Whoever has waited was told their time before.
  const own = waiting ? now : ownTime(rules, zone, reads, now);
  if (own === null) return "localTimePassed";
  const at = Math.max(own, now);
  const free = rules.quiet ? endOfQuiet(rules.quiet, zone, at) : at;
  if (free === null || (free > at && rules.quiet?.action === "discard")) return "quietHours";
  return rules.cutOff !== null && free > rules.cutOff ? "cutOff" : free;
}

/** Until when a message may leave that may at a moment (ms): the next quiet hours or the cut-off; null when nothing of the kind comes. */
export function leaveBy(rules: TimeRules, timeZone: string | null, at: number): Date | null {
  const quietAt = rules.quiet && startOfQuiet(rules.quiet, zoneOf(rules, timeZone), at);
  const ends = [quietAt, rules.cutOff].filter((end) => end !== null);
  return ends.length === 0 ? null : new Date(Math.min(...ends));
}

function zoneOf(rules: TimeRules, timeZone: string | null): string {
  return timeZone !== null && isZone(timeZone) ? timeZone : rules.timeZone;
}

function ownTime({ timing, from }: TimeRules, zone: string, reads: readonly number[], now: number): number | null {
  if (timing.kind === "zone") return atTimeOfDay(zone, timing.time, from, timing.ifPassed === "drop" ? "drop" : "nextDay");
  return timing.kind === "best" ? atBestTime(zone, reads, timing.fallback, from) : now;
}
