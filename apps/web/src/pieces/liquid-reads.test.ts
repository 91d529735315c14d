import { expect, test } from "vitest";
import { liquidPieces, outputOf, readsOf, withFallback } from "./liquid-reads.ts";

test("plain outputs are found with what stands there when they are empty", () => {
  expect(readsOf('Hi {{ profile.name | default: "there" }}, {{event["Order Id"]}} is ready, {{ profile.City | upcase }}')).toEqual([
    { source: '{{ profile.name | default: "there" }}', name: "profile.name", fallback: "there" },
    { source: '{{event["Order Id"]}}', name: 'event["Order Id"]', fallback: null },
  ]);
});

test("a property is written by a dot where its name is a plain word", () => {
  expect(outputOf("profile", "City", "your town")).toBe('{{ profile.City | default: "your town" }}');
  expect(outputOf("event", "Order Id")).toBe('{{ event["Order Id"] }}');
  expect(outputOf("profile", "size")).toBe('{{ profile["size"] }}');
});

test("a fallback is put in place, changed and taken away everywhere it is read", () => {
  const text = "{{ profile.name }} and {{ profile.name }} in {{ profile.City }}";
  const given = withFallback(text, "profile.name", 'the "one"');
  expect(given).toBe('{{ profile.name | default: "the one" }} and {{ profile.name | default: "the one" }} in {{ profile.City }}');
  expect(withFallback(given, "profile.name", "")).toBe(text);
});

test("Liquid stands apart from the rest of a text", () => {
  expect(liquidPieces("Hi {{ profile.name }}{% if a %}!")).toEqual([
    { text: "Hi ", isLiquid: false, at: 0 },
    { text: "{{ profile.name }}", isLiquid: true, at: 3 },
    { text: "{% if a %}", isLiquid: true, at: 21 },
    { text: "!", isLiquid: false, at: 31 },
  ]);
});
