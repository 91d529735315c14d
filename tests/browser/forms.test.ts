/** What somebody has written is not lost by a step aside, and what is wrong with it is shown where it is. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest as test } from "../support/visit.ts";

const question = (page: Page) => page.getByRole("dialog", { name: "Leave without saving" });

/** Tries to go home and stays. */
async function stay(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Home", exact: true }).click();
  await question(page).getByRole("button", { name: "Stay" }).click();
  await question(page).waitFor({ state: "detached" });
}

async function leave(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Home", exact: true }).click();
  await question(page).getByRole("button", { name: "Leave" }).click();
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
}

test("prices that are not saved keep the page until one agrees to lose them", async ({ page }) => {
  await page.getByRole("link", { name: "Reports", exact: true }).click();
  await page.getByRole("navigation", { name: "Reports" }).getByRole("link", { name: "Rate card" }).click();
  await page.getByLabel("Currency").fill("INR");
  await stay(page);
  expect(await page.getByLabel("Currency").inputValue()).toBe("INR");
  await leave(page);
});

test("rules that were saved let the page go, and changed ones do not", async ({ page }) => {
  await page.getByRole("link", { name: "Campaign rules" }).click();
  const cap = page.getByRole("switch", { name: "Frequency cap" });
  await cap.click();
  await stay(page);
  expect(await cap.isChecked()).toBe(true);
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Home", exact: true }).click();
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  expect(await question(page).count()).toBe(0);
});

test("a half-written provider and a half-written person keep their page", async ({ page }) => {
  await page.getByRole("link", { name: "WhatsApp Connect" }).click();
  await page.getByRole("link", { name: "Provider" }).click();
  await page.getByText("Other (Generic)", { exact: true }).click();
  await page.getByLabel("Nickname").fill("Haptik");
  await page.getByText("WhatsApp Cloud API", { exact: true }).click();
  await question(page).getByRole("button", { name: "Stay" }).click();
  expect(await page.getByLabel("Nickname").inputValue()).toBe("Haptik");
  await leave(page);
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  await page.getByRole("link", { name: "Person" }).click();
  await page.getByLabel("Name", { exact: true }).fill("Ada Osei");
  await stay(page);
  expect(await page.getByLabel("Name", { exact: true }).inputValue()).toBe("Ada Osei");
  await leave(page);
});

test("saving consent words leaves open what was open", async ({ page }) => {
  await page.getByRole("link", { name: "Consent words" }).click();
  const hindi = page.getByRole("button", { name: /^Hindi/ });
  await hindi.click();
  await page.getByLabel("Country of numbers without one").selectOption("IN");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.getByRole("link", { name: "Home", exact: true }).hover();
  expect(await hindi.getAttribute("aria-expanded")).toBe("true");
  expect(await page.getByLabel("Country of numbers without one").inputValue()).toBe("IN");
});

test("a wrong value below “More settings” is shown, with the focus on it", async ({ page }) => {
  await page.getByRole("link", { name: "WhatsApp Connect" }).click();
  await page.getByRole("link", { name: "Provider" }).click();
  for (const [label, value] of [["Nickname", "Second"], ["Phone number", "+15550100177"], ["WhatsApp Business Account id", "900100200300400"], ["Phone number id", "700800900100201"], ["Access token", "x"], ["App secret", "x"]]) {
    await page.getByRole("textbox", { name: label ?? "", exact: true }).fill(value ?? "");
  }
  const more = page.getByRole("button", { name: "More settings" });
  await more.click();
  await page.getByLabel("API address").fill("graph");
  await more.click();
  await expect.poll(() => more.getAttribute("aria-expanded")).toBe("false");
  await page.getByRole("button", { name: "Verify and connect" }).click();
  await page.getByText("An address beginning with https://").waitFor();
  await expect.poll(() => page.evaluate("document.activeElement?.getAttribute('data-path')")).toBe("baseUrl");
  await leave(page);
});
