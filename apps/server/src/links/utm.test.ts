import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { addMissing, parametersOf } from "./query.ts";
import { withUtm } from "./utm.ts";

const utm = { source: "whatsapp", medium: "message", campaign: "Spring & more" };
const added = "utm_source=whatsapp&utm_medium=message&utm_campaign=Spring%20%26%20more";

describe("an address gets its utm parameters", () => {
  test.each([
    ["without a query", "https://shop.example/a", `https://shop.example/a?${added}`],
    ["without a path", "https://shop.example", `https://shop.example?${added}`],
    ["after a query", "https://shop.example/a?id=4", `https://shop.example/a?id=4&${added}`],
    ["after an open query", "https://shop.example/a?", `https://shop.example/a?${added}`],
    ["after an open parameter", "https://shop.example/a?id=4&", `https://shop.example/a?id=4&${added}`],
    ["before a fragment", "https://shop.example/a?id=4#top", `https://shop.example/a?id=4&${added}#top`],
    ["before a fragment that looks like a query", "https://shop.example/#/a?utm_source=x", `https://shop.example/?${added}#/a?utm_source=x`],
    ["with a capital scheme", "HTTPS://shop.example/a", `HTTPS://shop.example/a?${added}`],
  ])("%s", (_name, url, expected) => {
    expect(withUtm(url, utm)).toBe(expected);
  });

  test("but keeps those it has, however they are spelled", () => {
    expect(withUtm("https://shop.example/?utm_source=mail&UTM%5FMedium=", utm)).toBe("https://shop.example/?utm_source=mail&UTM%5FMedium=&utm_campaign=Spring%20%26%20more");
  });

  test("but for empty ones", () => {
    expect(withUtm("https://shop.example/", { source: " ", medium: undefined, term: "boots" })).toBe("https://shop.example/?utm_term=boots");
    expect(withUtm("https://shop.example/", {})).toBe("https://shop.example/");
  });

  test.each(["mailto:ada@example.com", "tel:+15550100123", "whatsapp://send?text=x", "shop.example/a", "https://", "/a", "", "javascript:alert(1)"])("but not %s, which is no web address", (url) => {
    expect(withUtm(url, utm)).toBe(url);
  });
});

const word = fc.string({ unit: "grapheme", maxLength: 12 });
const url = fc.webUrl({ withQueryParameters: true, withFragments: true });
const anyUtm = fc.record({ source: word, medium: word, campaign: word, content: word, term: word }, { requiredKeys: [] });

describe("properties", () => {
  test("whatever is added, the address stays what it was otherwise", () => {
    fc.assert(
      fc.property(url, anyUtm, (address, given) => {
        const marked = withUtm(address, given);
        const [before, after] = [new URL(address), new URL(marked)];
        expect([after.origin, after.pathname, after.hash]).toEqual([before.origin, before.pathname, before.hash]);
        expect(marked.startsWith(address.split(/[?#]/, 1)[0]!)).toBe(true);
        for (const name of before.searchParams.keys()) expect(after.searchParams.getAll(name)).toEqual(before.searchParams.getAll(name));
        const missing = (["source", "medium", "campaign", "content", "term"] as const).filter((key) => given[key]?.trim() && !before.searchParams.has(`utm_${key}`));
        for (const key of missing) expect(after.searchParams.get(`utm_${key}`)).toBe(given[key]!.trim());
      }),
      { numRuns: 2000 },
    );
  });

  test("marking twice is marking once, and the first mark stays", () => {
    fc.assert(
      fc.property(url, anyUtm, anyUtm, (address, first, second) => {
        const marked = withUtm(address, first);
        expect(withUtm(marked, first)).toBe(marked);
        const names = [...new URL(withUtm(marked, second)).searchParams.keys()].filter((name) => name.startsWith("utm_"));
        expect(new Set(names).size).toBe(names.length);
      }),
      { numRuns: 1000 },
    );
  });

  test("anything else comes back as it was", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), anyUtm, (text, given) => {
        if (!/^https?:\/\//i.test(text)) expect(withUtm(text, given)).toBe(text);
      }),
    );
  });
});

describe("a visitor's own parameters", () => {
  test("are added as they stand where the target lacks them", () => {
    expect(addMissing("https://shop.example/?a=1#x", parametersOf("fbclid=Iw%2BAr&a=2&&b&c=%zz&b=3"))).toBe("https://shop.example/?a=1&fbclid=Iw%2BAr&b&c=%zz&b=3#x");
  });

  test("leave the target alone when there are none", () => {
    expect(addMissing("https://shop.example/?", [])).toBe("https://shop.example/?");
  });
});
