import { expect, test } from "vitest";
import { addDays, dayIn, daysOf, midnight } from "./period.ts";

test("a day begins when it begins in its zone", () => {
  expect(midnight("2026-11-22", "Asia/Kolkata").toISOString()).toBe("2026-11-21T18:30:00.000Z");
  expect(midnight("2026-11-22", "UTC").toISOString()).toBe("2026-11-22T00:00:00.000Z");
});

test("a day on which the clocks change begins at its midnight", () => {
  expect(midnight("2026-03-29", "Europe/Berlin").toISOString()).toBe("2026-03-28T23:00:00.000Z");
  expect(midnight("2026-10-26", "Europe/Berlin").toISOString()).toBe("2026-10-25T23:00:00.000Z");
});

test("today is today in the zone", () => {
  expect(dayIn("Asia/Tokyo", Date.parse("2026-11-21T16:00:00Z"))).toBe("2026-11-22");
});

test("a period of days ends today and counts it", () => {
  expect(daysOf({}, "2026-11-22")).toEqual({ first: "2026-10-24", last: "2026-11-22" });
  expect(daysOf({ period: "7d" }, "2026-11-22")).toEqual({ first: "2026-11-16", last: "2026-11-22" });
});

test("own days may be given either way round, and one of them may be missing", () => {
  expect(daysOf({ period: "own", from: "2026-05-09", to: "2026-05-01" }, "2026-11-22")).toEqual({ first: "2026-05-01", last: "2026-05-09" });
  expect(daysOf({ period: "own", to: "2026-05-30" }, "2026-11-22")).toEqual({ first: "2026-05-01", last: "2026-05-30" });
});

test("days are counted over the end of a month", () => {
  expect(addDays("2026-02-28", 1)).toBe("2026-03-01");
});
