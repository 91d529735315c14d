/** Campaigns from the name to what became of them, written in the wizard and followed to the sandbox's phones. */
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

const ada = { name: "Ada Osei", phone: "+15550100123" };
const ben = { name: "Ben Whitlock", phone: "+15550100145" };

interface Counted {
  state: string;
  counts: Record<string, number>;
}

const test = demoTest.extend("people", { scope: "file" }, async ({ demo }) => {
  // The demo's people have phones of the sandbox that nobody looks at; these two are shown on the phones page.
  for (const person of [ada, ben]) await post(demo, "contacts", { ...person, optIn: true });
  return [ada, ben];
});

async function post({ context, url }: { context: { request: Page["request"] }; url: string }, path: string, data: object): Promise<void> {
  const response = await context.request.post(`${url}/api/v1/${path}`, { data, headers: { origin: url } });
  expect(response.ok(), await response.text()).toBe(true);
}

/** The campaign that is open, as the API tells it. */
async function openOne(page: Page): Promise<Counted> {
  const [, id] = /\/campaigns\/([^/?]+)/.exec(page.url()) ?? [];
  return (await page.request.get(new URL(`/api/v1/campaigns/${id}`, page.url()).href)).json();
}

async function begin(page: Page, name: string): Promise<void> {
  await page.getByRole("link", { name: "Campaigns", exact: true }).click();
  await page.getByRole("button", { name: "New campaign" }).click();
  await page.getByRole("dialog").getByRole("textbox", { name: "Name" }).fill(name);
  await page.getByRole("button", { name: "Make the draft" }).click();
  await page.getByRole("heading", { level: 1, name }).waitFor();
}

const next = (page: Page) => page.getByRole("button", { name: "Continue" }).click();
const step = (page: Page, name: RegExp) => page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name }).click();
const section = (page: Page, name: string) => page.locator("section").filter({ has: page.getByRole("heading", { level: 2, name, exact: true }) });

async function choose(page: Page, within: string, template: string): Promise<void> {
  await section(page, within).getByLabel("Template", { exact: true }).first().click();
  await page.getByRole("option", { name: template }).click();
}

/** Fills what the demo's order template leaves open; `image` is on this machine. */
async function fillOrder(page: Page, within: string, image: string): Promise<void> {
  const card = section(page, within);
  await card.getByRole("textbox", { name: "Address of the image" }).fill(image);
  await card.getByRole("textbox", { name: "Value of {{2}}", exact: true }).fill("A-1042");
  await card.getByRole("textbox", { name: "End of the link “See order”" }).fill("A-1042");
}

/** From the review to the campaign's page. */
async function launch(page: Page): Promise<void> {
  await page.getByRole("button", { name: "Launch", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^(Send to|Launch it)/ }).click();
  await page.getByRole("heading", { name: "What it is" }).waitFor();
}

const bar = (page: Page, label: string, count: string | RegExp) => page.getByRole("list", { name: "Messages" }).getByRole("button", { name: new RegExp(`^${label} ?${count instanceof RegExp ? count.source : count}\\b`) });

/** The campaign that is paused first and looked at again last: its next messages wait for the next minute. */
let slowly: string;

