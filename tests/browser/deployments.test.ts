import type { Page } from "playwright-core";
import { expect } from "vitest";
import { Platform } from "../support/platform.ts";
import { demoTest } from "../support/visit.ts";

const test = demoTest.extend("platform", { scope: "file" }, async ({}, { onCleanup }) => {
  const platform = new Platform();
  onCleanup(() => platform.close());
  await platform.listen();
  return platform;
});

async function openDeployment(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "Platform Deployments" }).click();
  // The page that is left may have a link of this name too.
  await page.getByRole("heading", { level: 1, name: "Platform Deployments" }).waitFor();
  await page.getByRole("link", { name }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

async function copied(page: Page, label: string): Promise<string> {
  await page.getByRole("button", { name: `Copy ${label}`, exact: true }).click();
  await page.getByRole("button", { name: `${label} copied`, exact: true }).waitFor();
  // The page's own types are not known here.
  return String(await page.evaluate("navigator.clipboard.readText()"));
}

/** Whether the platform may read the templates with this token: a refusal is a failure inside a 200. */
async function isTaken(page: Page, token: string): Promise<boolean> {
  const answer = await fetch(await copied(page, "Template import URL"), { headers: { Token: token } });
  return !(await answer.text()).includes("The Token is missing or is not the one");
}

test("a deployment is created with a name and the platform's webhook URLs", async ({ page, platform }) => {
  await page.getByRole("link", { name: "Platform Deployments" }).click();
  await page.getByRole("link", { name: "Deployment", exact: true }).click();
  await page.getByLabel("Name").fill("CleverTap production");
  await page.getByRole("button", { name: "Create" }).click();
  await page.getByRole("heading", { level: 1, name: "CleverTap production" }).waitFor();
  await page.getByText("CleverTap hears nothing back yet").waitFor();
  await page.getByLabel("Delivery Report Callback URL").fill(platform.webhooks.status);
  await page.getByLabel("Inbound Message Callback URL").fill(platform.webhooks.inbound);
  await page.getByRole("button", { name: "Save webhooks" }).click();
  await page.getByText("Webhooks saved").waitFor();
  await page.getByText("CleverTap hears nothing back yet").waitFor({ state: "detached" });
});

test("a webhook URL on a private network is refused beside its field", async ({ page }) => {
  await openDeployment(page, "CleverTap production");
  await page.getByLabel("Inbound Message Callback URL").fill("http://10.0.0.7/inbound");
  await page.getByRole("button", { name: "Save webhooks" }).click();
  await expect.poll(() => page.getByLabel("Inbound Message Callback URL").getAttribute("aria-invalid")).toBe("true");
});

test("Callback URL, Token and template import URL are shown and can be copied", async ({ demo, page }) => {
  await openDeployment(page, "CleverTap production");
  const id = page.url().split("/").at(-1);
  expect(await copied(page, "Callback URL")).toBe(`${demo.url}/wire/clevertap/${id}/messages`);
  expect(await copied(page, "Template import URL")).toBe(`${demo.url}/wire/clevertap/${id}/templates`);
  const token = await copied(page, "Token");
  expect(token.length).toBeGreaterThan(20);
  await page.getByText(token, { exact: true }).waitFor();
  expect(await isTaken(page, token)).toBe(true);
});

test("what has no form in the contract is told as text once it is switched on", async ({ page }) => {
  await openDeployment(page, "CleverTap production");
  const told = page.getByRole("switch", { name: "Tell reactions, contact cards and orders as text" });
  await page.getByRole("button", { name: "Edit" }).click();
  expect(await told.isChecked()).toBe(false);
  // The switch itself is hidden behind its picture.
  await told.focus();
  await page.keyboard.press("Space");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByText("Saved", { exact: true }).waitFor();
  await page.reload();
  await page.getByRole("button", { name: "Edit" }).click();
  await expect.poll(() => told.isChecked()).toBe(true);
});

test("rotating asks first; then there is a new Token and the old one is refused", async ({ page }) => {
  await openDeployment(page, "CleverTap production");
  const before = await copied(page, "Token");
  const dialog = page.getByRole("dialog", { name: "Rotate the Token" });

  await page.getByRole("button", { name: "Rotate the Token" }).click();
  await dialog.getByText("The present Token stops working at once.").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await dialog.waitFor({ state: "detached" });
  await page.getByText(before, { exact: true }).waitFor();

  await page.getByRole("button", { name: "Rotate the Token" }).click();
  await dialog.getByRole("button", { name: "Rotate" }).click();
  await page.getByText(before, { exact: true }).waitFor({ state: "detached" });
  const after = await copied(page, "Token");
  expect(await isTaken(page, before)).toBe(false);
  expect(await isTaken(page, after)).toBe(true);
});

test("a test request shows every hop as it happens, up to the platform's callbacks", async ({ page, platform }) => {
  await openDeployment(page, "CleverTap production");
  await page.getByLabel("Value of {{1}}").fill("Mina");
  await page.getByRole("figure").getByText("Hi Mina").waitFor();
  await page.getByRole("button", { name: "Send test" }).click();
  await page.getByText("Answered 200").waitFor();
  const trace = page.getByRole("list", { name: "Trace" });
  for (const hop of ["The platform asked for this message", "Stored, and the platform was answered success", "Sent to Meta through Sandbox number", "The provider took it", "Sent to the phone", "Delivered"]) {
    await trace.getByText(hop, { exact: true }).waitFor();
  }
  await expect.poll(() => trace.getByText("was told to the platform").count()).toBe(2);
  expect(platform.statuses.map(({ status }) => status)).toEqual(["sent", "delivered"]);
  expect(platform.complaints).toEqual([]);
});

test("a hop opens to the body that went over the wire", async ({ page }) => {
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  await page.getByRole("table").getByRole("link").first().click();
  await page.getByRole("button", { name: /Sent to Meta through/ }).click();
  await page.getByRole("region", { name: "Body of “Sent to Meta through Sandbox number”" }).getByText('"messaging_product"').waitFor();
});

test("the save check is answered and nothing is sent", async ({ page }) => {
  await openDeployment(page, "CleverTap (demo)");
  await page.getByText("Save check", { exact: true }).click();
  await page.getByRole("button", { name: "Send test" }).click();
  await page.getByText("This was a check: nothing is sent.").waitFor();
  expect(await page.getByRole("list", { name: "Trace" }).count()).toBe(0);
});

test("deleting wants the name typed, and says what is affected", async ({ page }) => {
  await openDeployment(page, "CleverTap (demo)");
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete CleverTap (demo)" });
  await dialog.getByText("Whatever CleverTap still sends there is refused.").waitFor();
  expect(await dialog.getByRole("button", { name: "Delete the deployment" }).isDisabled()).toBe(true);
  await dialog.getByRole("textbox").fill("CleverTap (demo)");
  await dialog.getByRole("button", { name: "Delete the deployment" }).click();
  await page.getByText("CleverTap (demo) is deleted").waitFor();
  await page.getByRole("link", { name: "CleverTap production" }).waitFor();
  await page.getByRole("link", { name: "CleverTap (demo)" }).waitFor({ state: "detached" });
});
