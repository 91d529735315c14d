import { describe, expect, it } from "vitest";
import { periodOf, startOf } from "./periods.ts";

const now = Date.parse("2026-11-22T12:00:30.000Z");

describe("periods of the message list", () => {
  it("begin at a whole minute", () => expect(startOf("24h", now)).toBe("2026-11-21T12:00:00.000Z"));
  it("are found again from the address", () => expect(["1h", "24h", "7d", "30d"].map((one) => periodOf(startOf(one, now), now))).toEqual(["1h", "24h", "7d", "30d"]));
  it("call any other beginning a time of its own", () => expect(periodOf("2026-11-20T00:00:00.000Z", now)).toBe("since"));
  it("are unset without a beginning", () => expect([periodOf(undefined), startOf("", now)]).toEqual(["", undefined]));
});
