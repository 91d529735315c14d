/** Where the focus goes when the button that was pressed is gone. */
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

/** A demo with four keys. */
const test = demoTest.extend("keys", { scope: "file" }, async ({ demo }) => {
  const names = ["Archive", "Backup", "Export", "Import"];
  for (const name of names) await demo.context.request.post(`${demo.url}/api/v1/api-keys`, { data: { name, role: "member" }, headers: { origin: demo.url } });
  return names;
});

const callOf = (demo: { url: string; context: BrowserContext }) => async (path: string, data: object) => (await demo.context.request.post(`${demo.url}/api/v1/${path}`, { data, headers: { origin: demo.url } })).json();

/** What has the focus, as it is announced. */
const focused = (page: Page): Promise<unknown> =>
  page.evaluate("document.activeElement === document.body ? 'nothing' : (document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.innerText ?? '').trim()");

async function revoke(page: Page, name: string): Promise<void> {
  await page.getByRole("button", { name: `Revoke ${name}` }).press("Enter");
  const dialog = page.getByRole("dialog", { name: `Revoke ${name}` });
  await dialog.getByRole("button", { name: "Revoke" }).press("Enter");
  await dialog.waitFor({ state: "detached" });
  await page.getByRole("row", { name }).waitFor({ state: "detached" });
}

test("after a row went with its button, the next row's button has the focus, and after the last row the one before", async ({ page, keys }) => {
  expect(keys).toHaveLength(4);
  await page.getByRole("link", { name: "API keys" }).click();
  await revoke(page, "Backup");
  await expect.poll(() => focused(page)).toBe("Revoke Export");
  await revoke(page, "Import");
  await expect.poll(() => focused(page)).toBe("Revoke Export");
});

test("after the last row of a list went, and after a selection was dropped, the focus stays near", async ({ page, keys }) => {
  expect(keys).toHaveLength(4);
  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByRole("checkbox", { name: "Select Archive" }).press("Space");
  await page.getByRole("region", { name: "Selected rows" }).getByRole("button", { name: "Clear the selection" }).press("Enter");
  await expect.poll(() => focused(page)).toBe("api-keys");
  await revoke(page, "Archive");
  await expect.poll(() => focused(page)).toBe("Revoke Export");
  await revoke(page, "Export");
  await page.getByText("No keys yet").waitFor();
  await expect.poll(() => focused(page)).toBe("No keys yet");
});

test("a button that makes room for its opposite leaves the focus to it", async ({ page, demo }) => {
  const call = callOf(demo);
  const content = { mode: "single", variants: [{ key: "A", template: { name: "hello_world", language: "en_US" }, values: {} }] };
  const { items } = await (await demo.context.request.get(`${demo.url}/api/v1/providers`)).json();
  const provider = items.find(({ kind }: { kind: string }) => kind === "cloud-api").id;
  const at = new Date(Date.now() + 86_400_000).toISOString();
  const { id } = await call("campaigns", { name: "Tomorrow", provider, audience: { everyone: true }, content, schedule: { kind: "at", at } });
  await call(`campaigns/${id}/launch`, {});
  await page.goto(new URL(`/campaigns/${id}`, page.url()).href);
  await page.getByRole("button", { name: "Pause", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Resume", exact: true }).waitFor();
  await expect.poll(() => focused(page)).toBe("Resume");
  await page.getByRole("button", { name: "Resume", exact: true }).press("Enter");
  await page.getByRole("button", { name: "Pause", exact: true }).waitFor();
  await expect.poll(() => focused(page)).toBe("Pause");
});

test("a menu that closed over what it did leaves the focus to its button", async ({ page, demo }) => {
  const { id } = await callOf(demo)("segments", { name: "Everybody at all", query: { all: [] } });
  await page.goto(new URL(`/people/segments/${id}`, page.url()).href);
  await page.getByRole("button", { name: "More", exact: true }).press("Enter");
  await page.getByRole("menuitem", { name: "Archive" }).press("Enter");
  await page.getByText("Everybody at all is archived").waitFor();
  await expect.poll(() => focused(page)).toBe("More");
});

test("a row taken out of a form leaves the focus to the next one, and the last to what adds one", async ({ page }) => {
  await page.goto(new URL("/channels/whatsapp/new?kind=generic", page.url()).href);
  const headers = page.getByRole("group", { name: "Headers" });
  const remove = headers.getByRole("button", { name: /^Remove header/ });
  const add = headers.getByRole("button", { name: "Add a header" });
  await add.waitFor();
  for (let count = await remove.count(); count < 2; count++) await add.press("Enter");
  await expect.poll(() => remove.count()).toBe(2);
  await remove.first().press("Enter");
  await expect.poll(() => remove.count()).toBe(1);
  await expect.poll(() => focused(page)).toMatch(/^Remove header/);
  await remove.press("Enter");
  await expect.poll(() => focused(page)).toBe("Add a header");
});

test("what was done from a message at the edge gives the focus back to the page", async ({ page }) => {
  await page.goto(page.url());
  const strip = page.getByRole("region", { name: "Status of Sandbox number" });
  await strip.getByRole("button", { name: "Pause Sandbox number" }).press("Enter");
  await page.getByRole("button", { name: "Undo" }).press("Enter");
  await strip.getByText("Running", { exact: true }).waitFor();
  await page.getByRole("button", { name: "Undo" }).waitFor({ state: "detached" });
  await expect.poll(() => focused(page)).toBe("Pause Sandbox number");
});
