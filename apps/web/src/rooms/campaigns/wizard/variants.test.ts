import type { Content, Template } from "@tincan/api";
import { expect, test } from "vitest";
import { placeOf, variantName, withMode, withOneMore, without, withTemplate } from "./variants.ts";

const hello = { name: "hello", language: "en", category: "MARKETING", parameterFormat: "POSITIONAL", components: [{ type: "BODY", text: "Hi {{1}}" }] } as unknown as Template;
const single = withTemplate(undefined, 0, hello);

test("the first template makes a single message", () => {
  expect(single).toEqual({ mode: "single", variants: [{ key: "A", template: { name: "hello", language: "en" }, values: { body: [{ text: "" }] } }] });
});

test("a test begins with two copies in halves, and a third evens the shares out", () => {
  const ab = withMode(single, "ab", "");
  expect(ab.variants.map(({ key, share }) => [key, share])).toEqual([["A", 50], ["B", 50]]);
  const three = withOneMore(ab);
  expect(three.variants.map(({ key, share }) => [key, share])).toEqual([["A", 34], ["B", 33], ["C", 33]]);
  expect(without(three, 1).variants.map(({ key, share }) => [key, share])).toEqual([["A", 50], ["C", 50]]);
});

test("a split has a default, which stays last", () => {
  const split = withOneMore(withMode(single, "split", "City"));
  expect(split.variants.map(({ key, equals }) => [key, equals])).toEqual([["1", ""], ["2", ""], ["default", undefined]]);
  expect(split.variants.map((variant) => variantName(split, variant))).toEqual(["For a value", "For a value", "All others"]);
});

test("back to a single message keeps what the first one says", () => {
  const ab: Content = withMode(single, "ab", "");
  expect(withMode(ab, "single", "")).toEqual(single);
});

test("a problem of one of several messages says which", () => {
  const problem = { path: "content.variants[1].values.body[0]", message: "Variable 1 needs a value." };
  expect(placeOf(problem, { content: withMode(single, "ab", "") })).toBe("What, Variant B");
  expect(placeOf({ ...problem, path: "content.variants[0].template" }, { content: single })).toBe("What");
  expect(placeOf({ path: "goal", message: "" }, {})).toBe("Goal");
});
