import type { SegmentLeaf, SegmentQuery } from "@tincan/api";
import { describe, expect, test } from "vitest";
import { draftOf, isGroup, newGroup, newRow, partAt, readDraft, roomLeft } from "./draft.ts";
import { append, changePart, duplicate, intoGroup, levelInside, mayNest, removePart } from "./edit-draft.ts";

const gold: SegmentLeaf = { kind: "property", key: "Tier", test: { type: "text", op: "is", value: "gold" } };
const allowed: SegmentLeaf = { kind: "consent", category: "marketing", is: "allowed" };
const ordered: SegmentLeaf = { kind: "event", name: "Order placed", did: true, count: { op: "atLeast", n: 2 }, within: { last: { n: 30, unit: "days" } }, where: [{ key: "amount", test: { type: "number", op: "moreThan", value: 100 } }] };

const back = (query: SegmentQuery) => readDraft(draftOf(query)).query;

describe("a query that is edited and not changed", () => {
  test.each<[string, SegmentQuery]>([
    ["everybody", { all: [] }],
    ["one condition", { all: [gold] }],
    ["groups inside groups", { any: [gold, { all: [allowed, { any: [ordered, gold] }] }] }],
    ["none of several", { not: { any: [gold, allowed] } }],
    ["not all of several", { all: [{ not: { all: [gold, allowed] } }] }],
    ["not one condition", { all: [{ not: gold }, allowed] }],
  ])("stays what it is: %s", (_, query) => expect(back(query)).toEqual(query));

  test("that is a single condition becomes a group of one", () => expect(back(gold)).toEqual({ all: [gold] }));
});

test("a condition still to be chosen is there again when the query is taken up later", () => {
  const { query, soFar } = readDraft(newGroup("all", [newRow(gold), newRow()]));
  expect(query).toBeNull();
  expect(draftOf(soFar).parts.map((part) => (isGroup(part) ? part : part.leaf))).toEqual([gold, null]);
});

describe("what a draft lacks", () => {
  test.each<[string, SegmentLeaf | null, string]>([
    ["a subject", null, "Choose what this is about."],
    ["a value", { ...gold, test: { type: "text", op: "is", value: "" } }, "Type a value."],
    ["several values", { ...gold, test: { type: "text", op: "in", values: [] } }, "Type at least one value."],
    ["a number", { ...gold, test: { type: "number", op: "between", from: 1, to: Number.NaN } }, "Type a number."],
    ["a day", { ...gold, test: { type: "date", op: "before", value: "" } }, "Choose the day."],
    ["a length of time", { ...gold, test: { type: "date", op: "inLast", n: Number.NaN, unit: "days" } }, "Say how long."],
    ["a list", { kind: "list", listId: "", in: true }, "Choose a list."],
    ["the name of an event", { kind: "event", name: " ", did: true }, "Name the event."],
    ["the first day of a period", { kind: "event", name: "x", did: true, within: { from: "" } }, "Choose the day."],
    ["a filter's property", { kind: "event", name: "x", did: true, where: [{ key: "", test: { type: "any", op: "known" } }] }, "Name the event's property."],
  ])("is said of it: %s", (_, leaf, lack) => {
    const row = newRow(leaf);
    const { query, missing } = readDraft(newGroup("all", [newRow(allowed), row]));
    expect(query).toBeNull();
    expect([...missing]).toEqual([[row.id, lack]]);
  });

  test("includes the conditions of a group inside, not those of the outermost", () => {
    const inner = newGroup("any");
    expect([...readDraft(newGroup("all", [inner])).missing.keys()]).toEqual([inner.id]);
    expect(readDraft(newGroup("all")).query).toEqual({ all: [] });
  });
});

test("an error is at the innermost part that its path lies in", () => {
  const [bad, alone] = [newRow(ordered), newRow(gold)];
  const none = newGroup("none", [alone]);
  const draft = newGroup("all", [newRow(gold), newGroup("notAll", [newRow(allowed), bad]), none]);
  const read = readDraft(draft);
  expect(partAt(read, "query.all[1].not.all[1].where[0].test.value")).toBe(bad.id);
  expect(partAt(read, "query.all[2].not.key")).toBe(alone.id);
  expect(partAt(read, "query.all[1]")).toBe(draft.parts[1]?.id);
  expect(partAt(read, "query")).toBe(draft.id);
  expect(partAt(read, "name")).toBeUndefined();
});

describe("a change of a draft", () => {
  const [first, second] = [newRow(gold), newRow(allowed)];
  const draft = newGroup("all", [first, second]);

  test("leaves the draft before it as it was", () => {
    append(draft, draft.id, newRow());
    expect(draft.parts).toEqual([first, second]);
    expect(changePart(draft, -1, () => [])).toBe(draft);
  });

  test("that doubles a condition puts the copy behind it", () => {
    const { draft: next, id } = duplicate(draft, first.id);
    expect(next.parts.map((part) => part.id)).toEqual([first.id, id, second.id]);
    expect(readDraft(next).query).toEqual({ all: [gold, gold, allowed] });
  });

  test("that puts a condition into a group leaves room for the other one", () => {
    const { draft: next, id } = intoGroup(draft, second.id);
    const [, group] = next.parts;
    expect(group && isGroup(group) && { how: group.how, ids: group.parts.map((part) => part.id) }).toEqual({ how: "any", ids: [second.id, id] });
  });

  test("that removes a part names what has the focus next", () => {
    expect(removePart(draft, first.id).next).toBe(second.id);
    expect(removePart(draft, second.id).next).toBe(first.id);
    const lonely = newGroup("all", [first]);
    expect(removePart(lonely, first.id)).toEqual({ draft: { ...lonely, parts: [] }, next: lonely.id });
  });
});

test("groups nest five deep, and a negated one counts twice", () => {
  const depthOf = (how: "all" | "none"): number => {
    let level = 0;
    for (let groups = 1; ; groups++) {
      if (!mayNest(level, how)) return groups;
      level = levelInside(level, how);
    }
  };
  expect(depthOf("all")).toBe(5);
  expect(depthOf("none")).toBe(3);
});

test("fifty conditions fit", () => {
  expect(roomLeft(newGroup("all", [newRow(), newGroup("any", [newRow(), newRow()])]))).toBe(47);
});
