/**
 * The integration guide from end to end, on one server that is both sides: its deployment plays Haptik, its generic provider sends
 * through it. Nothing is taken from anywhere but the pages, as a person would.
 */
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest as test } from "../support/visit.ts";

interface Components {
  type: string;
  text: string;
}

const main = (page: Page): Locator => page.getByRole("main");

async function copied(page: Page, label: string): Promise<string> {
  await page.getByRole("button", { name: `Copy ${label}`, exact: true }).click();
  await page.getByRole("button", { name: `${label} copied`, exact: true }).waitFor();
  // The page's own types are not known here.
  return String(await page.evaluate("navigator.clipboard.readText()"));
}

async function openHaptik(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Platform Deployments" }).first().click();
  await main(page).getByRole("link", { name: "CleverTap (demo)" }).click();
  await page.getByRole("heading", { level: 1, name: "CleverTap (demo)" }).waitFor();
}

/** The endpoint has one second to confirm; on a busy machine a person would press the button again. */
async function connect(page: Page): Promise<void> {
  const saved = page.getByRole("heading", { level: 1, name: "Haptik bot" });
  const late = page.getByText("The raw answer");
  for (let tries = 0; tries < 6; tries++) {
    await page.getByRole("button", { name: "Verify and connect" }).click();
    await late.waitFor({ state: "detached" });
    await saved.or(late).first().waitFor();
    if (await saved.isVisible()) return;
  }
  await saved.waitFor();
}

test("a number is connected, tried and answered by following the seven steps", { timeout: 360_000 }, async ({ demo, page }) => {
  // 1. The credentials.
  await openHaptik(page);
  const endpoint = await copied(page, "Callback URL");
  const token = await copied(page, "Token");

  // 2. The provider.
  await page.getByRole("link", { name: "WhatsApp Connect" }).click();
  await page.getByRole("link", { name: "Provider", exact: true }).first().click();
  await page.getByRole("heading", { level: 1, name: "Connect a number" }).waitFor();
  await page.getByText("Other (Generic)", { exact: true }).click();
  await page.getByRole("textbox", { name: "Nickname" }).fill("Haptik bot");
  await page.getByRole("textbox", { name: "WhatsApp business number" }).fill("+918000000077");
  await page.getByRole("textbox", { name: "HTTP endpoint" }).fill(endpoint);
  await page.getByLabel("Name of header 1").fill("Token");
  await page.getByLabel("Value of header 1").fill(token);
  await connect(page);

  // 3. The callbacks.
  const reports = await copied(page, "Delivery Report Callback URL");
  const replies = await copied(page, "Inbound Message Callback URL");
  await openHaptik(page);
  await page.getByLabel("Delivery Report Callback URL").fill(reports);
  await page.getByLabel("Inbound Message Callback URL").fill(replies);
  await page.getByRole("button", { name: "Save webhooks" }).click();
  await page.getByText("CleverTap hears nothing back yet").waitFor({ state: "detached" });

  // 4. What the approved template says.
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  await page.getByRole("row").filter({ hasText: "Sandbox number" }).getByRole("link", { name: "hello_world", exact: true }).click();
  await main(page).getByText("English (United States)").or(main(page).getByText(/en_US/)).first().waitFor();
  const approved = JSON.parse(await copied(page, "Components")) as Components[];
  const textOf = (type: string): string => approved.find((component) => component.type === type)?.text ?? "";

  // 5. The same template here.
  await page.getByRole("link", { name: "Templates", exact: true }).first().click();
  await page.getByRole("link", { name: "Template", exact: true }).click();
  // The list behind has a choice of numbers too.
  await page.getByRole("heading", { level: 1, name: "New template" }).waitFor();
  await page.getByRole("combobox", { name: "Number" }).selectOption({ label: "Haptik bot" });
  await page.getByRole("textbox", { name: "Name (namespace)" }).fill("hello_world");
  await page.getByRole("textbox", { name: "Language" }).or(page.getByRole("combobox", { name: "Language" })).first().fill("en_US");
  await page.getByRole("option", { name: /\(en_US\)/ }).click();
  await page.getByText("Utility", { exact: true }).click();
  await page.getByRole("combobox", { name: "Header" }).selectOption({ label: "Text" });
  await page.getByRole("textbox", { name: "Header text" }).fill(textOf("HEADER"));
  await page.getByRole("textbox", { name: "Body", exact: true }).fill(textOf("BODY"));
  await page.getByRole("textbox", { name: "Footer", exact: true }).fill(textOf("FOOTER"));
  await page.getByRole("button", { name: "Save as approved" }).click();
  await page.getByText("hello_world can be sent now").waitFor();
  await page.getByRole("heading", { level: 1, name: "hello_world" }).waitFor();
  await main(page).getByRole("link", { name: "Haptik bot" }).waitFor();

  // 6. The test.
  await page.getByRole("button", { name: "Send test" }).click();
  const dialog = page.getByRole("dialog", { name: "Send a test of hello_world" });
  await dialog.getByLabel("Test numbers").fill("+15550100123");
  await dialog.getByRole("button", { name: "Send test" }).click();
  await dialog.getByRole("region", { name: "Raw answer", exact: true }).getByText('"success"').waitFor();
  await dialog.getByRole("list", { name: "Trace" }).getByText("Delivered", { exact: true }).waitFor();

  // 7. The answer.
  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  const phone = phones.getByRole("region", { name: "Phone of Ada" });
  await phone.getByText(textOf("BODY")).first().waitFor();
  await phone.getByRole("textbox", { name: "Message" }).fill("Loud and clear");
  await phone.getByRole("button", { name: "Send", exact: true }).click();
  await dialog.getByRole("list", { name: "Trace" }).getByText("The person answered: Loud and clear").waitFor();

  // The provider's page knows that both ways are open.
  await page.keyboard.press("Escape");
  await main(page).getByRole("link", { name: "Haptik bot" }).click();
  const readiness = page.getByRole("list", { name: "Readiness" });
  await expect.poll(() => readiness.getByLabel("done").count(), { timeout: 15_000 }).toBe(4);
});
