import { expect } from "vitest";
import { demoTest as test } from "../support/visit.ts";

test("the confirmation names what goes, and Cancel changes nothing", async ({ page }) => {
  await page.getByRole("link", { name: "Workspace", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Workspace" }).waitFor();
  await page.getByRole("button", { name: "Remove the demo data" }).click();
  const dialog = page.getByRole("dialog", { name: "Remove the demo data" });
  await dialog.getByText(/The number Sandbox number \(.*\) and its templates/).waitFor();
  await dialog.getByText("The deployment CleverTap (demo) and its callbacks").waitFor();
  await dialog.getByText("Campaigns that send through it, and the segment Ordered before").waitFor();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await page.getByRole("link", { name: "Platform Deployments" }).click();
  await page.getByRole("link", { name: "CleverTap (demo)" }).waitFor();
});

test("Home's card removes the demo data, and the first steps begin with a number of one's own", async ({ page }) => {
  const card = page.getByRole("region", { name: "First steps" });
  await card.getByRole("button", { name: "Remove the demo data" }).click();
  const remove = page.getByRole("dialog", { name: "Remove the demo data" }).getByRole("button", { name: "Remove", exact: true });
  await expect.poll(() => remove.isEnabled()).toBe(true);
  await remove.click();
  await page.getByText("The demo data is gone").waitFor();
  await card.getByRole("link", { name: "Connect a number" }).waitFor();
  await page.getByRole("button", { name: "Remove the demo data" }).waitFor({ state: "detached" });
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  await page.getByText("No templates yet").waitFor();
  await page.getByLabel("Search templates").waitFor({ state: "detached" });
});
