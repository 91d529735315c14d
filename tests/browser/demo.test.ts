import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest as test } from "../support/visit.ts";

/** The card's steps and whether each is ticked off. */
const steps = (page: Page) =>
  page.getByRole("region", { name: "First steps" }).getByRole("listitem").evaluateAll((items) => items.map((item) => item.hasAttribute("data-done")));

test("the printed link has signed the newcomer in on Home, and signs nobody in a second time", async ({ demo, page, open }) => {
  await page.getByRole("heading", { level: 1, name: "Hello, Demo" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
  const late = await open(demo.link);
  await late.getByRole("heading", { name: "Sign in" }).waitFor();
  await late.getByText("The demo prints a one-time link").waitFor();
});

test("the newcomer's card names six steps, and the test ticks itself off when it has happened", async ({ page }) => {
  const card = page.getByRole("region", { name: "First steps" });
  for (const step of ["Open a phone", "Send yourself a test", "Look at its trace", "Write back from the phone", "Make a campaign", "Connect a real number"]) {
    await card.getByRole("link", { name: step }).waitFor();
  }
  expect(await steps(page)).toEqual([false, false, false, false, false, false]);

  const sender = await page.context().newPage();
  await sender.goto(new URL("/channels/platforms", page.url()).href);
  await sender.getByRole("link", { name: "CleverTap (demo)" }).click();
  await sender.getByRole("button", { name: "Send test" }).click();
  await expect.poll(() => steps(page)).toEqual([false, true, false, false, false, false]);
});

test("opening a phone and the trace ticks off their steps, and the phone shows what arrived", async ({ page }) => {
  const card = page.getByRole("region", { name: "First steps" });
  const [phones] = await Promise.all([page.waitForEvent("popup"), card.getByRole("link", { name: "Open a phone" }).click()]);
  await phones.getByRole("region", { name: "Phone of Ada" }).getByText("is ready for collection").waitFor();
  await page.getByRole("link", { name: /order_ready/ }).click();
  await page.getByRole("heading", { name: "Trace" }).waitFor();
  await page.getByRole("link", { name: "Home" }).click();
  await expect.poll(() => steps(page)).toEqual([true, true, true, false, false, false]);
});

test("the card can be put away and stays away", async ({ page }) => {
  const card = page.getByRole("region", { name: "First steps" });
  await card.getByRole("button", { name: "Put away the first steps" }).click();
  await card.waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  expect(await card.count()).toBe(0);
});
