import type { Page } from "playwright-core";
import { expect } from "vitest";
import { sharedDemoTest as test } from "../support/visit.ts";

interface OwnDeployment {
  callbackUrl: string;
  token: string;
  templateImportUrl: string;
}

/** The demo's own deployment speaks the provider's side of the contract. */
async function ownDeployment(page: Page): Promise<OwnDeployment> {
  const { items } = (await (await page.request.get(new URL("/api/v1/deployments", page.url()).href)).json()) as { items: OwnDeployment[] };
  if (!items[0]) throw new Error("The demo has a deployment");
  return items[0];
}

async function openForm(page: Page): Promise<void> {
  await page.getByRole("link", { name: "WhatsApp Connect" }).click();
  await page.getByRole("link", { name: "Provider", exact: true }).first().click();
  // The list behind names the same kind.
  await page.getByRole("heading", { level: 1, name: "Connect a number" }).waitFor();
  await page.getByText("Other (Generic)", { exact: true }).click();
}

async function fillIn(page: Page, endpoint: string, token: string): Promise<void> {
  await page.getByRole("textbox", { name: "Nickname" }).fill("Partner");
  await page.getByRole("textbox", { name: "WhatsApp business number" }).fill("+918000000077");
  await page.getByRole("textbox", { name: "HTTP endpoint" }).fill(endpoint);
  await page.getByLabel("Name of header 1").fill("Token");
  await page.getByLabel("Value of header 1").fill(token);
}

const connect = (page: Page): Promise<void> => page.getByRole("button", { name: "Verify and connect" }).click();

/** The endpoint has one second; on a busy machine it may need a second try, as a person would make it. */
async function connectPatiently(page: Page): Promise<void> {
  const saved = page.getByRole("heading", { level: 1, name: "Partner" });
  const late = page.getByText("The raw answer");
  await connect(page);
  for (let tries = 0; tries < 5; tries++) {
    await saved.or(late).first().waitFor();
    if (await saved.isVisible()) return;
    await connect(page);
    await late.waitFor({ state: "detached" });
  }
  await saved.waitFor();
}

async function openPartner(page: Page): Promise<void> {
  await page.getByRole("link", { name: "WhatsApp Connect" }).click();
  await page.getByRole("link", { name: "Partner", exact: true }).click();
  await page.getByRole("heading", { level: 1, name: "Partner" }).waitFor();
}

const deliveryUrl = (page: Page) => page.locator("code", { hasText: /\/wire\/callbacks\/.+\/status/ });

test("an endpoint that is not https is refused before anything is asked", async ({ page }) => {
  await openForm(page);
  await fillIn(page, "http://partner.example/send", "abc");
  await connect(page);
  await page.getByText("The address must begin with https://").waitFor();
});

test("an endpoint that does not confirm shows its raw answer, and nothing is saved", async ({ page }) => {
  const { callbackUrl } = await ownDeployment(page);
  await openForm(page);
  await fillIn(page, callbackUrl, "a token nobody gave out");
  await connect(page);
  await page.getByText("The raw answer").waitFor();
  await page.getByText(/HTTP \d{3} · application\/json/).waitFor();
  await page.getByRole("button", { name: "Copy The raw answer" }).waitFor();
  await page.getByRole("link", { name: "WhatsApp Connect" }).first().click();
  await page.getByRole("dialog", { name: "Leave without saving" }).getByRole("button", { name: "Leave" }).click();
  await page.getByRole("link", { name: "Sandbox number", exact: true }).waitFor();
  expect(await page.getByRole("link", { name: "Partner", exact: true }).count()).toBe(0);
});

test("an endpoint that confirms is saved, and its page shows both callback URLs and what is still missing", async ({ page }) => {
  const { callbackUrl, token, templateImportUrl } = await ownDeployment(page);
  await openForm(page);
  await fillIn(page, callbackUrl, token);
  await page.getByRole("button", { name: "More settings" }).click();
  await page.getByRole("textbox", { name: "Template import URL" }).fill(templateImportUrl);
  await connectPatiently(page);
  await deliveryUrl(page).waitFor();
  await page.locator("code", { hasText: /\/wire\/callbacks\/.+\/inbound/ }).waitFor();
  const readiness = page.getByRole("list", { name: "Readiness" });
  await readiness.getByRole("listitem").filter({ hasText: "The endpoint accepts the headers" }).getByLabel("done").waitFor();
  await readiness.getByRole("listitem").filter({ hasText: "A template is there" }).getByLabel("to do").waitFor();
});

test("a header's value is masked once it is saved, and is replaced only on purpose", async ({ page }) => {
  await openPartner(page);
  await page.getByRole("button", { name: "Edit" }).click();
  const value = page.getByLabel("Value of header 1");
  expect(await value.inputValue()).toMatch(/^••••/);
  expect(await value.isEditable()).toBe(false);
  await page.getByRole("button", { name: "Replace the value of Token" }).click();
  expect(await value.isEditable()).toBe(true);
  expect(await value.inputValue()).toBe("");
});

test("rotating makes new callback URLs and says until when the old ones work", async ({ page }) => {
  await openPartner(page);
  const before = await deliveryUrl(page).innerText();
  await page.getByRole("button", { name: "Rotate" }).click();
  const dialog = page.getByRole("dialog", { name: "Rotate the callback addresses" });
  await dialog.getByText(/The old addresses work until/).waitFor();
  await dialog.getByRole("button", { name: "Make new addresses" }).click();
  await page.getByText(/The addresses from before work until/).waitFor();
  await expect.poll(() => deliveryUrl(page).innerText()).not.toBe(before);
  expect((await page.request.post(before, { data: { payloadVersion: "0.1", statuses: [] } })).status()).toBe(200);
});

test("importing its templates shows the difference first, and applies it", async ({ page }) => {
  await openPartner(page);
  await page.getByRole("link", { name: "Import them" }).click();
  await page.getByRole("button", { name: "Fetch and compare" }).click();
  await page.getByRole("heading", { name: "Difference" }).waitFor();
  await page.getByRole("listitem").filter({ hasText: "order_ready" }).waitFor();
  await page.getByRole("button", { name: "Apply" }).click();
  await page.getByText(/\d+ added, 0 changed/).waitFor();
});

test("archiving stops it and unarchiving starts it again", async ({ page }) => {
  await openPartner(page);
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Archive the provider" }).click();
  await page.getByText(/^Archived since/).waitFor();
  await page.getByRole("button", { name: "Unarchive" }).click();
  await page.getByRole("button", { name: "Archive", exact: true }).waitFor();
});

test("deleting says what goes with it and asks for the name", async ({ page }) => {
  await openPartner(page);
  await page.getByRole("button", { name: "Delete" }).click();
  const dialog = page.getByRole("dialog", { name: "Delete Partner" });
  await dialog.getByText(/templates are removed from Tincan/).waitFor();
  await dialog.getByRole("textbox").fill("Partner");
  await dialog.getByRole("button", { name: "Delete the provider" }).click();
  await page.getByRole("link", { name: "Sandbox number", exact: true }).waitFor();
});
