import type { Page } from "playwright-core";
import { expect } from "vitest";
import { faults } from "../support/axe.ts";
import { sharedDemoTest as test } from "../support/visit.ts";

/** What has the focus, as it is announced. */
const focused = (page: Page): Promise<string> => page.evaluate("(document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.labels?.[0]?.innerText ?? document.activeElement?.innerText ?? '').trim()");

/** Presses Tab until the named thing has the focus; fails when it never has. */
async function tabTo(page: Page, name: string): Promise<void> {
  for (let i = 0; i < 60; i++) {
    if ((await focused(page)) === name) return;
    await page.keyboard.press("Tab");
  }
  throw new Error(`Tab never reaches “${name}”.`);
}

/** Chooses by typing, in the choice that has the focus; letter by letter, as the choice opens a moment after the first. */
async function pick(page: Page, what: string): Promise<void> {
  await page.keyboard.type(what, { delay: 30 });
  await page.getByRole("option", { name: what, exact: true }).and(page.locator("[data-combobox-selected]")).waitFor();
  await page.keyboard.press("Enter");
}

const count = (page: Page) => page.getByRole("main").locator("section").filter({ hasText: "People now" });

test("a nested segment is built by keyboard alone, counted on the way, saved, and shows who is in it", async ({ page }) => {
  await page.getByRole("link", { name: "Segments", exact: true }).click();
  await page.getByRole("link", { name: "New segment" }).click();
  const everybody = page.getByText("No condition yet: that is everybody.");
  await everybody.waitFor();
  await tabTo(page, "Name");
  await page.keyboard.type("Golden buyers");
  await tabTo(page, "Condition");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("What the condition is about");
  await pick(page, "Tier");
  await tabTo(page, "Value of Tier");
  await page.keyboard.type("gold");
  // Enter ends the value, not the form.
  await page.keyboard.press("Enter");
  await page.getByRole("group", { name: "Condition: Tier is gold" }).waitFor();
  await count(page).getByText("Among them").waitFor();

  await tabTo(page, "Group");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("What the condition is about");
  await count(page).getByText("People are counted once every condition is complete.").waitFor();
  await pick(page, "Order Placed");
  await tabTo(page, "How often, Order Placed");
  await page.keyboard.press("ArrowDown");
  await tabTo(page, "How many times, Order Placed");
  await page.keyboard.press("Control+a");
  await page.keyboard.type("1");
  await page.getByRole("group", { name: "Condition: did Order Placed at least 1 time", exact: true }).waitFor();
  await tabTo(page, "Add a filter on a property of Order Placed");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Property 1 of Order Placed");
  await page.keyboard.type("Amount");
  await tabTo(page, "How Amount is compared");
  await page.keyboard.type("is at least");
  await tabTo(page, "Value of Amount");
  await page.keyboard.type("1");
  await page.getByRole("group", { name: "Condition: did Order Placed at least 1 time where Amount is at least 1" }).waitFor();

  // A condition that is taken back leaves the focus where one can go on.
  await tabTo(page, "Condition");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("What the condition is about");
  await tabTo(page, "Remove the condition");
  await page.keyboard.press("Enter");
  await expect.poll(() => focused(page)).toBe("Whether they did it");
  expect(await page.getByRole("group", { name: "New condition" }).count()).toBe(0);

  await count(page).getByText("Among them").waitFor();
  const found = await count(page).getByText(/^[\d,]+$/).innerText();
  expect(await faults(page, "the builder", "structure")).toEqual([]);
  await tabTo(page, "Save segment");
  await page.keyboard.press("Enter");
  await page.getByRole("heading", { level: 1, name: "Golden buyers" }).waitFor();
  const main = page.getByRole("main");
  await main.getByText("Tier is gold", { exact: true }).waitFor();
  await main.getByText("did Order Placed at least 1 time where Amount is at least 1").waitFor();
  await main.locator("section").filter({ hasText: "Count again" }).getByText(found, { exact: true }).waitFor();
  await main.getByRole("row").nth(2).waitFor();
});

test("what a condition lacks, and what the server has against one, stands at that condition", async ({ page }) => {
  await page.goto(new URL("/people/segments/new", page.url()).href);
  await page.getByRole("button", { name: "Condition", exact: true }).click();
  await page.getByRole("button", { name: "Save segment" }).click();
  await page.getByText("A segment needs a name").waitFor();
  await expect.poll(() => focused(page)).toBe("Name");
  await page.getByRole("group", { name: "New condition" }).getByText("Choose what this is about.").waitFor();
  await page.getByRole("combobox", { name: "What the condition is about" }).fill("Last seen");
  await page.getByRole("option", { name: "Last seen", exact: true }).click();
  await page.getByRole("combobox", { name: "How Last seen is compared" }).selectOption({ label: "is between" });
  await page.getByRole("textbox", { name: "First day of Last seen" }).fill("2026-05-31");
  await page.getByRole("textbox", { name: "Last day of Last seen" }).fill("2026-05-01");
  await page.keyboard.press("Escape");
  await page.getByRole("group", { name: /^Condition: Last seen between/ }).getByText(/Expected no earlier than from/).waitFor();
  await count(page).getByText("One of the conditions cannot be: it is marked.").waitFor();
});

