/** Lists are sorted, arranged, and handled by many rows at once, without a mouse. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

const numbers = ["+15550100131", "+15550100132", "+15550100133"];

/** A demo with three messages and three keys. */
const test = demoTest.extend("furnished", { scope: "file" }, async ({ browser, demo }) => {
  const context = await browser.newContext({ storageState: demo.admin, extraHTTPHeaders: { origin: demo.url } });
  const { items } = await (await context.request.get(`${demo.url}/api/v1/deployments`)).json();
  for (const to of numbers) {
    await context.request.post(`${demo.url}/api/v1/deployments/${items[0].id}/test-request`, {
      data: { to, kind: "template", template: "order_ready", language: "en", values: ["Ada", "A-1"] },
    });
  }
  for (const name of ["Archive", "Backup", "Export"]) await context.request.post(`${demo.url}/api/v1/api-keys`, { data: { name, role: "member" } });
  await context.close();
  return numbers;
});

const shown = (page: Page) => page.getByRole("table", { name: "messages" }).getByRole("link").evaluateAll((links) => links.map((link) => link.innerText.replaceAll(" ", "")));

async function messages(page: Page): Promise<void> {
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  await page.getByRole("table", { name: "messages" }).waitFor();
}

test("a header turns the order round by keyboard, and the address keeps it", async ({ page, furnished }) => {
  await messages(page);
  const header = page.getByRole("columnheader", { name: "Asked", exact: true });
  expect(await header.getAttribute("aria-sort")).toBe("descending");
  await expect.poll(() => shown(page)).toEqual(furnished.toReversed());
  await header.getByRole("button").focus();
  await page.keyboard.press("Enter");
  await expect.poll(() => shown(page)).toEqual(furnished);
  expect(await header.getAttribute("aria-sort")).toBe("ascending");
  await page.reload();
  await expect.poll(() => shown(page)).toEqual(furnished);
  expect(new URL(page.url()).searchParams.get("sort")).toBe("createdAt");
});

test("a short list is put in order too, and the address keeps it", async ({ page, furnished }) => {
  expect(furnished).toHaveLength(3);
  await page.getByRole("link", { name: "API keys" }).click();
  const names = async (order: string[]): Promise<void> => {
    await expect.poll(() => page.getByRole("table", { name: "api-keys" }).locator("tbody tr td:nth-child(2) p").allInnerTexts()).toEqual(order);
  };
  await names(["Archive", "Backup", "Export"]);
  await page.getByRole("columnheader", { name: "Name" }).getByRole("button").click();
  await names(["Export", "Backup", "Archive"]);
  await page.reload();
  await names(["Export", "Backup", "Archive"]);
});

test("numbers, deployments and the team are sorted by their headers", async ({ page }) => {
  const rooms = [
    { link: "WhatsApp Connect", header: "Number" },
    { link: "Platform Deployments", header: "Sends from" },
    { link: "Team", header: "Role" },
  ];
  for (const { link, header } of rooms) {
    await page.getByRole("link", { name: link }).click();
    const column = page.getByRole("columnheader", { name: header, exact: true });
    await column.getByRole("button").click();
    await expect.poll(() => column.getAttribute("aria-sort")).toBe("ascending");
    expect(new URL(page.url()).searchParams.get("sort")).toMatch(/^(number|provider|role)$/);
  }
});

/** The list of messages, on which time then stands still. */
async function frozen(page: Page): Promise<Page> {
  await page.getByRole("table", { name: "messages" }).waitFor();
  await page.clock.install();
  await page.clock.pauseAt(Date.now() + 60_000);
  return page;
}

test("a message opened before the search for what was typed began stays open", async ({ demo, open, furnished }) => {
  const page = await frozen(await open(`${demo.url}/messages`, { as: demo.admin }));
  const loading = Promise.withResolvers<void>();
  await page.route("**/assets/MessagePage-*.js", (route) => loading.promise.then(() => route.continue()));
  await page.getByRole("searchbox", { name: "Search messages" }).fill(furnished[0]!);
  await page.getByRole("link", { name: "+1 555 010 0133" }).click();
  await page.waitForURL(/\/messages\/./);
  await page.clock.runFor(1_000);
  await page.clock.resume();
  loading.resolve();
  await page.getByRole("heading", { level: 1, name: "Message to +1 555 010 0133" }).waitFor();
});

test("a search that is cleared before it began is not made", async ({ demo, open, furnished }) => {
  const page = await frozen(await open(`${demo.url}/messages`, { as: demo.admin }));
  await page.getByRole("searchbox", { name: "Search messages" }).fill(furnished[0]!);
  await page.getByRole("button", { name: "Clear search" }).click();
  await page.clock.runFor(1_000);
  expect(new URL(page.url()).searchParams.get("q")).toBeNull();
});

test("columns are chosen by keyboard and stay chosen", async ({ page, furnished }) => {
  await messages(page);
  expect(await page.getByRole("columnheader", { name: "msgId" }).count()).toBe(0);
  await page.getByRole("button", { name: "Columns" }).focus();
  await page.keyboard.press("Enter");
  await page.getByRole("checkbox", { name: "msgId" }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("Escape");
  await page.getByRole("columnheader", { name: "msgId" }).waitFor();
  await page.reload();
  await page.getByRole("columnheader", { name: "msgId" }).waitFor();
  expect(await shown(page)).toHaveLength(furnished.length);
});

test("rows are picked with Space, a range with Shift, and saved as a file", async ({ page, furnished }) => {
  await messages(page);
  await page.getByRole("checkbox", { name: `Select ${furnished[2]}` }).focus();
  await page.keyboard.press("Space");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("ArrowDown");
  await page.keyboard.press("Shift+Space");
  const bar = page.getByRole("region", { name: "Selected rows" });
  await bar.getByText("3 selected").waitFor();
  await page.keyboard.press("ArrowUp");
  await page.keyboard.press("Space");
  await bar.getByText("2 selected").waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), bar.getByRole("button", { name: "Save as CSV" }).press("Enter")]);
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const file = Buffer.concat(chunks).toString();
  expect(furnished.map((number) => file.includes(number))).toEqual([true, false, true]);
});

