import type { Page } from "playwright-core";
import { expect } from "vitest";
import { sharedDemoTest as test } from "../support/visit.ts";

async function openDialog(page: Page, template: string) {
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  await page.getByRole("row").filter({ hasText: "Sandbox number" }).getByRole("link", { name: template, exact: true }).click();
  await page.getByRole("button", { name: "Send test" }).click();
  return page.getByRole("dialog", { name: `Send a test of ${template}` });
}

test("a test begins with the samples, and shows request, raw answer and receipts as they come", async ({ page, demo }) => {
  const dialog = await openDialog(page, "order_ready");
  expect(await dialog.getByLabel("Value of {{1}}").inputValue()).toBe("Ada");
  await dialog.getByLabel("Test numbers").fill("+15550100188");
  await dialog.getByLabel("Value of {{1}}").fill("Grace");
  await dialog.getByRole("figure").getByText("Hi Grace", { exact: false }).waitFor();
  await dialog.getByRole("button", { name: "Send test" }).click();
  await dialog.getByRole("region", { name: "Request", exact: true }).getByText('"order_ready"').waitFor();
  await dialog.getByRole("region", { name: "Raw answer", exact: true }).getByText('"messages"').waitFor();
  await dialog.getByRole("list", { name: "Trace" }).getByText(/[Dd]elivered/).first().waitFor();
  await dialog.getByRole("button", { name: "Copy Request" }).click();
  expect(await page.evaluate("navigator.clipboard.readText()")).toContain('"Grace"');
  const messages = (await (await page.request.get(`${demo.phonesUrl}/sandbox/phones/15550100188/messages`)).json()) as unknown[];
  expect(JSON.stringify(messages)).toContain("Grace");
});

test("several numbers get a test each", async ({ page }) => {
  const dialog = await openDialog(page, "hello_world");
  await dialog.getByLabel("Test numbers").fill("+15550100186\n+15550100187");
  await dialog.getByRole("button", { name: "Send 2 tests" }).click();
  await dialog.getByRole("region", { name: "Test to +1 555 010 0186" }).getByRole("list", { name: "Trace" }).waitFor();
  await dialog.getByRole("region", { name: "Test to +1 555 010 0187" }).getByRole("list", { name: "Trace" }).waitFor();
});

test("an offer asks when it ends", async ({ page }) => {
  const dialog = await openDialog(page, "spring_offer");
  expect(await dialog.getByLabel("The offer ends").inputValue()).toMatch(/^\d{4}-\d{2}-\d{2}T/);
});
