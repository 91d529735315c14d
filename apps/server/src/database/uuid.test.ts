import { expect, test } from "vitest";
import { uuidv7 } from "./uuid.ts";

test("an id is a UUID version 7 that starts with its time", () => {
  const id = uuidv7(Date.parse("2030-01-01T00:00:00Z"));
  expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  expect(Number.parseInt(id.replace("-", "").slice(0, 12), 16)).toBe(Date.parse("2030-01-01T00:00:00Z"));
});

test("ids made in one process sort in the order they were made", () => {
  const ids = Array.from({ length: 200_000 }, () => uuidv7());
  expect([...ids].sort()).toEqual(ids);
  expect(new Set(ids).size).toBe(ids.length);
});

test("a clock that steps back a little does not break the order", () => {
  const now = Date.parse("2031-01-01T00:00:00Z");
  const ids = [uuidv7(now), uuidv7(now - 5_000), uuidv7(now + 1)];
  expect([...ids].sort()).toEqual(ids);
});
