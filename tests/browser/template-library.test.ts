import type { Page } from "playwright-core";
import { expect } from "vitest";
import { faults } from "../support/axe.ts";
import { demoTest as test } from "../support/visit.ts";

async function openLibrary(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  await page.getByRole("link", { name: "From the library", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Template library" }).waitFor();
}

const preview = (page: Page) => page.getByRole("figure", { name: /^Preview of the chat/ });
const box = (page: Page, name: string) => page.getByRole("textbox", { name, exact: true });

test("an entry is found, seen in another language, completed and sent in two languages, approved at once", async ({ page }) => {
  await openLibrary(page);
  await page.getByRole("combobox", { name: "Topic" }).selectOption({ label: "Payments" });
  await page.getByRole("link", { name: "invoice_due" }).waitFor();
  await page.getByRole("searchbox", { name: "Search the library" }).fill("nothing left to");
  await page.getByText("No ready-made template matches").waitFor();
  await page.getByRole("searchbox", { name: "Search the library" }).fill("nothing is left to pay");
  await page.getByRole("link", { name: "payment_received" }).click();

  await preview(page).getByText("We have received $48.00 for invoice R-204").waitFor();
  await page.getByRole("combobox", { name: "Language of the preview" }).selectOption("es");
  await preview(page).getByText("Hemos recibido 48,00 €").waitFor();

  await box(page, "Name").fill("Paid for");
  await page.getByRole("checkbox", { name: "Spanish (es)" }).check();
  await page.getByRole("button", { name: "Make the template" }).click();
  await page.getByText("The button needs an address.").waitFor();
  await box(page, "Address of “See receipt”").fill("https://shop.example/receipts/{{1}}");
  await box(page, "Sample of the whole address of “See receipt”").fill("https://shop.example/receipts/R-204");
  await page.getByRole("button", { name: "Make the template" }).click();

  await page.getByRole("heading", { level: 1, name: "paid_for" }).waitFor();
  await page.getByText("paid_for in 2 languages.").waitFor();
  await expect.poll(() => page.getByRole("button", { name: "Send test" }).isEnabled()).toBe(true);
});

test("a refusal is told beside the form, in words", async ({ page }) => {
  await openLibrary(page);
  await page.getByRole("link", { name: "invoice_due" }).click();
  await box(page, "Name").fill("order_ready");
  await page.getByRole("button", { name: "Make the template" }).click();
  await page.getByRole("heading", { level: 1, name: "order_ready" }).waitFor();
  await page.goBack();
  await box(page, "Name").fill("order_ready");
  await page.getByRole("button", { name: "Make the template" }).click();
  await page.getByRole("alert").getByText("There is a template of this name in this language already.").waitFor();
});

test("what cannot be shown is told: an entry that is not there, and a number that is not", async ({ page }) => {
  await openLibrary(page);
  await page.getByRole("link", { name: "invoice_due" }).click();
  await page.getByRole("heading", { level: 1, name: "invoice_due" }).waitFor();
  const address = new URL(page.url());
  await page.goto(new URL(`/templates/library/gone${address.search}`, address).href);
  await page.getByText("The library has no such template").waitFor();
  await page.goto(new URL("/templates/library/invoice_due?provider=gone", address).href);
  await page.getByRole("alert").getByText("There is no such provider.").waitFor();
});

test("a provider of the generic contract is said to have none", async ({ page }) => {
  await openLibrary(page);
  const numbers = page.getByRole("combobox", { name: "Number" });
  await numbers.selectOption({ index: 1 });
  await page.getByText(/has no template library$/).waitFor();
  await page.getByRole("link", { name: "Library of Sandbox number" }).click();
  await page.getByRole("link", { name: "order_confirmed" }).waitFor();
});

test("list and entry fit a screen of 390 pixels, and axe finds nothing there", async ({ page }) => {
  await page.setViewportSize({ width: 390, height: 844 });
  await page.goto(new URL("/templates/library", page.url()).href);
  const found: string[] = [];
  for (const entry of ["sign_in_code", "delivery_missed"]) {
    await page.getByRole("link", { name: entry }).waitFor();
    found.push(...(await faults(page, "the library")));
    await page.getByRole("link", { name: entry }).click();
    await page.getByRole("heading", { level: 1, name: entry }).waitFor();
    await page.getByRole("button", { name: "Make the template" }).waitFor();
    found.push(...(await faults(page, entry)));
    await expect.poll(() => page.evaluate<number>("document.documentElement.scrollWidth")).toBe(390);
    await page.goBack();
  }
  expect(found).toEqual([]);
});
