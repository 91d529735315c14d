import type { Page } from "playwright-core";
import { expect } from "vitest";
import { sharedDemoTest as test } from "../support/visit.ts";

/** What has the focus, as it is announced. */
const focused = (page: Page): Promise<unknown> =>
  page.evaluate("(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.innerText ?? '').trim()");

/** Presses Tab until the named thing has the focus; fails when it never has. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches “${name}”.`);
}

test("the first Tab offers to skip to the page, past the bar", async ({ page }) => {
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  await page.keyboard.press("Tab");
  expect(await focused(page)).toBe("Skip to the page");
  await page.keyboard.press("Enter");
  await page.keyboard.press("Tab");
  expect(await page.evaluate("document.activeElement.closest('main') !== null")).toBe(true);
});

test("a test request is sent with Tab, Enter and typing alone", async ({ page }) => {
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  await tabTo(page, "Platform Deployments");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Platform Deployments" }).waitFor();
  await tabTo(page, "CleverTap (demo)");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "CleverTap (demo)" }).waitFor();
  await tabTo(page, "Send test");
  await page.keyboard.press("Enter");
  await page.getByRole("list", { name: "Trace" }).getByText("Delivered", { exact: true }).waitFor();
});

test("Escape closes a dialog and gives the focus back to what opened it", async ({ page }) => {
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "Invite" }).focus();
  await page.keyboard.press("Enter");
  const dialog = page.getByRole("dialog", { name: "Invite somebody" });
  await dialog.waitFor();
  await expect.poll(() => page.evaluate("document.activeElement.closest('[role=dialog]') !== null")).toBe(true);
  await page.keyboard.press("Escape");
  await dialog.waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe("Invite");
});

test("Ctrl-K opens the search from the first moment, from inside a text field too, and it finds a template by typing", async ({ page }) => {
  // The page has loaded; nothing of it needs to be drawn yet.
  await page.keyboard.press("Control+k");
  const search = page.getByRole("textbox", { name: "Search everything" });
  await search.waitFor();
  await search.fill("spring");
  await page.getByRole("button", { name: /spring_offer/ }).first().waitFor();
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "spring_offer" }).waitFor();
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  await page.getByRole("searchbox", { name: "Search messages" }).focus();
  await page.keyboard.press("Control+k");
  await search.waitFor();
  await page.keyboard.press("Escape");
  await search.waitFor({ state: "detached" });
});

test("on a narrow screen the menu opens and closes by keyboard and leads to a room", async ({ demo, open }) => {
  const page = await open(demo.url, { as: demo.admin, width: 390, height: 844 });
  await page.getByRole("button", { name: "Open the menu" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("link", { name: "Messages", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Messages" }).waitFor();
  await page.getByRole("button", { name: "Open the menu" }).waitFor();
});

test("a button that has done its work has the focus again", async ({ page }) => {
  await page.getByRole("link", { name: "Campaign rules" }).click();
  await page.getByRole("button", { name: "Save", exact: true }).focus();
  await page.keyboard.press("Enter");
  await page.getByText("Saved", { exact: true }).waitFor();
  await expect.poll(() => focused(page)).toBe("Save");
});

test("the search says that nothing was found once every answer is there, not before", async ({ page }) => {
  let answer = () => {};
  const asked = new Promise<void>((resolve) => {
    answer = resolve;
  });
  await page.route("**/api/v1/templates?*", async (route) => {
    await asked;
    await route.continue();
  });
  await page.keyboard.press("Control+k");
  await page.getByRole("textbox", { name: "Search everything" }).fill("nothing is called this");
  await page.getByText("Searching", { exact: true }).waitFor();
  expect(await page.getByText(/^Nothing found/).count()).toBe(0);
  answer();
  await page.getByText(/^Nothing found/).waitFor();
});

test("the help names the keys, but not on a phone", async ({ demo, open, page }) => {
  await page.getByRole("button", { name: "Help" }).click();
  await page.getByRole("dialog", { name: "Help" }).getByText("Pick all rows up to this one").waitFor();
  const phone = await open(demo.url, { as: demo.admin, width: 390, height: 844 });
  await phone.getByRole("button", { name: "Open the menu" }).click();
  await phone.getByRole("button", { name: "Help" }).click();
  await phone.getByRole("dialog", { name: "Help" }).getByText("API documentation").waitFor();
  expect(await phone.getByText("Search everything").count()).toBe(0);
});

test("on a phone Tab goes from the head to the page, past the closed menu, and into the menu once it is open", async ({ demo, open }) => {
  const page = await open(demo.url, { as: demo.admin, width: 390, height: 844 });
  const inMenu = () => page.evaluate("document.activeElement.closest('#menu') !== null");
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  await tabTo(page, "Search");
  await page.keyboard.press("Tab");
  expect(await inMenu()).toBe(false);
  await page.getByRole("button", { name: "Open the menu" }).click();
  await tabTo(page, "Workspace Demo, switch");
  expect(await inMenu()).toBe(true);
});
