import * as fc from "fast-check";
import { expect, test } from "vitest";
import { isZone, localTime, momentOf, offsetAt, weekdayOf } from "./zones.ts";

const zone = fc.constantFrom("UTC", "Asia/Kolkata", "Asia/Kathmandu", "America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Africa/Casablanca");
const moment = fc.integer({ min: Date.UTC(2024, 0, 1), max: Date.UTC(2030, 0, 1) });
const shown = (name: string, ms: number): string =>
  new Intl.DateTimeFormat("en-GB", { timeZone: name, dateStyle: "short", timeStyle: "short" }).format(ms);
const minuteOf = (name: string, ms: number): string => {
  const { day, minute } = localTime(name, ms);
  const date = new Date(day * 86_400_000 + minute * 60_000);
  return new Intl.DateTimeFormat("en-GB", { timeZone: "UTC", dateStyle: "short", timeStyle: "short" }).format(date);
};

test("local time is what clocks of the zone show", () => {
  fc.assert(
    fc.property(zone, moment, (name, ms) => {
      expect(minuteOf(name, ms)).toBe(shown(name, ms));
    }),
  );
});

test("the moment of a local time shows that time, and no earlier moment does", () => {
  fc.assert(
    fc.property(zone, moment, (name, ms) => {
      const at = momentOf(name, localTime(name, ms));
      expect(localTime(name, at)).toEqual(localTime(name, ms));
      expect(at).toBeLessThanOrEqual(ms);
      for (const earlier of [30, 60, 120]) expect(localTime(name, at - earlier * 60_000)).not.toEqual(localTime(name, ms));
    }),
    { numRuns: 500 },
  );
});

test("a time that clocks skip is the moment at which they are put forward", () => {
  const day = Date.UTC(2026, 2, 8) / 86_400_000;
  expect(new Date(momentOf("America/New_York", { day, minute: 150 })).toISOString()).toBe("2026-03-08T07:00:00.000Z");
  expect(new Date(momentOf("Australia/Lord_Howe", { day: Date.UTC(2026, 9, 4) / 86_400_000, minute: 135 })).toISOString()).toBe("2026-10-03T15:30:00.000Z");
});

test("a time that comes twice is the first of the two", () => {
  const day = Date.UTC(2026, 10, 1) / 86_400_000;
  expect(new Date(momentOf("America/New_York", { day, minute: 90 })).toISOString()).toBe("2026-11-01T05:30:00.000Z");
});

test("a zone nobody knows counts as UTC", () => {
  expect(isZone("Mars/Olympus")).toBe(false);
  expect(offsetAt("Mars/Olympus", 0)).toBe(0);
});

test("weekdays begin with Monday as 1, before 1970 too", () => {
  expect(weekdayOf(Date.UTC(2026, 10, 22) / 86_400_000)).toBe(7);
  expect(weekdayOf(Date.UTC(2026, 10, 23) / 86_400_000)).toBe(1);
  expect(weekdayOf(-4)).toBe(7);
});
