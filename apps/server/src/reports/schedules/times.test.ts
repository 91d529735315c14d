import { describe, expect, test } from "vitest";
import { latestTime, nextTime, periodBefore } from "./times.ts";

describe("a scheduled report goes out", () => {
  const next = (rule: Parameters<typeof nextTime>[0], zone: string, after: string) => nextTime(rule, zone, new Date(after)).toISOString();

  test("every day at its time in the workspace's zone, also when clocks are put forward", () => {
    expect(next({ every: "day", time: "08:30" }, "Asia/Kolkata", "2026-03-01T02:59:00Z")).toBe("2026-03-01T03:00:00.000Z");
    expect(next({ every: "day", time: "08:30" }, "Asia/Kolkata", "2026-03-01T03:00:00Z")).toBe("2026-03-02T03:00:00.000Z");
    expect(next({ every: "day", time: "08:00" }, "Europe/Berlin", "2026-03-28T12:00:00Z")).toBe("2026-03-29T06:00:00.000Z");
  });

  test("every week on its weekday, every month on the first", () => {
    expect(next({ every: "week", weekday: 5, time: "09:00" }, "UTC", "2026-03-01T00:00:00Z")).toBe("2026-03-06T09:00:00.000Z");
    expect(next({ every: "week", time: "09:00" }, "UTC", "2026-03-01T00:00:00Z")).toBe("2026-03-02T09:00:00.000Z");
    expect(next({ every: "month", time: "09:00" }, "UTC", "2026-03-01T10:00:00Z")).toBe("2026-04-01T09:00:00.000Z");
  });
});

test("of times that passed unseen the last one counts", () => {
  const latest = (due: string) => latestTime({ every: "day", time: "09:00" }, "UTC", new Date(due), new Date("2026-03-10T10:00:00Z")).toISOString();
  expect(latest("2026-03-10T09:00:00Z")).toBe("2026-03-10T09:00:00.000Z");
  expect(latest("2026-03-07T09:00:00Z")).toBe("2026-03-10T09:00:00.000Z");
  expect(latest("2024-03-07T09:00:00Z")).toBe("2026-03-10T09:00:00.000Z");
});

describe("a scheduled report is about", () => {
  const period = (...given: [Parameters<typeof periodBefore>[0], string, string]) => {
    const { from, to, name } = periodBefore(given[0], new Date(given[1]), given[2]);
    return [from.toISOString(), to.toISOString(), name];
  };

  test("the day before, in the workspace's zone", () => {
    expect(period("day", "2026-03-02T03:00:00Z", "Asia/Kolkata")).toEqual(["2026-02-28T18:30:00.000Z", "2026-03-01T18:30:00.000Z", "2026-03-01"]);
    // The day on which clocks were put forward has 23 hours.
    expect(period("day", "2026-03-30T06:00:00Z", "Europe/Berlin")).toEqual(["2026-03-28T23:00:00.000Z", "2026-03-29T22:00:00.000Z", "2026-03-29"]);
  });

  test("the seven days before, or the calendar month before", () => {
    expect(period("week", "2026-03-06T09:00:00Z", "UTC")).toEqual(["2026-02-27T00:00:00.000Z", "2026-03-06T00:00:00.000Z", "2026-02-27 to 2026-03-05"]);
    expect(period("month", "2026-01-01T09:00:00Z", "UTC")).toEqual(["2025-12-01T00:00:00.000Z", "2026-01-01T00:00:00.000Z", "2025-12-01 to 2025-12-31"]);
  });
});
