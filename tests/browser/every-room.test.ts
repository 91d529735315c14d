import { AxeBuilder } from "@axe-core/playwright";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";
import { furnish } from "./rooms.ts";

const test = demoTest.extend("rooms", { scope: "file" }, async ({ browser, demo }) => {
  const context = await browser.newContext({ storageState: demo.admin });
  const rooms = await furnish(context.request, demo.url);
  await context.close();
  return rooms;
});

/** Changes the colours and waits until the page has followed: it hears of the change a moment later. */
async function show(page: Page, colorScheme: "light" | "dark"): Promise<void> {
  await page.emulateMedia({ colorScheme });
  await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor({ state: "attached" });
}

/** What axe finds on the page as it is, in words. */
async function faults(page: Page, what: string, choose: (axe: AxeBuilder) => AxeBuilder): Promise<string[]> {
  // Colours that are still on their way belong to no scheme.
  await expect.poll(() => page.evaluate("document.getAnimations().filter((each) => each instanceof CSSTransition).length")).toBe(0);
  const { violations } = await choose(new AxeBuilder({ page }).setLegacyMode().options({ resultTypes: ["violations"] })).analyze();
  return violations.flatMap(({ id, nodes }) => nodes.map(({ html }) => `${what}: ${id}: ${html.slice(0, 200)}`));
}

const everything = (axe: AxeBuilder): AxeBuilder => axe.withTags(["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]);
/** Dark colours change no more than colours. */
const colours = (axe: AxeBuilder): AxeBuilder => axe.withRules(["color-contrast", "link-in-text-block"]);

for (const { name, width, height } of [{ name: "wide", width: 1440, height: 900 }, { name: "narrow", width: 390, height: 844 }]) {
  test(`on a ${name} screen axe finds nothing in any room, in light and in dark, and no room scrolls sideways`, { timeout: 300_000 }, async ({ demo, rooms, open }) => {
    const page = await open(demo.url, { as: demo.admin, width, height });
    const found: string[] = [];
    for (const { path, shows } of rooms) {
      await page.emulateMedia({ colorScheme: "light" });
      await page.goto(demo.url + path);
      await page.getByRole("main").getByText(shows, { exact: true }).first().waitFor();
      found.push(...(await faults(page, path, everything)));
      await show(page, "dark");
      found.push(...(await faults(page, `${path} in dark colours`, colours)));
      const wide = await page.evaluate("document.documentElement.scrollWidth");
      if (wide !== width) found.push(`${path} is ${wide} pixels wide`);
    }
    expect(found).toEqual([]);
  });
}

test("axe finds nothing on the sign-in page, in light and in dark", async ({ demo, open }) => {
  const page = await open(`${demo.url}/sign-in`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const found = await faults(page, "/sign-in", everything);
  await show(page, "dark");
  expect([...found, ...(await faults(page, "/sign-in in dark colours", colours))]).toEqual([]);
});

test("axe finds nothing in the dialogs, the menus, the search and an open trace", async ({ page, rooms }) => {
  const found: string[] = [];
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  await page.getByRole("button", { name: /^Search/ }).click();
  await page.getByRole("textbox", { name: "Search everything" }).waitFor();
  found.push(...(await faults(page, "search", everything)));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Demo admin, your menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  found.push(...(await faults(page, "your menu", everything)));
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog", { name: "Invite somebody" }).waitFor();
  found.push(...(await faults(page, "a dialog", everything)));
  await page.goto(new URL(rooms[4]?.path ?? "", page.url()).href);
  await page.getByRole("button", { name: /Sent to Meta through/ }).click();
  await page.getByText('"messaging_product"').waitFor();
  found.push(...(await faults(page, "an open trace", everything)));
  expect(found).toEqual([]);
});
