import type { BestHours } from "@tincan/api";

/** What may be looked at by hour. */
export type HeatMeasure = "read" | "clicked";

interface Hour {
  /** 1 Monday to 7 Sunday. */
  weekday: number;
  hour: number;
  value: number;
}

export interface Heat {
  /** By weekday from Monday, then by hour. */
  grid: number[][];
  most: number;
  total: number;
  /** The three hours with most, the first of them first; hours in which nothing happened are never good. */
  best: Hour[];
}

/** How often something happened in each hour of the week. */
export function heatOf(hours: BestHours["hours"], measure: HeatMeasure): Heat {
  const grid = Array.from({ length: 7 }, () => Array.from({ length: 24 }, () => 0));
  for (const one of hours) {
    const row = grid[one.weekday - 1];
    if (row?.[one.hour] !== undefined) row[one.hour] = (row[one.hour] ?? 0) + one[measure];
  }
  const all: Hour[] = grid.flatMap((row, day) => row.map((value, hour) => ({ weekday: day + 1, hour, value })));
  const best = all.filter(({ value }) => value > 0).toSorted((a, b) => b.value - a.value).slice(0, 3);
  return { grid, best, most: best[0]?.value ?? 0, total: all.reduce((sum, { value }) => sum + value, 0) };
}

/** "18:00 to 19:00" */
export const hourSpan = (hour: number): string => `${clock(hour)} to ${clock((hour + 1) % 24)}`;

export const clock = (hour: number): string => `${String(hour).padStart(2, "0")}:00`;

/** 1 January 2024 was a Monday. */
export const weekdayName = (weekday: number, length: "long" | "short"): string => new Date(Date.UTC(2024, 0, weekday)).toLocaleDateString(undefined, { weekday: length, timeZone: "UTC" });
