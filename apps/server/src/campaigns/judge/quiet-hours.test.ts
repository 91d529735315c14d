import type { QuietHours } from "@tincan/api";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { endOfQuiet, readQuietHours, startOfQuiet } from "./quiet-hours.ts";
import { localTime, weekdayOf } from "./zones.ts";

const every = [1, 2, 3, 4, 5, 6, 7];
const quiet = (...ranges: QuietHours["ranges"]) => readQuietHours({ ranges, action: "delay" });
const end = (hours: ReturnType<typeof quiet>, zone: string, at: string): string | null => {
  const ms = endOfQuiet(hours, zone, Date.parse(at));
  return ms === null ? null : new Date(ms).toISOString();
};

test("outside quiet hours it is now", () => {
  expect(end(quiet({ days: every, from: "21:00", to: "09:00" }), "UTC", "2026-11-22T12:34:56.789Z")).toBe("2026-11-22T12:34:56.789Z");
});

test("hours past midnight belong to the evening on which they begin", () => {
  const fridays = quiet({ days: [5], from: "22:00", to: "08:00" });
  expect(end(fridays, "UTC", "2026-11-20T23:00:00Z")).toBe("2026-11-21T08:00:00.000Z");
  expect(end(fridays, "UTC", "2026-11-21T07:59:00Z")).toBe("2026-11-21T08:00:00.000Z");
  expect(end(fridays, "UTC", "2026-11-20T07:00:00Z")).toBe("2026-11-20T07:00:00.000Z");
  expect(end(fridays, "UTC", "2026-11-21T23:00:00Z")).toBe("2026-11-21T23:00:00.000Z");
});

test("the person's own clock counts", () => {
  expect(end(quiet({ days: every, from: "21:00", to: "09:00" }), "Asia/Kolkata", "2026-11-22T16:00:00Z")).toBe("2026-11-23T03:30:00.000Z");
  expect(end(quiet({ days: every, from: "21:00", to: "09:00" }), "America/New_York", "2026-11-22T16:00:00Z")).toBe("2026-11-22T16:00:00.000Z");
});

test("ranges that follow on each other are one", () => {
  const weekend = quiet({ days: [6], from: "00:00", to: "00:00" }, { days: [7], from: "00:00", to: "00:00" }, { days: [1], from: "00:00", to: "09:00" });
  expect(end(weekend, "UTC", "2026-11-21T10:00:00Z")).toBe("2026-11-23T09:00:00.000Z");
});

test("the next quiet hours begin on the person's own clock, if ever", () => {
  const start = (hours: ReturnType<typeof quiet>, zone: string, at: string) => {
    const ms = startOfQuiet(hours, zone, Date.parse(at));
    return ms && new Date(ms).toISOString();
  };
  const nights = quiet({ days: every, from: "21:00", to: "09:00" }, { days: [7], from: "12:00", to: "14:00" });
  expect(start(nights, "UTC", "2026-11-20T10:00:00Z")).toBe("2026-11-20T21:00:00.000Z");
  expect(start(nights, "Asia/Kolkata", "2026-11-20T10:00:00Z")).toBe("2026-11-20T15:30:00.000Z");
  expect(start(nights, "UTC", "2026-11-22T10:00:00Z")).toBe("2026-11-22T12:00:00.000Z");
  expect(start(quiet({ days: [5], from: "10:00", to: "11:00" }), "UTC", "2026-11-20T11:00:00Z")).toBe("2026-11-27T10:00:00.000Z");
  expect(start(quiet(), "UTC", "2026-11-20T10:00:00Z")).toBeNull();
});

test("quiet all week never ends", () => {
  expect(end(quiet({ days: every, from: "00:00", to: "00:00" }), "UTC", "2026-11-21T10:00:00Z")).toBeNull();
});

test("the end is where clocks show it, also in the nights when they change", () => {
  const nights = quiet({ days: every, from: "22:00", to: "01:30" });
  expect(end(nights, "America/New_York", "2026-11-01T03:00:00Z")).toBe("2026-11-01T05:30:00.000Z");
  // Half past one comes again an hour later; from one o'clock on it is quiet a second time.
  expect(end(nights, "America/New_York", "2026-11-01T06:15:20Z")).toBe("2026-11-01T06:30:00.000Z");
  expect(end(quiet({ days: every, from: "22:00", to: "02:30" }), "America/New_York", "2026-03-08T04:00:00Z")).toBe("2026-03-08T07:00:00.000Z");
});

test("the end is never quiet, and the last minute before it always is", () => {
  const time = fc.tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom(0, 30)).map(([h, m]) => `${String(h).padStart(2, "0")}:${String(m).padStart(2, "0")}`);
  const range = fc.record({ days: fc.uniqueArray(fc.integer({ min: 1, max: 7 }), { minLength: 1, maxLength: 4 }), from: time, to: time });
  const zone = fc.constantFrom("UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe", "Pacific/Apia");
  const isQuiet = (ranges: QuietHours["ranges"], name: string, ms: number): boolean => {
    const { day, minute } = localTime(name, ms);
    const clock = `${String(Math.floor(minute / 60)).padStart(2, "0")}:${String(minute % 60).padStart(2, "0")}`;
    return ranges.some(({ days, from, to }) =>
      to > from
        ? days.includes(weekdayOf(day)) && clock >= from && clock < to
        : (days.includes(weekdayOf(day)) && clock >= from) || (days.includes(weekdayOf(day - 1)) && clock < to),
    );
  };
  fc.assert(
    fc.property(fc.array(range, { minLength: 1, maxLength: 3 }), zone, fc.integer({ min: Date.UTC(2026, 0, 1), max: Date.UTC(2027, 0, 1) }), (ranges, name, ms) => {
      const at = endOfQuiet(quiet(...ranges), name, ms);
      if (at === null || !isQuiet(ranges, name, ms)) {
        expect(at).toBe(isQuiet(ranges, name, ms) ? null : ms);
        return;
      }
      expect(at).toBeGreaterThan(ms);
      expect(isQuiet(ranges, name, at)).toBe(false);
      expect(isQuiet(ranges, name, at - 60_000)).toBe(true);
    }),
    { numRuns: 1000 },
  );
});
