import * as fc from "fast-check";
import { expect, test } from "vitest";
import { differenceOf, type ImportedTemplate, type KnownTemplate } from "./import-difference.ts";

const fetched = fc.record({
  remoteId: fc.option(fc.constantFrom("1", "2"), { nil: null }),
  name: fc.constantFrom("a", "b", "c", "d"),
  language: fc.constantFrom("en", "de"),
  category: fc.constantFrom("MARKETING", "UTILITY"),
  status: fc.constantFrom("APPROVED", "PAUSED"),
  parameterFormat: fc.constantFrom("POSITIONAL" as const, "NAMED" as const),
  timeToLiveSeconds: fc.option(fc.constantFrom(60, 120), { nil: undefined }),
  components: fc.array(fc.record({ type: fc.constantFrom("BODY", "FOOTER"), text: fc.constantFrom("x", "y"), example: fc.constantFrom(undefined, { body_text: [["a"]] }, { body_text: [["b"]] }) }, { requiredKeys: ["type", "text"] }), { minLength: 1, maxLength: 3 }),
}) as fc.Arbitrary<ImportedTemplate>;

const known = fc.tuple(fetched, fc.boolean(), fc.boolean()).map(([template, imported, deleted]): KnownTemplate => ({
  ...template, timeToLiveSeconds: template.timeToLiveSeconds ?? null, buttonSettings: [], imported, ...(deleted && { status: "DELETED" }),
}));

const key = ({ name, language }: { name: string; language: string }) => `${name} ${language}`;
const unique = <T extends { name: string; language: string }>(of: fc.Arbitrary<T>) => fc.uniqueArray(of, { selector: key, maxLength: 8 });

/** The registry after everything in the difference was applied. */
function applied(before: readonly KnownTemplate[], list: readonly ImportedTemplate[]): KnownTemplate[] {
  const { new: added, changed, unchanged, gone } = differenceOf(before, list);
  const after = new Map(before.map((each) => [key(each), each]));
  for (const each of [...added, ...changed.map(({ template }) => template), ...unchanged]) {
    const earlier = after.get(key(each));
    after.set(key(each), { ...each, remoteId: each.remoteId ?? earlier?.remoteId ?? null, timeToLiveSeconds: each.timeToLiveSeconds ?? null, buttonSettings: [], imported: true });
  }
  for (const each of gone) after.set(key(each), { ...each, status: "DELETED" });
  return [...after.values()];
}

test("every listed template is new, changed or unchanged, and nothing else is", () => {
  fc.assert(
    fc.property(unique(known), fc.array(fetched, { maxLength: 8 }), (before, list) => {
      const { new: added, changed, unchanged } = differenceOf(before, list);
      const found = [...added, ...changed.map(({ template }) => template), ...unchanged].map(key);
      expect(found.toSorted()).toEqual([...new Set(list.map(key))].toSorted());
    }),
  );
});

test("after it is applied, the same list makes no difference", () => {
  fc.assert(
    fc.property(unique(known), unique(fetched), (before, list) => {
      const { new: added, changed, gone, unchanged } = differenceOf(applied(before, list), list);
      expect([added, changed, gone]).toEqual([[], [], []]);
      expect(unchanged).toHaveLength(list.length);
    }),
  );
});

test("what was never imported, or is deleted already, is never gone", () => {
  fc.assert(
    fc.property(unique(known), unique(fetched), (before, list) => {
      const listed = new Set(list.map(key));
      const expected = before.filter((each) => each.imported && each.status !== "DELETED" && !listed.has(key(each)));
      expect(differenceOf(before, list).gone.map(key)).toEqual(expected.map(key).toSorted());
    }),
  );
});

test("the order of the list, of the registry and of members makes no difference", () => {
  fc.assert(
    fc.property(unique(known), unique(fetched), (before, list) => {
      const turned = (value: unknown): unknown =>
        Array.isArray(value) ? value.map(turned) : value !== null && typeof value === "object" ? Object.fromEntries(Object.entries(value).reverse().map(([name, member]) => [name, turned(member)])) : value;
      expect(differenceOf([...before].reverse(), (turned(list) as ImportedTemplate[]).reverse())).toEqual(differenceOf(before, list));
    }),
  );
});

test("a change names the place, what was there and what comes", () => {
  const before: KnownTemplate = { remoteId: "1", name: "a", language: "en", category: "UTILITY", status: "APPROVED", parameterFormat: "POSITIONAL", timeToLiveSeconds: null, buttonSettings: [], imported: true, components: [{ type: "BODY", text: "old" }, { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Yes" }] }] };
  const { changed } = differenceOf([before], [{ ...before, parameterFormat: "POSITIONAL", timeToLiveSeconds: 60, category: "MARKETING", components: [{ type: "BODY", text: "new" }, { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Yes" }, { type: "QUICK_REPLY", text: "No" }] }] }]);
  expect(changed[0]!.changes).toEqual([
    { field: "category", before: "UTILITY", after: "MARKETING" },
    { field: "timeToLiveSeconds", before: null, after: 60 },
    { field: "components[0].text", before: "old", after: "new" },
    { field: "components[1].buttons[1]", after: { type: "QUICK_REPLY", text: "No" } },
  ]);
});
