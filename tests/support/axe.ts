import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { RunOptions } from "axe-core";
import type { Page } from "playwright-core";
import { expect } from "vitest";

const source = readFileSync(fileURLToPath(import.meta.resolve("axe-core/axe.min.js")), "utf8");

/** The rules that read colours; other colours change nothing else. */
const colourRules = ["color-contrast", "link-in-text-block"];

const choices = {
  everything: {},
  structure: { rules: Object.fromEntries(colourRules.map((rule) => [rule, { enabled: false }])) },
  colours: { runOnly: { type: "rule", values: colourRules } },
} satisfies Record<string, RunOptions>;

/** What axe finds on the page as it is, or within an element of it, in words. */
export async function faults(page: Page, what: string, choice: keyof typeof choices = "everything", within?: string): Promise<string[]> {
  // Colours that are still on their way belong to no scheme.
  await expect.poll(() => page.evaluate("document.getAnimations().filter((each) => each instanceof CSSTransition).length")).toBe(0);
  if (!(await page.evaluate<boolean>("'axe' in window"))) await page.evaluate(source);
  // An element is named by its HTML; finding a selector for each is a fifth of axe's work.
  const options: RunOptions = { resultTypes: ["violations"], selectors: false, ...choices[choice] };
  const violations = `axe.run(${within === undefined ? "document" : JSON.stringify(within)}, ${JSON.stringify(options)}).then(({ violations }) => violations)`;
  const found = await page.evaluate<{ id: string; nodes: { html: string }[] }[]>(violations);
  return found.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${what}: ${id}: ${html.slice(0, 200)}`));
}
