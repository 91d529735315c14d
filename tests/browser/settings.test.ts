import { expect } from "vitest";
import { demoTest as test } from "../support/visit.ts";

test("inviting somebody gives a link that works once; who follows it comes in with the role chosen", async ({ page, open }) => {
  await page.getByRole("link", { name: "Team" }).click();
  await page.getByRole("button", { name: "Invite" }).click();
  const form = page.getByRole("dialog", { name: "Invite somebody" });
  await form.getByLabel("E-mail").fill("mina@example.com");
  await form.getByLabel("Role").selectOption("creator");
  await form.getByRole("button", { name: "Make the link" }).click();
  const once = page.getByRole("dialog", { name: "Invitation" });
  const link = (await once.getByText(/^https?:/).textContent()) ?? "";
  await once.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("row", { name: /mina@example.com/ }).getByText("Invited").waitFor();

  const guest = await open(link);
  await guest.getByRole("heading", { name: "Join Demo" }).waitFor();
  await guest.getByLabel("Your name").fill("Mina Roy");
  await guest.getByRole("textbox", { name: "Choose a password" }).fill("a long enough password");
  await guest.getByRole("button", { name: "Join" }).click();
  await guest.getByRole("heading", { level: 1, name: "Hello, Mina" }).waitFor();
  expect(await guest.getByRole("link", { name: "API keys" }).count()).toBe(0);
  // The team's page has heard of it by itself.
  await page.getByRole("row", { name: /Mina Roy/ }).waitFor();

  const second = await open(link);
  await second.getByRole("alert").waitFor();
});

test("an API key is shown once, and works", async ({ demo, page }) => {
  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByRole("button", { name: "API key" }).click();
  const form = page.getByRole("dialog", { name: "New API key" });
  await form.getByRole("button", { name: "Create" }).click();
  await form.getByText("What will use it?").waitFor();
  await form.getByLabel("Name").fill("Nightly export");
  await form.getByRole("button", { name: "Create" }).click();
  const once = page.getByRole("dialog", { name: "Your new API key" });
  await once.getByRole("button", { name: "Copy API key" }).click();
  const key = String(await page.evaluate("navigator.clipboard.readText()"));
  await once.getByRole("button", { name: "I have copied it" }).click();
  await page.getByRole("row", { name: /Nightly export/ }).waitFor();
  expect(await page.content()).not.toContain(key);
  const answer = await fetch(`${demo.url}/api/v1/templates`, { headers: { authorization: `Bearer ${key}` } });
  expect(answer.status).toBe(200);
});

test("what changes before a page listens for changes shows on it all the same", async ({ demo, page }) => {
  let listen = (): void => {};
  const changed = new Promise<void>((resolve) => (listen = resolve));
  await page.route("**/api/v1/live", async (route) => {
    await changed;
    await route.continue();
  });
  await page.goto(`${demo.url}/settings/api-keys`);
  await page.getByRole("table", { name: "api-keys" }).waitFor();
  const answer = await page.request.post(`${demo.url}/api/v1/api-keys`, { data: { name: "Made meanwhile", role: "member" }, headers: { origin: demo.url } });
  expect(answer.status()).toBe(201);
  listen();
  await page.getByRole("row", { name: /Made meanwhile/ }).waitFor();
});

test("the audit shows both, with who did them, and finds them", async ({ page }) => {
  await page.getByRole("link", { name: "Audit" }).click();
  const table = page.getByRole("table", { name: "audit" });
  await table.getByRole("row", { name: /Nightly export.*Demo admin/ }).waitFor();
  await table.getByRole("row", { name: /Member invited mina@example.com.*Demo admin/ }).waitFor();
  await page.getByRole("searchbox", { name: "Search the audit log" }).fill("nightly");
  await table.getByRole("row", { name: /Member invited/ }).waitFor({ state: "detached" });
  await table.getByRole("row", { name: /Nightly export/ }).waitFor();
});

test("revoking a key asks first, and then the key is refused", async ({ page }) => {
  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByRole("button", { name: "Revoke Nightly export" }).click();
  await page.getByRole("dialog", { name: "Revoke Nightly export" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByText("Nightly export no longer works").waitFor();
  await page.getByRole("row", { name: /Nightly export/ }).waitFor({ state: "detached" });
});

test("a workspace's new name shows in the bar at once", async ({ page }) => {
  await page.getByRole("link", { name: "Workspace", exact: true }).click();
  await page.getByLabel("Name").fill("Acme Stores");
  await page.getByRole("button", { name: "Save", exact: true }).click();
  await page.getByRole("button", { name: "Workspace Acme Stores, switch" }).waitFor();
});

test("links begin with a branded domain once it is proved to lead here", async ({ demo, page }) => {
  await page.getByRole("link", { name: "Workspace", exact: true }).click();
  const save = page.getByRole("button", { name: "Save links" });
  await page.getByLabel("Branded domain").fill("http://127.0.0.1:9");
  await save.click();
  await page.getByText("This address does not lead to this server").waitFor();
  const branded = demo.url.replace("127.0.0.1", "localhost");
  await page.getByLabel("Branded domain").fill(branded);
  await page.getByLabel("Days until links expire").fill("90");
  await page.getByLabel("utm_medium").fill("chat");
  await save.click();
  await page.getByText(`${branded}/l/Ab12Cd34Ef`).waitFor();
  await page.reload();
  await page.getByText(`${branded}/l/Ab12Cd34Ef`).waitFor();
  expect(await page.getByLabel("Days until links expire").inputValue()).toBe("90");
  expect(await page.getByLabel("utm_medium").inputValue()).toBe("chat");
});
