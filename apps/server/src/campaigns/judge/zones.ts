/*
 * Local time in the zones of the tz database. Asking Intl costs a few µs, too much for a million people, so what it says about a zone is kept:
 * per day (of UTC) when clocks are not changed in it, else per quarter of an hour, at which alone they ever are.
 */

const QUARTER_MS = 15 * 60_000;
const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
export const DAY_MINUTES = 1_440;
/** Days, and quarters of days with a change, kept per zone: some years. */
const MOST_KEPT = 2_000;

interface Zone {
  format: Intl.DateTimeFormat;
  /** By the number of the day; null for one in which clocks are changed. */
  days: Map<number, number | null>;
  quarters: Map<number, number>;
}
const zones = new Map<string, Zone | null>();

function zoneOf(name: string): Zone | null {
  let zone = zones.get(name);
  if (zone === undefined) {
    try {
      const format = new Intl.DateTimeFormat("en-US", { timeZone: name, hourCycle: "h23", year: "numeric", month: "numeric", day: "numeric", hour: "numeric", minute: "numeric", second: "numeric" });
      zone = { format, days: new Map(), quarters: new Map() };
    } catch {
      zone = null;
    }
    zones.set(name, zone);
  }
  return zone;
}

/** Whether the tz database (as this Node has it) knows the zone. */
export function isZone(name: string): boolean {
  return zoneOf(name) !== null;
}

/** How far local time is ahead of UTC at a moment, in ms. A zone that is not known counts as UTC. */
export function offsetAt(name: string, ms: number): number {
  const zone = zoneOf(name);
  if (zone === null) return 0;
  const day = Math.floor(ms / DAY_MS);
  const whole = kept(zone.days, day, () => {
    const offset = askOffset(zone, day * DAY_MS);
    return offset === askOffset(zone, (day + 1) * DAY_MS) ? offset : null;
  });
  if (whole !== null) return whole;
  const quarter = Math.floor(ms / QUARTER_MS);
  return kept(zone.quarters, quarter, () => askOffset(zone, quarter * QUARTER_MS));
}

function kept<T>(map: Map<number, T>, key: number, make: () => T): T {
  let value = map.get(key);
  if (value === undefined) {
    if (map.size >= MOST_KEPT) map.clear();
    map.set(key, (value = make()));
  }
  return value;
}

function askOffset({ format }: Zone, ms: number): number {
  const parts: Record<string, number> = {};
  for (const { type, value } of format.formatToParts(ms)) parts[type] = Number(value);
  return Date.UTC(parts["year"]!, parts["month"]! - 1, parts["day"], parts["hour"], parts["minute"], parts["second"]) - ms;
}

/** A day of some calendar, counted from 1970-01-01, and the minute in it. */
export interface LocalTime {
  day: number;
  minute: number;
}

export function localTime(zone: string, ms: number): LocalTime {
  const minutes = Math.floor((ms + offsetAt(zone, ms)) / MINUTE_MS);
  const day = Math.floor(minutes / DAY_MINUTES);
  return { day, minute: minutes - day * DAY_MINUTES };
}

/** 1 is Monday, 7 Sunday; 1970-01-01 was a Thursday. */
export function weekdayOf(day: number): number {
  return ((((day + 3) % 7) + 7) % 7) + 1;
}

/**
 * The moment at which clocks of a zone show this. A time that comes twice is taken the first time; for one that is skipped, the moment at
 * which clocks are put forward.
 */
export function momentOf(zone: string, { day, minute }: LocalTime): number {
  const shown = (day * DAY_MINUTES + minute) * MINUTE_MS;
  // The offsets a day before and after are the two that can be meant around a change; the larger one gives the earlier moment.
  const [before, after] = [offsetAt(zone, shown - DAY_MINUTES * MINUTE_MS), offsetAt(zone, shown + DAY_MINUTES * MINUTE_MS)];
  for (const offset of before > after ? [before, after] : [after, before]) {
    const ms = shown - offset;
    if (ms + offsetAt(zone, ms) === shown) return ms;
  }
  return changeWithin(zone, shown - Math.max(before, after), shown - Math.min(before, after));
}

/** The first moment after `from`, up to `to`, at which the offset is no longer that of `from`. */
function changeWithin(zone: string, from: number, to: number): number {
  const offset = offsetAt(zone, from);
  for (let ms = Math.floor(from / QUARTER_MS) * QUARTER_MS; ms <= to; ms += QUARTER_MS) if (offsetAt(zone, ms) !== offset) return ms;
  return to;
}

/** "21:30" as minutes. */
export function minutesOf(timeOfDay: string): number {
  return Number(timeOfDay.slice(0, 2)) * 60 + Number(timeOfDay.slice(3, 5));
}
