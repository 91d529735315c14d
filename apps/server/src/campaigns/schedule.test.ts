import type { Schedule } from "@tincan/api";
import { assert, constantFrom, date, property } from "fast-check";
import { expect, test } from "vitest";
import { nextRun } from "./schedule.ts";

const at = (text: string): Date => new Date(text);
const daily: Schedule & { kind: "recurring" } = { kind: "recurring", every: "day", time: "09:00", timeZone: "Europe/Berlin" };

test("a campaign for now is due at once, and only once", () => {
  expect(nextRun({ kind: "now" }, 0, at("2026-03-01T10:00:00Z"))).toEqual(at("2026-03-01T10:00:00Z"));
  expect(nextRun({ kind: "now" }, 1, at("2026-03-01T10:00:00Z"))).toBeNull();
});

test("several dates come in the order of time, whatever order they were given in", () => {
  const dates: Schedule = { kind: "dates", dates: ["2026-05-02T08:00:00Z", "2026-05-01T08:00:00Z"] };
  expect(nextRun(dates, 0, at("2026-04-30T00:00:00Z"))).toEqual(at("2026-05-01T08:00:00Z"));
  expect(nextRun(dates, 1, at("2026-05-01T08:00:00Z"))).toEqual(at("2026-05-02T08:00:00Z"));
  expect(nextRun(dates, 2, at("2026-05-02T08:00:00Z"))).toBeNull();
});

test("a daily rule keeps its local time over the change to summer time", () => {
  expect(nextRun(daily, 3, at("2026-03-28T12:00:00Z"))).toEqual(at("2026-03-29T07:00:00Z"));
  expect(nextRun(daily, 3, at("2026-03-27T12:00:00Z"))).toEqual(at("2026-03-28T08:00:00Z"));
});

test("a weekly rule takes the weekdays it names, Sunday being 7", () => {
  const weekly: Schedule = { ...daily, every: "week", weekdays: [7], timeZone: "UTC" };
  expect(nextRun(weekly, 0, at("2026-11-18T00:00:00Z"))).toEqual(at("2026-11-22T09:00:00Z"));
});

test("a monthly rule finds the last day of the month", () => {
  const monthly: Schedule = { ...daily, every: "month", days: [0], timeZone: "UTC" };
  expect(nextRun(monthly, 0, at("2026-02-01T00:00:00Z"))).toEqual(at("2026-02-28T09:00:00Z"));
});

test("a rule ends with its last time, and does not begin before its first", () => {
  const bounded: Schedule = { ...daily, timeZone: "UTC", from: "2026-06-10T09:00:00Z", until: "2026-06-11T09:00:00Z" };
  expect(nextRun(bounded, 0, at("2026-06-01T00:00:00Z"))).toEqual(at("2026-06-10T09:00:00Z"));
  expect(nextRun(bounded, 1, at("2026-06-10T09:00:00Z"))).toEqual(at("2026-06-11T09:00:00Z"));
  expect(nextRun(bounded, 2, at("2026-06-11T09:00:00Z"))).toBeNull();
});

test("runs of a rule always move on in time", () => {
  assert(
    property(date({ min: at("2025-01-01"), max: at("2030-01-01"), noInvalidDate: true }), constantFrom("UTC", "Asia/Kolkata", "America/New_York", "Australia/Lord_Howe"), (after, timeZone) => {
      const next = nextRun({ ...daily, timeZone }, 1, after);
      expect(next!.getTime()).toBeGreaterThan(after.getTime());
      expect(next!.getTime() - after.getTime()).toBeLessThanOrEqual(49 * 3_600_000);
    }),
  );
});
