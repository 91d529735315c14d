import type { Page } from "playwright-core";
import { expect } from "vitest";
import { faults } from "../support/axe.ts";
import { demoTest } from "../support/visit.ts";
import { furnish, type Room } from "./rooms.ts";

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

/**
 * Goes to a room within the app, as a link of it would: loading the app anew for each room would cost more than the room. That the server
 * answers the room's own address with the app is asked beside it.
 */
async function enter(page: Page, { path, shows }: Room): Promise<void> {
  const address = new URL(path, page.url()).href;
  expect((await page.request.get(address)).headers()["content-type"], address).toContain("text/html");
  // In the second frame from now the room that is left says so.
  await page.evaluate(`new Promise((done) => { history.pushState(null, "", ${JSON.stringify(address)}); requestAnimationFrame(() => requestAnimationFrame(done)); })`);
  await page.locator("main[aria-busy=false]").waitFor();
  await page.getByRole("main").getByText(shows, { exact: true }).first().waitFor();
}

/** The rooms are visited in parts, so that no part takes long. */
const PARTS = 3;

for (let part = 0; part < PARTS; part++) {
  test(`axe finds nothing in any room, on a wide and a narrow screen, in light and in dark, and no room scrolls sideways (part ${part + 1} of ${PARTS})`, { timeout: 480_000 }, async ({ demo, rooms, open }) => {
    const page = await open(demo.url, { as: demo.admin, ...wide });
    await page.getByRole("heading", { name: "Last hour" }).waitFor();
    const found: string[] = [];
    let turn = 0;
    for (const [i, room] of rooms.entries()) {
      if (i % PARTS !== part) continue;
      // Reading colours is most of the work: a room is read in one scheme on one screen and in the other on the other, the next room
      // the other way round; it begins on the screen where the one before ended.
      const screens = turn++ % 2 === 0 ? [wide, narrow] : [narrow, wide];
      for (const [nth, screen] of screens.entries()) {
        const colours = nth === 0 ? "light" : "dark";
        await page.setViewportSize(screen);
        if (nth === 0) await enter(page, room);
        await show(page, colours);
        // What is around a room is the same for all of them, and on the wide screen it is read with each.
        const within = screen === wide || room.path === "/" ? undefined : "main";
        found.push(...(await sideways(page, room.path, screen.width)), ...(await faults(page, `${room.path}, ${screen.width} wide, ${colours}`, "everything", within)));
      }
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
