import { expect, test } from "vitest";
import { atBestTime, atTimeOfDay } from "./timing.ts";

const ms = (text: string): number => Date.parse(text);
const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
const due = ms("2026-11-22T04:30:00Z");

test("a time of day comes once around the globe", () => {
  expect(iso(atTimeOfDay("Asia/Kolkata", "10:00", due, "drop"))).toBe("2026-11-22T04:30:00.000Z");
  expect(iso(atTimeOfDay("Europe/London", "10:00", due, "drop"))).toBe("2026-11-22T10:00:00.000Z");
  expect(iso(atTimeOfDay("America/Los_Angeles", "10:00", due, "drop"))).toBeNull();
  expect(iso(atTimeOfDay("Asia/Tokyo", "10:00", due, "drop"))).toBeNull();
  expect(iso(atTimeOfDay("Asia/Tokyo", "10:00", due, "nextDay"))).toBe("2026-11-23T01:00:00.000Z");
});

test("the best time is the part of the day in which most was read, in the person's zone", () => {
  const reads = ["2026-10-01T13:00:00Z", "2026-10-02T13:30:00Z", "2026-10-03T14:20:00Z", "2026-10-04T03:00:00Z"].map(ms);
  expect(iso(atBestTime("Asia/Kolkata", reads, "09:00", due))).toBe("2026-11-22T12:30:00.000Z");
  expect(iso(atBestTime("UTC", reads, "09:00", due))).toBe("2026-11-22T12:00:00.000Z");
});

test("within the best part of the day it is now, and after it the next day", () => {
  const reads = [1, 2, 3].map((day) => ms(`2026-10-0${day}T05:00:00Z`));
  expect(atBestTime("UTC", reads, "09:00", due)).toBe(due);
  expect(iso(atBestTime("UTC", reads, "09:00", ms("2026-11-22T06:00:00Z")))).toBe("2026-11-23T04:00:00.000Z");
});

test("somebody who read too little gets the fallback", () => {
  expect(iso(atBestTime("UTC", [due - 1000, due - 2000], "03:15", due))).toBe("2026-11-23T03:15:00.000Z");
});
