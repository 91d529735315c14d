import { expect, test } from "vitest";
import { changedSince, problemAt, savable, stepOf, unfinished } from "./draft.ts";

test("a segment that is not chosen yet is said and not saved, and the rest is saved", () => {
  const draft = { name: "Spring", audience: { segmentId: "" }, controlShare: 10 };
  expect(unfinished(draft)).toEqual([{ path: "audience", message: "Choose a segment." }]);
  expect(savable(draft)).toEqual({ name: "Spring", controlShare: 10 });
});

test("an event without a name keeps its schedule from being saved", () => {
  const draft = { schedule: { kind: "event" as const, trigger: { event: " " } } };
  expect(unfinished(draft).map(({ path }) => path)).toEqual(["schedule.trigger"]);
  expect(savable(draft)).toEqual({});
});

test("a filter on an event's property that lacks its value holds the schedule back, and the goal likewise", () => {
  const open = { event: "Order placed", filters: [{ key: "amount", test: { type: "number" as const, op: "moreThan" as const, value: Number.NaN } }] };
  const draft = { schedule: { kind: "event" as const, trigger: open }, goal: { ...open, within: 60 } };
  expect(unfinished(draft)).toEqual([{ path: "schedule.trigger", message: "Type a number." }, { path: "goal", message: "Type a number." }]);
  expect(savable(draft)).toEqual({});
});

test("a query with a condition still to be chosen is nobody's audience yet, and a complete one is", () => {
  const gold = { kind: "property" as const, key: "Tier", test: { type: "text" as const, op: "is" as const, value: "gold" } };
  expect(unfinished({ audience: { query: { all: [gold, { all: [] }] } } })).toEqual([{ path: "audience", message: "Complete every condition of the query." }]);
  expect(savable({ audience: { query: { all: [gold] } } })).toEqual({ audience: { query: { all: [gold] } } });
});

test("a number that cannot be read is named, and the others are saved", () => {
  const audience = { phones: ["+15550100123", "12345"] };
  expect(unfinished({ audience })).toEqual([{ path: "audience.phones", message: "12345 cannot be read as a number. Put it right or take it out." }]);
  expect(savable({ audience })).toEqual({ audience: { phones: ["+15550100123"] } });
  expect(unfinished({ audience: { phones: ["12345"] } })[0]).toEqual({ path: "audience", message: "Type at least one number." });
  expect(savable({ audience: { phones: ["12345"] } })).toEqual({});
});

test("only what changed since it was saved is saved again", () => {
  expect(changedSince({ name: "Spring", labels: ["a"] }, { name: "Spring", labels: ["a", "b"], goal: null })).toEqual({ labels: ["a", "b"], goal: null });
});

test("a problem belongs to its place and everything above it, once", () => {
  const problems = [
    { path: "content.variants[0].values.body[1]", message: "Variable 2 needs a value." },
    { path: "content.variants[1].template", message: "Not approved." },
  ];
  expect(problemAt(problems, "content.variants[0].values.body[1]")).toBe("Variable 2 needs a value.");
  expect(problemAt(problems, "content.variants[0].values.body[10]")).toBeNull();
  expect(problemAt(problems, "content")).toBe("Variable 2 needs a value. Not approved.");
  expect(stepOf(problems[0]!)).toBe("what");
});