test("a campaign pauses in the middle", async ({ page, people }) => {
  await begin(page, "Slowly");
  expect(people).toHaveLength(2);
  await page.getByRole("radio", { name: "Everybody" }).click();
  await next(page);
  await choose(page, "Template", "hello_world (en_US)");
  await next(page);
  await page.getByRole("radio", { name: "Now" }).click();
  await page.getByRole("button", { name: "More rules" }).click();
  await page.getByRole("textbox", { name: "Messages a minute" }).fill("100");
  await step(page, /^Review/);
  await page.getByText("No more than 100 a minute.").waitFor();
  await launch(page);
  await bar(page, "Queued", /\d+/).waitFor();
  await page.getByRole("button", { name: "Pause" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  slowly = page.url();
  const held = async () => (await openOne(page)).counts["submitted"] ?? 0;
  // What was on its way to the provider has arrived by the time the page is there again.
  await page.reload();
  await page.getByRole("button", { name: "Resume" }).waitFor();
  const paused = await openOne(page);
  const before = await held();
  expect(paused.state).toBe("paused");
  // A minute's messages at most, of more people than that.
  expect(paused.counts["queued"]).toBeLessThanOrEqual(100);
  await bar(page, "Queued", /\d+/).click();
  await page.getByRole("dialog", { name: "Queued" }).getByRole("row").nth(1).waitFor();
  await page.keyboard.press("Escape");
  expect(await held()).toBe(before);
  await page.getByRole("button", { name: "Resume" }).click();
  await page.getByRole("button", { name: "Resume" }).waitFor({ state: "detached" });
});

test("a campaign written in the wizard reaches demo people, and a phone's read receipt shows on its page", async ({ demo, page, people }) => {
  await begin(page, "Orders are ready");
  await page.getByRole("radio", { name: "Typed numbers" }).click();
  await page.getByRole("textbox", { name: "Numbers" }).fill(people.map(({ phone }) => phone).join("\n"));
  await page.getByText("2 people", { exact: true }).waitFor();

  await next(page);
  await choose(page, "Template", "order_ready (en)");
  await fillOrder(page, "Message", `${demo.phonesUrl}/sandbox/assets/order.png`);
  await page.getByRole("button", { name: "Insert a property into Value of {{1}}" }).click();
  await page.getByRole("option", { name: "Name", exact: true }).click();
  await page.getByLabel("When name is empty, in Value of {{1}}").fill("there");
  await page.getByRole("figure", { name: /Preview/ }).getByText(/^Hi (Ada Osei|Ben Whitlock), your order/).waitFor();

  await next(page);
  await page.getByRole("radio", { name: "Now" }).click();
  await next(page);
  await page.getByRole("heading", { name: "Control group" }).waitFor();
  await next(page);
  await page.getByText("2 typed numbers.").waitFor();
  await page.getByRole("list", { name: "Before sending" }).getByText("Get it").waitFor();
  await launch(page);
  await bar(page, "Delivered", "2").waitFor();

  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  const phone = phones.getByRole("region", { name: "Phone of Ada" });
  // Meanwhile the other campaign may have written to her too: her answer says to what. Whoever answers has read it.
  const row = phone.getByText(/^Hi Ada Osei, your order/).first().locator("xpath=ancestor::div[.//button[@aria-label='Reply to this message']][1]");
  await row.getByRole("button", { name: "Reply to this message" }).click();
  await phone.getByRole("textbox", { name: "Message" }).fill("On my way");
  await phone.getByRole("button", { name: "Send", exact: true }).click();
  await bar(page, "Replied", "1").waitFor();
  await bar(page, "Read", /[12]/).click();
  await page.getByRole("dialog", { name: "Read" }).getByRole("link", { name: "Ada Osei" }).waitFor();
});

test("an A/B campaign gives its variants to parts of everybody, and the people behind a number say which", async ({ demo, page, people }) => {
  await begin(page, "Two ways to say it");
  expect(people).toHaveLength(2);
  await page.getByRole("radio", { name: "Everybody" }).click();
  await next(page);
  await choose(page, "Template", "hello_world (en_US)");
  await page.getByText("A/B", { exact: true }).click();
  await choose(page, "Variant B", "order_ready (en)");
  await fillOrder(page, "Variant B", `${demo.phonesUrl}/sandbox/assets/order.png`);
  await section(page, "Variant B").getByRole("textbox", { name: "Value of {{1}}", exact: true }).fill("you");
  await section(page, "Variant A").getByRole("textbox", { name: "Share, in percent" }).fill("60");
  await next(page);
  await page.getByRole("radio", { name: "Now" }).click();
  await step(page, /^What/);
  await page.getByText("The shares add up to 110, not to 100.").waitFor();
  await section(page, "Variant B").getByRole("textbox", { name: "Share, in percent" }).fill("40");
  await page.getByText(/The shares add up/).waitFor({ state: "detached" });
  await step(page, /^Review/);
  await page.getByText("A/B: A 60% hello_world (en_US) and B 40% order_ready (en).").waitFor();
  await page.getByText(/^By variant: A \d+, B \d+\.$/).waitFor();
  await launch(page);
  // More than the part of everybody that has A. They come first in the list, and are more than a page of it.
  await expect.poll(async () => ((await openOne(page)).counts["delivered"] ?? 0) / ((await openOne(page)).counts["queued"] ?? 1), { timeout: 60_000 }).toBeGreaterThan(0.8);
  await page.reload();
  await bar(page, "Delivered", /\d{2,}/).click();
  const behind = page.getByRole("dialog", { name: "Delivered" });
  await behind.getByRole("cell", { name: "A", exact: true }).first().waitFor();
  await behind.getByRole("button", { name: "Show more" }).click();
  await behind.getByRole("cell", { name: "B", exact: true }).first().waitFor();
});

test("a live offer reaches whoever does the event, with what the event said", async ({ demo, page, people }) => {
  await post(demo, "events", { events: [{ phone: people[1]?.phone, name: "Basket left", properties: { Item: "tulips" } }] });
  await begin(page, "Still in your basket");
  await page.getByRole("radio", { name: "Everybody" }).click();
  await step(page, /^When/);
  await page.getByRole("radio", { name: "When somebody does something" }).click();
  await page.getByRole("textbox", { name: "Event" }).or(page.getByRole("combobox", { name: "Event" })).first().fill("Basket left");
  await page.keyboard.press("Escape");
  await step(page, /^What/);
  await choose(page, "Template", "order_ready (en)");
  await fillOrder(page, "Message", `${demo.phonesUrl}/sandbox/assets/order.png`);
  await page.getByRole("button", { name: "Insert a property into Value of {{1}}" }).click();
  await page.getByRole("option", { name: "Item", exact: true }).click();
  await step(page, /^Review/);
  await page.getByText(/^Whenever somebody does “Basket left”: at once/).waitFor();
  await launch(page);
  await page.getByText("Running", { exact: true }).first().waitFor();

  await post(demo, "events", { events: [{ phone: people[0]?.phone, name: "Basket left", properties: { Item: "two lilies" } }] });
  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  await phones.getByRole("region", { name: "Phone of Ada" }).getByText(/^Hi two lilies, your order/).first().waitFor();
  await bar(page, "Delivered", "1").waitFor();

  await page.getByRole("button", { name: "Stop" }).click();
  await page.getByRole("dialog").getByRole("button", { name: "Stop it for good" }).click();
  await page.getByText("Stopped", { exact: true }).first().waitFor();
});

test("the campaign that was paused goes on and reaches each remaining person once", async ({ page }) => {
  await page.goto(slowly);
  await page.getByText("Completed", { exact: true }).first().waitFor({ timeout: 100_000 });
  const done = await openOne(page);
  expect(done.counts["submitted"]).toBe(done.counts["queued"]);
  expect(done.counts["submitted"]).toBeGreaterThan(100);
  // One message per person: everybody behind the number is another one.
  const [, id] = /\/campaigns\/([^/?]+)/.exec(slowly) ?? [];
  const { items } = (await (await page.request.get(new URL(`/api/v1/campaigns/${id}/people?step=queued&limit=200`, page.url()).href)).json()) as { items: { contactId: string }[] };
  expect(new Set(items.map(({ contactId }) => contactId)).size).toBe(done.counts["queued"]);
});
