import { expect, test } from "vitest";
import { addressesOf, draftOf, inputOf, whenWords } from "./schedule-words.ts";

test("a time is told as people say it", () => {
  expect(whenWords({ every: "week", weekday: 5, time: "17:30" })).toBe("Every Friday at 17:30");
  expect(whenWords({ every: "day", time: "08:00" })).toBe("Every day at 08:00");
  expect(whenWords({ every: "month", time: "08:00" })).toBe("On the first of each month at 08:00");
});

test("addresses may stand on lines or have commas between, and each counts once", () => {
  expect(addressesOf("ada@example.com, bram@example.com\nada@example.com;")).toEqual(["ada@example.com", "bram@example.com"]);
});

test("what is sent is what was chosen, and nothing of the other way", () => {
  const draft = { ...draftOf(undefined), name: " Weekly ", addresses: "ada@example.com", url: "https://example.com/hook" };
  expect(inputOf(draft)).toEqual({ name: "Weekly", every: "week", weekday: 1, time: "09:00", by: "campaign", to: { kind: "email", addresses: ["ada@example.com"] } });
  expect(inputOf({ ...draft, every: "day", kind: "webhook" })).toEqual({ name: "Weekly", every: "day", time: "09:00", by: "campaign", to: { kind: "webhook", url: "https://example.com/hook" } });
});

test("an existing one is opened as it is", () => {
  const schedule = { id: "1", name: "Daily", every: "day" as const, time: "07:15", by: "day" as const, to: { kind: "webhook" as const, url: "https://example.com/hook" }, secret: "abc", nextAt: "", lastAt: null, lastFailure: null, createdBy: "Ada" };
  expect(inputOf(draftOf(schedule))).toEqual({ name: "Daily", every: "day", time: "07:15", by: "day", to: schedule.to });
});
