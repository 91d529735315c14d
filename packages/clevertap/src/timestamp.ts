import { wholeNumber } from "./fields.ts";

/** Any time after the year 5138 in seconds is taken for milliseconds. */
const MILLISECONDS_FROM = 100_000_000_000;

/**
 * A time in Unix seconds from a number or its digits; milliseconds are recognised by their size. Null when there is none to
 * read: a report without a usable time is still a report.
 */
export function readSeconds(value: unknown): number | null {
  const time = wholeNumber(value);
  if (time === undefined || time <= 0) return null;
  return time >= MILLISECONDS_FROM ? Math.floor(time / 1000) : time;
}