test("a segment in use says what uses it instead of going; one that is not used goes", async ({ page, demo }) => {
  const origin = demo.url;
  const make = async (name: string, query: object): Promise<string> => (await (await page.request.post(`${origin}/api/v1/segments`, { data: { name, query }, headers: { origin } })).json()).id;
  const inner = await make("Inside", { all: [] });
  await make("Outside", { all: [{ kind: "segment", segmentId: inner, in: true }] });
  await page.goto(`${origin}/people/segments/${inner}`);
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  const refused = page.getByRole("dialog", { name: "Inside is in use" });
  await refused.getByText("the segment Outside").waitFor();
  await refused.getByRole("button", { name: "Close" }).last().click();
  await page.getByRole("main").getByRole("link", { name: "the segment Outside" }).click();
  await page.getByText("is in segment Inside").waitFor();
  await page.getByRole("button", { name: "More", exact: true }).click();
  await page.getByRole("menuitem", { name: "Delete" }).click();
  await page.getByRole("button", { name: "Delete the segment" }).click();
  await page.getByText("Outside is deleted").waitFor();
  await page.getByRole("heading", { level: 1, name: "Segments" }).waitFor();
});

test("the people of a segment and of a list come page by page, and a search finds those it means", async ({ page, demo }) => {
  const post = async (path: string, data: object): Promise<{ id: string }> => (await page.request.post(`${demo.url}/api/v1/${path}`, { data, headers: { origin: demo.url } })).json();
  const everybody = await post("segments", { name: "All of them", query: { all: [] } });
  await page.goto(`${demo.url}/people/segments/${everybody.id}`);
  const rows = page.getByRole("table", { name: "segment people" }).getByRole("row");
  await page.getByRole("button", { name: "Show more" }).click();
  await expect.poll(() => rows.count(), { timeout: 15_000 }).toBeGreaterThan(51);

  const { items } = (await (await page.request.get(`${demo.url}/api/v1/contacts?limit=2&property=Tier&value=gold`)).json()) as { items: { id: string; name: string; phone: string }[] };
  const [one, other] = items;
  await page.getByRole("searchbox", { name: "Search people" }).fill(one?.phone ?? "");
  await expect.poll(() => rows.count(), { timeout: 15_000 }).toBe(2);
  await page.reload();
  await rows.getByRole("link", { name: one?.name ?? "", exact: true }).waitFor();
  expect(await rows.count()).toBe(2);

  const list = await post("lists", { name: "One of them" });
  await post(`lists/${list.id}/members`, { contactIds: [one?.id] });
  await page.goto(`${demo.url}/people/lists/${list.id}`);
  await page.getByRole("table", { name: "members" }).waitFor();
  await page.getByRole("searchbox", { name: "Search people" }).fill(other?.phone ?? "");
  await page.getByRole("heading", { name: "Nobody on the list matches" }).waitFor();
});

test("what the contacts are filtered by is kept as a segment", async ({ page }) => {
  await page.goto(new URL("/people/contacts?property=Tier&value=gold", page.url()).href);
  await page.getByRole("link", { name: "Keep as a segment" }).click();
  await page.getByRole("group", { name: "Condition: Tier is gold" }).waitFor();
});

test("a list is made from a CSV file: the column is chosen, and the rows of nobody can be downloaded", async ({ page, demo }) => {
  const people = (await (await page.request.get(`${demo.url}/api/v1/contacts?limit=3&property=Tier&value=gold`)).json()).items as { phone: string; name: string }[];
  const file = ["Guest;Home town;Mobile", ...people.map(({ name, phone }) => `${name};Pune;${phone}`), "Nobody;Goa;+15559990001"].join("\r\n");
  await page.getByRole("link", { name: "Lists", exact: true }).click();
  await page.getByRole("link", { name: "New list" }).first().click();
  await page.getByRole("textbox", { name: "Name" }).fill("Guests");
  await page.locator("input[type=file]").setInputFiles({ name: "guests.csv", mimeType: "text/csv", buffer: Buffer.from(file) });
  const column = page.getByRole("combobox", { name: "Column that says who" });
  await expect.poll(() => column.inputValue()).toBe("2");
  await page.getByText(`It begins with ${people[0]?.phone}`).waitFor();
  await page.getByRole("button", { name: "Make the list from the file" }).click();
  await page.getByRole("heading", { level: 1, name: "Guests" }).waitFor();
  const main = page.getByRole("main");
  for (const { name } of people) await main.getByRole("link", { name, exact: true }).waitFor();
  const download = page.waitForEvent("download");
  await page.getByRole("link", { name: "Unmatched rows as CSV" }).click();
  expect((await download).suggestedFilename()).toBe("Guests unmatched.csv");
});

