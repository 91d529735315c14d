import { expect } from "vitest";
import { createTestDatabase } from "../support/database.ts";
import { Tincan } from "../support/tincan.ts";
import { totp } from "../support/totp.ts";
import { test as base } from "../support/visit.ts";

/** A server nobody has an account on yet: without the sandbox there is no demo. */
const test = base.extend("url", { scope: "file" }, async ({}, { onCleanup }) => {
  const tincan = await Tincan.prepare({ env: { TINCAN_SANDBOX: "off" }, database: await createTestDatabase({ connections: 1 }) });
  onCleanup(() => tincan.remove());
  await tincan.start();
  return tincan.url;
});

const ada = { name: "Ada Lovell", email: "ada@example.com", password: "correct horse battery" };

test("a field that is not right says so beside itself, and no account is made", async ({ url, open }) => {
  const page = await open(url);
  await page.waitForURL("**/setup");
  await page.getByLabel("Workspace").fill("Acme");
  await page.getByLabel("Your name").fill(ada.name);
  await page.getByLabel("E-mail").fill("ada at example");
  await page.getByRole("textbox", { name: "Password" }).fill("short");
  await page.getByRole("button", { name: "Create workspace" }).click();
  await page.getByText("An e-mail address, like ada@example.com").waitFor();
  await page.getByText("At least 10 characters", { exact: true }).waitFor();
  expect(await (await page.request.get(`${url}/api/v1/setup`)).json()).toMatchObject({ needed: true });
});

test("a new server shows the set-up page; filling it in signs in and lands on Home", async ({ url, open }) => {
  const page = await open(url);
  await page.getByRole("heading", { name: "Set up Tincan" }).waitFor();
  await page.getByLabel("Workspace").fill("Acme");
  await page.getByLabel("Your name").fill(ada.name);
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.getByRole("button", { name: "Create workspace" }).click();
  await page.getByRole("heading", { level: 1, name: "Hello, Ada" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
  await page.getByRole("button", { name: "Workspace Acme, switch" }).waitFor();
  await page.getByRole("link", { name: "Connect a number" }).waitFor();
});

test("a second visitor cannot set up again and is led to sign in", async ({ url, open }) => {
  const page = await open(`${url}/setup`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  const again = await page.request.post(`${url}/api/v1/setup`, { data: { workspaceName: "Mine", ...ada, email: "eve@example.com" } });
  expect(again.status()).toBe(409);
});

test("the admin signs in with the password and comes to the page asked for; a wrong password is refused in words", async ({ url, open }) => {
  const page = await open(`${url}/settings/team`);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill("wrong horse battery");
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("alert").waitFor();
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { level: 1, name: "Team" }).waitFor();
  await page.getByRole("row", { name: /Ada Lovell/ }).getByText("You").waitFor();
});

test("signing out leads back to the door", async ({ url, open }) => {
  const page = await open(`${url}/sign-in`);
  await page.getByLabel("E-mail").fill(ada.email);
  await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
  await page.getByRole("button", { name: "Sign in" }).click();
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  await page.getByRole("button", { name: "Ada Lovell, your menu" }).click();
  await page.getByRole("button", { name: "Sign out" }).click();
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
  await page.goto(url);
  await page.getByRole("heading", { name: "Sign in" }).waitFor();
});

test("two-factor is turned on with a code from the key shown; then the password alone opens nothing, a backup code does", async ({ url, open }) => {
  const page = await open(`${url}/settings/account`);
  const signIn = async () => {
    await page.getByLabel("E-mail").fill(ada.email);
    await page.getByRole("textbox", { name: "Password" }).fill(ada.password);
    await page.getByRole("button", { name: "Sign in" }).click();
  };
  await signIn();
  await page.getByRole("button", { name: "Turn on" }).click();
  const dialog = page.getByRole("dialog", { name: "Turn two-factor on" });
  await dialog.getByLabel("Your password").fill(ada.password);
  await dialog.getByRole("button", { name: "Continue" }).click();
  await dialog.getByRole("img", { name: "QR code for your authenticator app" }).waitFor();
  await dialog.getByRole("button", { name: "Copy backup codes" }).click();
  const [backup = ""] = String(await page.evaluate("navigator.clipboard.readText()")).split("\n");
  await dialog.getByRole("button", { name: "Copy Key" }).click();
  const key = String(await page.evaluate("navigator.clipboard.readText()"));
  await dialog.getByLabel("Digit 1 of 6").click();
  await page.keyboard.type(totp(key));
  await page.getByText("Two-factor is on").waitFor();

  await page.context().clearCookies();
  await page.goto(`${url}/settings/team`);
  await signIn();
  await page.getByRole("heading", { name: "One more step" }).waitFor();
  expect((await page.request.get(`${url}/api/v1/templates`)).status()).toBe(401);
  await page.getByRole("button", { name: "Use a backup code" }).click();
  await page.getByLabel("Backup code").fill(backup);
  await page.getByRole("button", { name: "Confirm" }).click();
  await page.getByRole("heading", { level: 1, name: "Team" }).waitFor();
});
