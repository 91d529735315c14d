import type { Page } from "playwright-core";
import { expect } from "vitest";
import { sharedDemoTest as test } from "../support/visit.ts";

const phone = { width: 390, height: 844 };

/** How many stand in each row, told by where they begin; one that fills its row counts as two. */
const rowsOf = (page: Page, what: string) =>
  page.evaluate<number[]>(`(() => {
    const rows = new Map();
    for (const one of document.querySelectorAll(${JSON.stringify(what)})) {
      const { top, width } = one.getBoundingClientRect();
      rows.set(Math.round(top), (rows.get(Math.round(top)) ?? 0) + (width > 300 ? 2 : 1));
    }
    return [...rows.values()];
  })()`);

test("on a phone no figure stands alone in its row, on Home and in the reports", async ({ demo, open }) => {
  const page = await open(demo.url, { as: demo.admin, ...phone });
  await page.getByText("Waiting now").waitFor();
  expect(new Set(await rowsOf(page, "main .mantine-SimpleGrid-root > .mantine-Paper-root"))).toEqual(new Set([2]));
  await page.goto(`${demo.url}/reports`);
  await page.getByText("Revenue").first().waitFor();
  expect(new Set(await rowsOf(page, "[data-count]"))).toEqual(new Set([2]));
});

test("on a phone the bar of the reports is one line, with the page one is on in view", async ({ demo, open }) => {
  const page = await open(`${demo.url}/reports/rate-card`, { as: demo.admin, ...phone });
  const bar = page.getByRole("navigation", { name: "Reports" });
  const here = bar.getByRole("link", { name: "Rate card" });
  await here.waitFor();
  const tops = await bar.getByRole("link").evaluateAll((links) => links.map((link) => Math.round(link.getBoundingClientRect().top)));
  expect(new Set(tops).size).toBe(1);
  const { x = 0, width = 0 } = (await here.boundingBox()) ?? {};
  expect(x).toBeGreaterThanOrEqual(0);
  expect(x + width).toBeLessThanOrEqual(phone.width);
});
