import { Liquid } from "liquidjs";
import * as fc from "fast-check";
import { expect, test } from "vitest";
import { LiquidFault, parseLiquid } from "./liquid.ts";
import type { Findings, LiquidText, Scope } from "./text.ts";

const scope: Scope = {
  profile: { name: "Ravi", City: "Pune", email: null, "First Name": "R", visits: 3, vip: true, tags: ["red", "blue"], none: [], blank: "  ", tier: "gold" },
  event: { amount: 129.5, at: "2026-11-22T20:00:00.000Z", items: [{ sku: "A-1" }] },
  coupon: "SAVE20",
};
const fillWith = (text: LiquidText, given: Scope, mostMs?: number): Findings & { text: string } => {
  const findings: Findings = { missing: [], aborted: null, failed: null };
  return { text: text.fill(given, findings, mostMs), ...findings };
};
/** A slow machine is not what makes a text slow. */
const PATIENCE_MS = 60_000;
const fill = (source: string, given = scope): Findings & { text: string } => fillWith(parseLiquid(source, "Asia/Kolkata"), given, PATIENCE_MS);

test("a text without Liquid is the same for everybody", () => {
  const text = parseLiquid("Hello { there } 100 %", "UTC");
  expect([text.isFixed, fill("Hello { there } 100 %").text]).toEqual([true, "Hello { there } 100 %"]);
});

test("properties, event values and the coupon are put in", () => {
  expect(fill("{{ profile.name }} of {{profile.City}} ({{ profile['First Name'] }}) paid {{ event.amount }}: {{ coupon }}").text).toBe("Ravi of Pune (R) paid 129.5: SAVE20");
  expect(fill("{{ event.items[0].sku }} {{ profile.name | upcase }} {{ profile.visits | plus: 1 }}").text).toBe("A-1 RAVI 4");
});

test("a list is written with commas", () => {
  expect(fill("{{ profile.tags }}").text).toBe("red, blue");
  expect(fill("{{ profile.tags | sort }}").text).toBe("blue, red");
});

test("dates are written in the time zone that was asked for", () => {
  expect(fill("{{ event.at | date: '%d %b, %H:%M' }}").text).toBe("23 Nov, 01:30");
});

test("a value without a default that is empty is named", () => {
  expect(fill("Hi {{ profile.email }} {{ profile.nothing }}").missing).toEqual(["profile.email", "profile.nothing"]);
  expect(fill("{{ profile.blank }}{{ profile.none }}").missing).toEqual(["profile.blank", "profile.none"]);
  expect(fill("{{ profile.email | upcase }}").missing).toEqual(["profile.email"]);
  expect(fill("{% if profile.vip %}{{ profile.email }}{% else %}{{ profile.nothing }}{% endif %}").missing).toEqual(["profile.email"]);
});

test("with a default nothing is missing", () => {
  expect(fill("Hi {{ profile.email | default: 'friend' }}")).toEqual({ text: "Hi friend", missing: [], aborted: null, failed: null });
  expect(fill("{{ profile.email | upcase | default: 'NONE' }}")).toMatchObject({ text: "NONE", missing: [] });
});

test("a text can say to leave somebody out, and why", () => {
  expect(fill("{% if profile.tier == 'gold' %}{% abort_message('has gold') %}{% endif %}x").aborted).toBe("has gold");
  expect(fill('{% abort_message "no reason" %}').aborted).toBe("no reason");
  expect(fill("{% abort %}").aborted).toBe("");
  expect(fill("{% if profile.tier == 'silver' %}{% abort %}{% endif %}x").aborted).toBeNull();
});

test("what is wrong with a text is said when it is parsed", () => {
  const fault = (source: string): string => {
    try {
      parseLiquid(source, "UTC");
      return "";
    } catch (cause) {
      return cause instanceof LiquidFault ? cause.message : String(cause);
    }
  };
  expect(fault("{{ name }}")).toContain("write profile.name");
  expect(fault("{{ profile.name | shout }}")).toBe("Undefined filter: shout.");
  expect(fault("{% if profile.name %}")).toContain("not closed");
  expect(fault("{{ profile.name")).toContain("not closed");
  expect(fault("{% include 'secrets' %}")).toContain("not found");
  expect(fault("{% render '/etc/passwd' %}")).toContain("not found");
});

test("neither files nor JavaScript's own names can be reached", () => {
  for (const name of ["constructor", "__proto__", "toString", "hasOwnProperty"]) {
    expect(fill(`{{ profile.${name} }}`).missing).toEqual([`profile.${name}`]);
    expect(fill(`{{ profile["${name}"] | upcase }}`).missing).toHaveLength(1);
  }
});

