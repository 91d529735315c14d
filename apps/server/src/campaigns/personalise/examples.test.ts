import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { parseLiquid } from "./liquid.ts";
import type { Findings, Scope } from "./text.ts";

const page = readFileSync(new URL("../../../../../docs/personalisation.md", import.meta.url), "utf8");
const scope = JSON.parse(/```json\n([\s\S]*?)\n```/.exec(page)![1]!) as Scope;
const examples = [...page.matchAll(/```liquid\n([\s\S]*?)\n```\n> (.*)/g)].map((match) => [match[1]!, match[2]!] as const);

test("the page has examples", () => {
  expect(examples.length).toBeGreaterThan(10);
  expect(page.match(/```liquid/g)).toHaveLength(examples.length);
});

test.each(examples)("%s", (source, shown) => {
  const findings: Findings = { missing: [], aborted: null, failed: null };
  const text = parseLiquid(source, "UTC").fill(scope, findings);
  const { aborted, missing } = findings;
  expect(aborted !== null ? `left out: ${aborted}` : missing.length > 0 ? `left out, missing: ${missing.join(", ")}` : text).toBe(shown);
});
