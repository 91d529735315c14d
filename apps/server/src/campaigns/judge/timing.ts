/** At what moment a person's own time of day comes. Pure; the judge says what happens when it has passed. */
import { localTime, minutesOf, momentOf } from "./zones.ts";

/** Length of the parts of the day between which the best is chosen. */
const PART_MINUTES = 120;
/** Fewer reads than this say too little about somebody. */
const FEWEST_READS = 3;

/**
 * When clocks in the zone show `time` on the day it is there at `from`; null when that has passed and `passed` says to drop it. `from` is when the
 * run began, not when somebody gets round to this person: whoever's time is just then is reached.
 */
export function atTimeOfDay(zone: string, time: string, from: number, passed: "drop" | "nextDay"): number | null {
  const { day } = localTime(zone, from);
  const minute = minutesOf(time);
  const today = momentOf(zone, { day, minute });
  if (today >= from) return today;
  return passed === "drop" ? null : momentOf(zone, { day: day + 1, minute });
}

/**
 * The next moment, within a day, of the two-hour part of the day in which most of `reads` (moments, ms) fell, the earlier part of two alike; now
 * when it is that part already. With too few reads, the next time clocks show `fallback`.
 */
export function atBestTime(zone: string, reads: readonly number[], fallback: string, from: number): number {
  if (reads.length < FEWEST_READS) return atTimeOfDay(zone, fallback, from, "nextDay")!;
  const counts = Array.from({ length: 12 }, () => 0);
  for (const read of reads) counts[Math.floor(localTime(zone, read).minute / PART_MINUTES)]!++;
  const begin = counts.indexOf(Math.max(...counts)) * PART_MINUTES;
  const { day, minute } = localTime(zone, from);
  if (minute >= begin && minute < begin + PART_MINUTES) return from;
  return momentOf(zone, { day: minute < begin ? day : day + 1, minute: begin });
}