test("a text that grows without end is given up", () => {
  expect(fill("{% for i in (1..100000000) %}x{% endfor %}").failed).toBe("It grows too large.");
  expect(fill("{% for i in (1..90000) %}and on and on {% endfor %}").failed).toBe("It grows too large.");
  expect(fill("{{ profile.a }}".repeat(200), { ...scope, profile: { a: "y".repeat(512) } }).failed).toBe("It grows too large.");
  expect(fill("{% for i in (1..90000) %}{% for j in (1..90000) %}{{ j }}{% endfor %}{% endfor %}").failed).not.toBeNull();
});

const endless = `{% assign a = '${"a,".repeat(200)}' | split: ',' %}{% for i in a %}{% for j in a %}{% for k in a %}{% assign z = k %}{% endfor %}{% endfor %}{% endfor %}`;

test("a text is given up after the time that is left for it", () => {
  expect(fillWith(parseLiquid(endless, "UTC"), scope, 100).failed).toBe("It takes too long to fill.");
});

test("a text that took too long for three people in a row is not tried for others; one that did for some of them is", () => {
  const text = parseLiquid(`{% if profile.slow %}${endless}{% endif %}{{ profile.name | upcase }}`, "UTC");
  const of = (slow: boolean, name = "Ravi") => fillWith(text, { ...scope, profile: { name, slow } });
  expect([of(true), of(true), of(false), of(true), of(true)].map(({ failed }) => failed === null)).toEqual([false, false, true, false, false]);
  expect([of(true), of(false, "Anu")].map(({ failed }) => failed)).toEqual(["It takes too long to fill.", "It takes too long to fill."]);
});

test("what it reads is known before anybody is filled in", () => {
  expect([...parseLiquid("{% if event.x %}{{ coupon }}{% endif %}", "UTC").reads].sort()).toEqual(["coupon", "event"]);
});

test("what is kept for people with the same values is what each of them would get", () => {
  const source = "{% if profile.tier == 'gold' %}{{ profile.name | upcase }}{% else %}{{ profile.gone }}{% abort_message('no gold') %}{% endif %}";
  const text = parseLiquid(source, "UTC");
  for (let round = 0; round < 3; round++) {
    for (const profile of [{ tier: "gold", name: "a" }, { tier: "gold", name: "b" }, { tier: "silver", name: "a" }, { tier: 1, name: "1" }, { tier: "1", name: 1 }, {}]) {
      const given: Scope = { profile, event: {}, coupon: null };
      expect(fillWith(text, given)).toEqual(fill(source, given));
    }
  }
});

test("a text about the time is never kept", async () => {
  const text = parseLiquid("{{ 'now' | date: '%s%N' }}", "UTC");
  const once = (): string => fillWith(text, scope).text;
  const first = once();
  await expect.poll(() => once() !== first).toBe(true);
});

test("plain texts are filled as Liquid fills them", () => {
  const liquid = new Liquid({ ownPropertyOnly: true });
  const key = fc.constantFrom("name", "City", "nothing", "vip", "visits", "off", "empty", "a-b", "_x1");
  const value = fc.oneof(fc.string(), fc.integer(), fc.double({ noNaN: true }), fc.boolean(), fc.constant(null));
  const gap = fc.constantFrom("", " ", "  ");
  const output = fc.tuple(key, fc.constantFrom("profile", "event"), fc.option(fc.stringMatching(/^[^'"\\{}%|]{0,8}$/)), gap, fc.boolean()).map(([name, of, fallback, space, quoted]) => {
    const path = quoted ? `${of}['${name}']` : `${of}.${name}`;
    return `{{${space}${path}${space}${fallback === null ? "" : `|${space}default:${space}'${fallback}'`}${space}}}`;
  });
  const source = fc.array(fc.oneof(output, fc.stringMatching(/^[^{}%]{0,10}$/)), { maxLength: 5 }).map((parts) => parts.join(""));
  fc.assert(
    fc.property(source, fc.dictionary(key, value), fc.dictionary(key, value), (text, profile, event) => {
      const given = { profile, event, coupon: null };
      // Blank values count as missing here, and as blanks there.
      const trimmed = (each: Record<string, unknown>) => Object.fromEntries(Object.entries(each).map(([name, said]) => [name, typeof said === "string" && said.trim() === "" ? "" : said]));
      const expected: unknown = liquid.parseAndRenderSync(text, { profile: trimmed(profile), event: trimmed(event) });
      expect(fill(text, { ...given, profile: trimmed(profile), event: trimmed(event) }).text).toBe(expected);
    }),
    { numRuns: 500 },
  );
});
