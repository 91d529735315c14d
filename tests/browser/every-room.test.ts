import type { Page } from "playwright-core";
import { expect } from "vitest";
import { faults } from "../support/axe.ts";
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

const wide = { width: 1440, height: 900 };
const narrow = { width: 390, height: 844 };

/** The rooms are visited in parts, so that no part takes long. */
const PARTS = 3;

for (let part = 0; part < PARTS; part++) {
  test(`axe finds nothing in any room, on a wide and a narrow screen, in light and in dark, and no room scrolls sideways (part ${part + 1} of ${PARTS})`, { timeout: 240_000 }, async ({ demo, rooms, open }) => {
    const page = await open(demo.url, { as: demo.admin, ...wide });
    const found: string[] = [];
    for (const [i, { path, shows }] of rooms.entries()) {
      if (i % PARTS !== part) continue;
      // What is around a room is the same for all of them, and reading colours is most of the work: a room is read in one scheme on
      // the wide screen and in the other on the narrow one, the next room the other way round.
      const within = path === "/" ? undefined : "main";
      const [first, second] = Math.floor(i / PARTS) % 2 === 0 ? (["light", "dark"] as const) : (["dark", "light"] as const);
      await page.setViewportSize(wide);
      await page.goto(demo.url + path);
      await page.getByRole("main").getByText(shows, { exact: true }).first().waitFor();
      await show(page, first);
      found.push(...(await sideways(page, path, wide.width)), ...(await faults(page, path, "structure")), ...(await faults(page, `${path} in ${first} colours`, "colours", within)));
      await show(page, second);
      await page.setViewportSize(narrow);
      found.push(...(await sideways(page, path, narrow.width)), ...(await faults(page, `${path} on a narrow screen`, "structure")));
      found.push(...(await faults(page, `${path} in ${second} colours on a narrow screen`, "colours", within)));
    }
    expect(found).toEqual([]);
  });
}

/** Says so when the page stays wider than its screen. */
async function sideways(page: Page, path: string, width: number): Promise<string[]> {
  const is = () => page.evaluate<number>("document.documentElement.scrollWidth");
  const kept = await expect.poll(is, { timeout: 5_000 }).toBe(width).then(() => true, () => false);
  return kept ? [] : [`${path} is ${await is()} pixels wide on a screen of ${width}`];
}

test("axe finds nothing on the sign-in page, in light and in dark", async ({ demo, open }) => {
  const page = await open(`${demo.url}/sign-in`);
  await page.getByRole("button", { name: "Sign in" }).waitFor();
  const found = await faults(page, "/sign-in");
  await show(page, "dark");
  expect([...found, ...(await faults(page, "/sign-in in dark colours", "colours"))]).toEqual([]);
});

test("axe finds nothing in the dialogs, the menus, the search and an open trace", async ({ page, rooms }) => {
  const found: string[] = [];
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  await page.getByRole("button", { name: /^Search/ }).click();
  await page.getByRole("textbox", { name: "Search everything" }).waitFor();
  found.push(...(await faults(page, "search")));
  await page.keyboard.press("Escape");
  await page.getByRole("button", { name: "Demo admin, your menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).waitFor();
  found.push(...(await faults(page, "your menu")));
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "Invite" }).click();
  await page.getByRole("dialog", { name: "Invite somebody" }).waitFor();
  found.push(...(await faults(page, "a dialog")));
  await page.goto(new URL(rooms.find(({ shows }) => shows === "The provider took it")?.path ?? "", page.url()).href);
  await page.getByRole("button", { name: /Sent to Meta through/ }).click();
  await page.getByText('"messaging_product"').waitFor();
  found.push(...(await faults(page, "an open trace")));
  expect(found).toEqual([]);
});
