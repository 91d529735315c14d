import { describe, expect, it } from "vitest";
import { duration, relativeTime } from "./time.ts";

const now = Date.parse("2026-11-22T12:00:00.000Z");
const ago = (seconds: number) => relativeTime(new Date(now - seconds * 1000).toISOString(), now);

describe("times as people read them", () => {
  it("calls the last seconds just now", () => expect(ago(3)).toBe("just now"));
  it("counts in the largest whole unit", () => {
    expect([ago(12), ago(125), ago(7300), ago(3 * 86_400)]).toEqual(["12 s ago", "2 min ago", "2 h ago", "3 d ago"]);
  });
  it("looks ahead for a time still to come", () => expect(ago(-240)).toBe("in 4 min"));
  it("shows a date after a week", () => expect(ago(20 * 86_400)).toContain("2026"));
});

describe("durations", () => {
  it("keeps milliseconds below a second", () => expect(duration(8.4)).toBe("8 ms"));
  it("uses one decimal for a few seconds", () => expect(duration(1234)).toBe("1.2 s"));
  it("splits minutes, hours and days", () => {
    expect([duration(250_000), duration(3_700_000), duration(200_000_000)]).toEqual(["4 min 10 s", "1 h 1 min", "2 d 7 h"]);
  });
});
