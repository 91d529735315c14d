import type { Page } from "playwright-core";
import { expect } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { Tincan } from "../support/tincan.ts";
import { test as base } from "../support/visit.ts";

const admin = { email: "admin@example.com", password: "correct horse battery" };

/** A workspace without a number, and the sandbox in Meta's place. */
const test = base
  .extend("tincan", { scope: "file" }, async ({}, { onCleanup }) => {
    const tincan = await Tincan.prepare({ provision: { workspace: { name: "Acme" }, admin }, database: await createTestDatabase({ connections: 1 }) });
    onCleanup(() => tincan.remove());
    await tincan.start();
    return tincan;
  })
  .extend("page", async ({ tincan, open }) => {
    const page = await open(tincan.url);
    await page.getByLabel("E-mail").fill(admin.email);
    await page.getByRole("textbox", { name: "Password" }).fill(admin.password);
    await page.getByRole("button", { name: "Sign in" }).click();
    await page.getByRole("link", { name: "WhatsApp Connect" }).click();
    return page;
  });

async function fillIn(page: Page, fields: Record<string, string>): Promise<void> {
  for (const [label, value] of Object.entries(fields)) await page.getByRole("textbox", { name: label, exact: true }).fill(value);
}

async function pasteNumber(page: Page, tincan: Tincan, accessToken: string): Promise<void> {
  await page.getByRole("link", { name: "Provider", exact: true }).click();
  await page.getByRole("button", { name: "More settings" }).click();
  await fillIn(page, {
    Nickname: "Main",
    "Phone number": "+15550100199",
    "WhatsApp Business Account id": "900100200300400",
    "Phone number id": "700800900100200",
    "Access token": accessToken,
    "App secret": "sandbox-app-secret",
    "Verify token": "sandbox-verify",
    "API address": tincan.sandboxUrl,
  });
  await page.getByRole("button", { name: "Verify and connect" }).click();
}

test("a wrong token is refused with the check that failed, and nothing is saved", async ({ tincan, page }) => {
  await pasteNumber(page, tincan, "not-the-token");
  await page.getByText(/token/i).filter({ hasText: /Meta|refus|valid/i }).first().waitFor();
  expect(new URL(page.url()).pathname).toBe("/channels/whatsapp/new");
  await page.getByRole("link", { name: "WhatsApp Connect" }).first().click();
  await page.getByRole("dialog", { name: "Leave without saving" }).getByRole("button", { name: "Leave" }).click();
  await page.getByText("No number connected").waitFor();
});

test("closing Facebook's dialog without finishing says so, and it can be tried again", async ({ page }) => {
  await page.getByRole("link", { name: "Provider", exact: true }).click();
  const [dialog] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Log in with Facebook" }).click()]);
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByText("Facebook did not connect the number").waitFor();
  expect(await page.getByRole("button", { name: "Log in with Facebook" }).isEnabled()).toBe(true);
});

test("ids and a token that are right connect the number", async ({ tincan, page }) => {
  await pasteNumber(page, tincan, "sandbox-token");
  await page.getByRole("heading", { level: 1, name: "Main" }).waitFor();
  await page.getByText("Ready to send").waitFor();
});

test("deleting a number wants its name typed and says what is affected", async ({ page }) => {
  await page.getByRole("link", { name: "Main", exact: true }).click();
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete Main" });
  await dialog.getByText(/^Its \d+ templates are removed from Tincan\.$/).waitFor();
  expect(await dialog.getByRole("button", { name: "Delete the number" }).isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill("Main");
  await dialog.getByRole("button", { name: "Delete the number" }).click();
  await page.getByText("No number connected").waitFor();
});

test("Log in with Facebook connects the number chosen in the dialog, verified and with its templates", async ({ page }) => {
  await page.getByRole("link", { name: "Provider", exact: true }).click();
  const [dialog] = await Promise.all([page.waitForEvent("popup"), page.getByRole("button", { name: "Log in with Facebook" }).click()]);
  await dialog.getByRole("heading", { name: "Connect WhatsApp to Tincan" }).waitFor();
  await dialog.getByLabel("+1 555-010-0199").check();
  await dialog.getByRole("button", { name: "Continue" }).click();
  await page.getByText("+1 555 010 0199").first().waitFor();
  await page.getByText("Ready to send").waitFor();
  const checks = page.getByRole("list", { name: "Checks" });
  for (const check of [/^Number:/, /^Token:/, /^Webhooks:/]) await checks.getByRole("listitem").filter({ hasText: check }).getByLabel("in order", { exact: true }).waitFor();
  await page.getByRole("link", { name: "See the templates of this number" }).click();
  await page.getByRole("link", { name: "order_ready" }).waitFor();
});
