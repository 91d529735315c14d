import { expect, test } from "vitest";
import { heatOf, hourSpan, weekdayName } from "./heat.ts";

const hours = [
  { weekday: 2, hour: 18, delivered: 100, read: 60, clicked: 4 },
  { weekday: 7, hour: 0, delivered: 40, read: 20, clicked: 9 },
];

test("each hour of the week has its number, and hours without any are zero", () => {
  const { grid, total } = heatOf(hours, "read");
  expect([grid[1]?.[18], grid[6]?.[0], grid[0]?.[0], total]).toEqual([60, 20, 0, 80]);
  expect(grid.map((row) => row.length)).toEqual([24, 24, 24, 24, 24, 24, 24]);
});

test("the best hours come first, and hours in which nothing happened are none", () => {
  expect(heatOf(hours, "clicked").best).toEqual([
    { weekday: 7, hour: 0, value: 9 },
    { weekday: 2, hour: 18, value: 4 },
  ]);
});

test("the last hour of a day ends at midnight", () => {
  expect(hourSpan(23)).toBe("23:00 to 00:00");
});

test("the week begins on Monday", () => {
  expect([weekdayName(1, "long"), weekdayName(7, "short")]).toEqual(["Monday", "Sun"]);
});
