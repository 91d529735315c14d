import { readFile } from "node:fs/promises";
import type { Locator, Page } from "playwright-core";
import { expect } from "vitest";
import { faults } from "../support/axe.ts";
import { demoTest } from "../support/visit.ts";

const people = ["Asha Menon", "Bela Varga", "Chidi Obi", "Dora Lind", "Emre Kaya"];
/** The last of them ends in 7, and nothing reaches such a number. */
const numberOf = (n: number): string => `+9198765431${n === people.length - 1 ? "17" : `2${n}`}`;

/** A campaign to five people: four get it and read it, one is not on WhatsApp. */
const test = demoTest.extend("campaign", { scope: "file" }, async ({ demo }): Promise<string> => {
  const { request } = demo.context;
  const call = async <T>(path: string, data: object): Promise<T> => {
    const answer = await request.post(`${demo.url}/api/v1${path}`, { data, headers: { origin: demo.url } });
    if (!answer.ok()) throw new Error(`${path}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  await request.put(`${demo.phonesUrl}/sandbox/behaviour`, { data: { receipts: { readAfterMs: [50, 100] }, errors: [{ to: ["*7"], code: 131_026, as: "status" }] } });
  for (const [n, name] of people.entries()) await call("/contacts", { name, phone: numberOf(n), optIn: true });
  const { items } = (await (await request.get(`${demo.url}/api/v1/providers`)).json()) as { items: { id: string; kind: string }[] };
  const { id } = await call<{ id: string }>("/campaigns", {
    name: "Harvest letter",
    provider: items.find(({ kind }) => kind === "cloud-api")?.id,
    audience: { phones: people.map((_, n) => numberOf(n)) },
    schedule: { kind: "now" },
    content: { mode: "single", variants: [{ key: "A", template: { name: "hello_world", language: "en_US" }, values: {} }] },
  });
  await call(`/campaigns/${id}/launch`, {});
  return id;
});

const tile = (page: Page, count: string): Locator => page.locator(`[data-count="${count}"]`);
const openReport = (page: Page, campaign: string) => page.goto(new URL(`/campaigns/${campaign}?tab=report`, page.url()).href);

// It waits for the server to start, too.
test("the numbers follow while messages arrive, and each opens the people behind it", { timeout: 360_000 }, async ({ page, campaign }) => {
  await openReport(page, campaign);
  await page.evaluate("window.isTheSamePage = true");
  await tile(page, "read").getByText("4", { exact: true }).waitFor();
  await tile(page, "delivered").getByText("80%").waitFor();
  expect(await page.evaluate("window.isTheSamePage === true")).toBe(true);

  await tile(page, "delivered").getByRole("button").click();
  const delivered = page.getByRole("dialog", { name: "Delivered" });
  await expect.poll(async () => (await delivered.getByRole("row").getByRole("link", { name: /^[A-Z][a-z]+ [A-Z]/ }).allTextContents()).toSorted()).toEqual(people.slice(0, 4));
});

test("a failure says what it means and what to do, and leads to the person", async ({ page, campaign }) => {
  await openReport(page, campaign);
  const row = page.getByRole("list", { name: "Taken and not delivered" }).getByRole("listitem");
  await row.getByText("The number is not on WhatsApp").waitFor();
  await row.getByText("What to do:").waitFor();
  await row.getByRole("button", { name: "1 person" }).click();
  await page.getByRole("dialog").getByRole("link", { name: "Emre Kaya" }).waitFor();
});

test("the trend can be read as a table", async ({ page, campaign }) => {
  await openReport(page, campaign);
  // Beside the chart for those who do not see it, and in its place for all.
  const table = page.getByRole("table", { name: /^By (hour|day)$/ });
  await table.waitFor({ state: "attached" });
  await page.getByText("Table", { exact: true }).click();
  // Sent, delivered, read, clicked, replied, failed; an hour that ends meanwhile makes a second row.
  const sums = [0, 0, 0, 0, 0, 0];
  for (const row of (await table.getByRole("row").all()).slice(1)) {
    const cells = await row.getByRole("cell").allTextContents();
    cells.forEach((text, column) => (sums[column] = (sums[column] ?? 0) + Number(text)));
  }
  expect(sums).toEqual([4, 4, 4, 0, 0, 1]);
});

test("the overview puts a period together by campaign, template or day, and leads to the report", async ({ page, campaign }) => {
  await page.getByRole("link", { name: "Reports", exact: true }).click();
  const overview = page.getByRole("table", { name: "overview" });
  const row = overview.getByRole("row").filter({ hasText: "Harvest letter" });
  await row.waitFor();
  await tile(page, "delivered").waitFor();
  await page.getByRole("combobox", { name: "Put together by" }).selectOption("template");
  await overview.getByText("hello_world (en_US)").waitFor();
  await page.getByRole("combobox", { name: "Put together by" }).selectOption("");
  await row.getByRole("link").click();
  await page.getByRole("tab", { name: "Report", selected: true }).waitFor();
  expect(page.url()).toContain(campaign);
});

test("the best hours are numbers in a table, and the best is named in words", async ({ page, campaign }) => {
  await openReport(page, campaign);
  await tile(page, "read").getByText("4", { exact: true }).waitFor();
  await page.goto(new URL("/reports/best-hours", page.url()).href);
  const cells = page.getByRole("table", { name: "Reads by hour of the week" }).getByRole("cell");
  await cells.first().waitFor();
  expect(await cells.count()).toBe(7 * 24);
  const best = await page.getByRole("list").filter({ hasText: "reads" }).getByRole("listitem").first().textContent();
  expect(await faults(page, "the best hours")).toEqual([]);
  expect(best).toMatch(/^(Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day, \d\d:00 to \d\d:00: \d+ of \d+ reads/);
});

test("an export is made and downloaded, with a row for each message", async ({ page, campaign }) => {
  await openReport(page, campaign);
  await tile(page, "read").getByText("4", { exact: true }).waitFor();
  await page.goto(new URL("/reports/exports", page.url()).href);
  await page.getByRole("combobox", { name: "Campaign" }).click();
  await page.getByRole("option", { name: "Harvest letter" }).click();
  await page.getByRole("button", { name: "Make the file" }).click();
  const link = page.getByRole("link", { name: "Download Harvest letter as CSV" });
  await link.waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), link.click()]);
  const lines = (await readFile(await download.path(), "utf8")).trim().split(/\r?\n/);
  expect(lines).toHaveLength(1 + people.length);
  for (const name of people) expect(lines.some((line) => line.includes(name)), name).toBe(true);
});

test("a rate card, pasted from CSV, gives a campaign its cost", async ({ page, campaign }) => {
  await openReport(page, campaign);
  await tile(page, "cost").getByText("4 without a price").waitFor();
  await page.getByRole("link", { name: "rate card" }).click();
  await page.getByText("No prices yet").waitFor();
  await page.getByRole("button", { name: "Paste from CSV" }).click();
  const dialog = page.getByRole("dialog", { name: "Paste prices" });
  await dialog.getByRole("textbox", { name: "Prices" }).fill("market,category,from,price\n91,Utility,2026-01-01,0.25\nIndia,Utility,2026-01-01,0.25");
  await dialog.getByText("1 line cannot be read").waitFor();
  await dialog.getByRole("textbox", { name: "Prices" }).fill("market,category,from,price\n91,Utility,2026-01-01,0.25");
  await dialog.getByRole("button", { name: "Take 1 price" }).click();
  await page.getByRole("row").filter({ hasText: "India" }).getByText("$0.25").waitFor();
  await page.getByRole("button", { name: "Save the rate card" }).click();
  await page.getByText("The rate card is saved").waitFor();
  await openReport(page, campaign);
  await tile(page, "cost").getByText("$1.00").waitFor();
});

test("a report is scheduled to a webhook, changed, and deleted with a way back", async ({ page }) => {
  await page.goto(new URL("/reports/scheduled", page.url()).href);
  await page.getByText(/ at UTC time\.$/).waitFor();
  await page.getByRole("button", { name: "Schedule a report" }).first().click();
  const dialog = page.getByRole("dialog", { name: "New scheduled report" });
  await dialog.getByRole("textbox", { name: "Name" }).fill("Morning numbers");
  await dialog.getByRole("combobox", { name: "Every" }).selectOption("day");
  await dialog.getByText("To a webhook").click();
  await dialog.getByRole("textbox", { name: "Webhook address" }).fill("https://example.com/reports");
  await dialog.getByRole("button", { name: "Schedule it" }).click();
  const row = page.getByRole("row").filter({ hasText: "Morning numbers" });
  await row.getByText("Every day at 09:00").waitFor();

  await row.getByRole("button", { name: "Edit Morning numbers" }).click();
  const edit = page.getByRole("dialog", { name: "Edit Morning numbers" });
  await edit.getByRole("button", { name: "Copy Secret" }).waitFor();
  await edit.getByRole("combobox", { name: "Every" }).selectOption("week");
  await edit.getByRole("combobox", { name: "On" }).selectOption("5");
  await edit.getByRole("button", { name: "Save" }).click();
  await row.getByText("Every Friday at 09:00").waitFor();

  await row.getByRole("button", { name: "Delete Morning numbers" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Delete" }).click();
  await row.waitFor({ state: "detached" });
  await page.getByRole("button", { name: "Undo" }).click();
  await row.getByText("Every Friday at 09:00").waitFor();
});

test("the search leads to each page of the reports", async ({ page }) => {
  await page.getByRole("button", { name: /^Search/ }).click();
  await page.getByRole("textbox", { name: "Search everything" }).fill("rate ca");
  await page.getByRole("button", { name: "Rate card" }).click();
  await page.getByRole("heading", { level: 1, name: "Rate card" }).waitFor();
});