test("the page of a list tells how far its file is read, and then what became of it", async ({ page, demo }) => {
  const { url } = demo;
  const list = await (await page.request.post(`${url}/api/v1/lists`, { data: { name: "Long file" }, headers: { origin: url } })).json();
  const file = { name: "long.csv", mimeType: "text/csv", buffer: Buffer.from("Mobile\r\n+15559990002\r\n") };
  const upload = () => page.request.post(`${url}/api/v1/lists/${list.id}/upload?by=phone`, { multipart: { file }, headers: { origin: url } });
  await upload();
  // As it answers while a longer file is being read.
  await page.route(`**/api/v1/lists/${list.id}`, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, lastUpload: { ...body.lastUpload, state: "running", bytesRead: 420_000, bytesTotal: 1_000_000, rows: 32_000 } } });
  });
  await page.goto(`${url}/people/lists/${list.id}`);
  const progress = page.getByRole("progressbar", { name: "Looking for the people of long.csv" });
  await progress.waitFor();
  expect(await progress.getAttribute("aria-valuenow")).toBe("42");
  await page.getByText("42% · 32,000 rows").waitFor();
  expect(await faults(page, "a file being read")).toEqual([]);
  // An answer may be under way.
  await page.unrouteAll({ behavior: "wait" });
  // The file may have been read before the page was there to hear of it.
  await upload();
  await page.getByText("Unmatched rows", { exact: true }).waitFor();
  expect(await progress.count()).toBe(0);
});

test("a file that is being read is stopped on the list's page, which says first what stays", async ({ page, demo }) => {
  const { url } = demo;
  const post = async (path: string, options: object): Promise<{ id: string }> => (await page.request.post(`${url}/api/v1/${path}`, { headers: { origin: url }, ...options })).json();
  const list = await post("lists", { data: { name: "Wrong file" } });
  const file = { name: "wrong.csv", mimeType: "text/csv", buffer: Buffer.from("Mobile\r\n+15559990003\r\n") };
  const upload = await post(`lists/${list.id}/upload?by=phone`, { multipart: { file } });
  // As it answers while a longer file is being read, until somebody stops it.
  const shown = { state: "running", bytesRead: 420_000, bytesTotal: 1_000_000, rows: 32_000 };
  await page.route(`**/api/v1/lists/${list.id}`, async (route) => {
    const response = await route.fetch();
    const body = await response.json();
    await route.fulfill({ response, json: { ...body, lastUpload: { ...body.lastUpload, ...shown } } });
  });
  await page.route(`**/api/v1/lists/${list.id}/uploads/${upload.id}/cancel`, async (route) => {
    shown.state = "cancelled";
    await route.fulfill({ json: { ...upload, ...shown } });
  });
  await page.goto(`${url}/people/lists/${list.id}`);
  await page.getByRole("button", { name: "Stop reading" }).click();
  const question = page.getByRole("dialog", { name: "Stop reading wrong.csv?" });
  await question.getByText("Those of the rows read so far stay on the list; the rows after them are not looked at.").waitFor();
  expect(await faults(page, "the question before a file is stopped")).toEqual([]);
  await question.getByRole("button", { name: "Stop reading" }).click();
  await page.getByText("Stopped on the way").waitFor();
  await question.waitFor({ state: "hidden" });
  expect(await page.getByRole("progressbar").count()).toBe(0);
  await page.unrouteAll({ behavior: "wait" });
});

test("picked contacts are put on a new list, and taken off it again", async ({ page }) => {
  await page.getByRole("link", { name: "Contacts", exact: true }).click();
  for (const row of [1, 2]) await page.getByRole("row").nth(row).getByRole("checkbox").check();
  await page.getByRole("button", { name: "Add to a list" }).click();
  const dialog = page.getByRole("dialog", { name: "Put 2 people on a list" });
  const another = dialog.getByRole("button", { name: "Make a new list" });
  const name = dialog.getByRole("textbox", { name: "Name of the new list" });
  await another.or(name).waitFor();
  if (await another.isVisible()) await another.click();
  await name.fill("Testers");
  await dialog.getByRole("button", { name: "Put on the list" }).click();
  await page.getByText("They are on Testers").waitFor();
  await page.getByRole("link", { name: "Lists", exact: true }).click();
  await page.getByRole("link", { name: "Testers" }).click();
  await page.getByRole("checkbox", { name: "Select all shown" }).check();
  await page.getByRole("button", { name: "Take off the list" }).click();
  await page.getByText("2 people are off the list").waitFor();
  await page.getByRole("heading", { name: "Nobody on it yet" }).waitFor();
  await page.getByRole("button", { name: "Undo" }).click();
  await page.getByRole("row").nth(2).waitFor();
});