test("Escape drops the selection", async ({ page, furnished }) => {
  await messages(page);
  await page.getByRole("checkbox", { name: "Select all shown" }).focus();
  await page.keyboard.press("Space");
  const bar = page.getByRole("region", { name: "Selected rows" });
  await bar.getByText(`${furnished.length} selected`).waitFor();
  await page.keyboard.press("Escape");
  await bar.waitFor({ state: "detached" });
});

test("several keys are revoked in one step that names them", async ({ page, furnished }) => {
  expect(furnished).toHaveLength(3);
  await page.getByRole("link", { name: "API keys" }).click();
  await page.getByRole("checkbox", { name: "Select Archive" }).check();
  await page.getByRole("checkbox", { name: "Select Backup" }).check();
  await page.getByRole("region", { name: "Selected rows" }).getByRole("button", { name: "Revoke" }).click();
  const dialog = page.getByRole("dialog", { name: "Revoke 2 keys" });
  await dialog.getByText(/^Archive \(/).waitFor();
  await dialog.getByText(/^Backup \(/).waitFor();
  await dialog.getByRole("button", { name: "Revoke" }).click();
  await page.getByText("2 keys no longer work").waitFor();
  await page.reload();
  await page.getByRole("row", { name: /Export/ }).waitFor();
  expect(await page.getByRole("row", { name: /Archive|Backup/ }).count()).toBe(0);
});

test("a change the server refuses is taken back, and it says why", async ({ page }) => {
  await page.getByRole("link", { name: "API keys" }).click();
  await page.route("**/api/v1/api-keys/*", (route) => route.fulfill({ status: 409, json: { error: { code: "busy", message: "The key is in use.", fix: "Try again later." } } }));
  await page.getByRole("button", { name: "Revoke Export" }).click();
  await page.getByRole("dialog", { name: "Revoke Export" }).getByRole("button", { name: "Revoke" }).click();
  await page.getByText("The key is in use.").waitFor();
  await page.getByRole("row", { name: /Export/ }).waitFor();
});

test("on a narrow screen the list is sorted by a choice and rows are picked on their cards", async ({ demo, open, furnished }) => {
  const page = await open(`${demo.url}/messages`, { as: demo.admin, width: 390, height: 844 });
  const cards = page.getByRole("list", { name: "messages" });
  await cards.getByRole("link").first().waitFor();
  await page.getByRole("combobox", { name: "Order" }).selectOption({ label: "Asked, oldest first" });
  await expect.poll(() => cards.getByRole("link").first().innerText()).toBe("+1 555 010 0131");
  await cards.getByRole("checkbox", { name: `Select ${furnished[0]}` }).check();
  await page.getByRole("region", { name: "Selected rows" }).getByRole("button", { name: "All shown" }).click();
  await page.getByText(`${furnished.length} selected`).waitFor();
});

test("on a narrow screen the buttons of a card stand without the name of their column", async ({ demo, open, furnished }) => {
  expect(furnished).toHaveLength(3);
  const page = await open(`${demo.url}/settings/api-keys`, { as: demo.admin, width: 390, height: 844 });
  await page.getByRole("list", { name: "api-keys" }).getByRole("button", { name: "Revoke Export" }).waitFor();
  expect(await page.getByText("Actions", { exact: true }).count()).toBe(0);
});

test("an empty room offers its first step once, on a wide and a narrow screen, and a room with rows in its head", async ({ demo, open, page }) => {
  const once = async (at: Page, path: string, shows: string, step: string): Promise<void> => {
    await at.goto(`${demo.url}${path}`);
    await at.getByText(shows).first().waitFor();
    expect(await at.getByRole("main").getByText(step, { exact: true }).filter({ visible: true }).count()).toBe(1);
  };
  for (const at of [page, await open(demo.url, { as: demo.admin, width: 390, height: 844 })]) {
    await once(at, "/reports/scheduled", "No scheduled reports yet", "Schedule a report");
    await once(at, "/people/lists", "No lists yet", "New list");
    await once(at, "/people/segments", "Ordered before", "New segment");
  }
});

test("an empty room shows its first step and nothing to search or choose, what is archived can still be found, and what matches nothing cannot be saved", async ({ page, demo }) => {
  const tools = page.getByRole("button", { name: "Columns" });
  await page.goto(`${demo.url}/reports/scheduled`);
  await page.getByText("No scheduled reports yet").waitFor();
  expect(await tools.count()).toBe(0);
  await page.goto(`${demo.url}/people/segments`);
  await page.getByRole("link", { name: "Ordered before" }).waitFor();
  await page.getByRole("checkbox", { name: "Select Ordered before" }).check();
  await page.getByRole("button", { name: "Archive" }).click();
  await page.getByText("No segments yet").waitFor();
  await page.getByLabel("Archived or not").selectOption("Archived");
  await page.getByRole("checkbox", { name: "Select Ordered before" }).check();
  await page.getByRole("button", { name: "Unarchive" }).click();
  await page.getByText("No archived segment").waitFor();
  await tools.waitFor();
  await page.goto(`${demo.url}/people/contacts?q=nobody-of-this-name`);
  await page.getByText("Nobody matches").waitFor();
  const csv = page.getByRole("button", { name: "CSV" });
  expect([await csv.isDisabled(), await csv.getAttribute("title")]).toEqual([true, "There is nothing to save"]);
});
