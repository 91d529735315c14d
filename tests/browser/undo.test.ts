/** What was done by mistake is taken back with one button. */
import type { Page } from "playwright-core";
import { demoTest as test } from "../support/visit.ts";

const undo = (page: Page, said: string) => page.getByRole("alert").filter({ hasText: said }).getByRole("button", { name: "Undo" });

test("an archived template is listed again", async ({ page }) => {
  await page.getByRole("link", { name: "Templates" }).click();
  await page.getByRole("link", { name: "spring_offer" }).first().click();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  const badge = page.getByRole("main").getByText("Archived", { exact: true });
  await badge.waitFor();
  await undo(page, "spring_offer is archived").click();
  await badge.waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Templates" }).first().click();
  await page.getByRole("link", { name: "spring_offer" }).first().waitFor();
});

test("an archived number sends again, without a mouse and from another page", async ({ page }) => {
  await page.getByRole("link", { name: "WhatsApp Connect" }).click();
  await page.getByRole("link", { name: "Sandbox number", exact: true }).click();
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Archive the provider" }).click();
  await page.getByText(/^Archived since/).waitFor();
  await page.getByRole("link", { name: "WhatsApp Connect" }).first().click();
  const row = page.getByRole("row", { name: /Sandbox number/ });
  await row.getByText("Archived", { exact: true }).waitFor();
  await undo(page, "Sandbox number is archived").press("Enter");
  await row.getByText("Archived", { exact: true }).waitFor({ state: "detached" });
});

test("a paused lane goes on", async ({ page }) => {
  const strip = page.getByRole("region", { name: "Status of Sandbox number" });
  await strip.getByRole("button", { name: "Pause Sandbox number" }).click();
  await strip.getByText("Paused", { exact: true }).waitFor();
  await undo(page, "Sandbox number is paused").click();
  await strip.getByText("Running", { exact: true }).waitFor();
});

test("a change of consent is taken back, and both stay in the history", async ({ page }) => {
  await page.getByRole("link", { name: "Contacts" }).click();
  await page.getByRole("link", { name: "Add a person" }).click();
  await page.getByRole("textbox", { name: "Name", exact: true }).fill("Noor Aziz");
  await page.getByRole("textbox", { name: "Phone" }).fill("+31 6 12345678");
  await page.getByRole("button", { name: "Add", exact: true }).click();
  const main = page.getByRole("main");
  await main.getByRole("button", { name: "Opt in: Marketing" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Opt in" }).click();
  await main.getByText("May receive marketing: yes").waitFor();
  await undo(page, "The consent is changed").click();
  await main.getByText("May receive marketing: no").waitFor();
  await main.getByRole("region", { name: "Today" }).getByText(/The change before was taken back/).waitFor();
});

test("webhooks are what they were before", async ({ page }) => {
  await page.getByRole("link", { name: "Platform Deployments" }).click();
  await page.getByRole("link", { name: "CleverTap (demo)" }).click();
  const field = page.getByLabel("Delivery Report Callback URL");
  await field.fill("http://127.0.0.1:9/status");
  await page.getByRole("button", { name: "Save webhooks" }).click();
  await page.getByText("CleverTap hears nothing back yet").waitFor({ state: "detached" });
  await undo(page, "Webhooks saved").click();
  await page.getByText("CleverTap hears nothing back yet").waitFor();
});

test("a change that cannot be taken back any more says why", async ({ page }) => {
  await page.getByRole("link", { name: "Templates" }).click();
  await page.getByRole("link", { name: "order_ready" }).first().click();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Archive" }).click();
  await page.route("**/unarchive", (route) => route.fulfill({ status: 409, json: { error: { code: "gone", message: "The template is gone.", fix: "Make it anew." } } }));
  await undo(page, "order_ready is archived").click();
  await page.getByText("The template is gone.").waitFor();
});

test("the first steps come back", async ({ page }) => {
  const steps = page.getByRole("region", { name: "First steps" });
  await page.getByRole("button", { name: "Put away the first steps" }).click();
  await steps.waitFor({ state: "detached" });
  await undo(page, "The first steps are put away").click();
  await steps.waitFor();
});
