import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest as test } from "../support/visit.ts";

/** The card's steps and whether each is ticked off. */
const steps = (page: Page) =>
  page.getByRole("region", { name: "First steps" }).getByRole("listitem").evaluateAll((items) => items.map((item) => item.hasAttribute("data-done")));

test("the printed link has signed the newcomer in on Home, and signs nobody in a second time", async ({ demo, page, open }) => {
  await page.getByRole("heading", { level: 1, name: "Hello, Demo" }).waitFor();
  expect(new URL(page.url()).pathname).toBe("/");
  const late = await open(demo.link);
  await late.getByRole("heading", { name: "Sign in" }).waitFor();
  await late.getByText("The demo prints a one-time link").waitFor();
});

test("the newcomer's card names six steps, and the test ticks itself off when it has happened", async ({ page }) => {
  const card = page.getByRole("region", { name: "First steps" });
  for (const step of ["Open a phone", "Send yourself a test", "Look at its trace", "Write back from the phone", "Make a campaign", "Connect a real number"]) {
    await card.getByRole("link", { name: step }).waitFor();
  }
  expect(await steps(page)).toEqual([false, false, false, false, false, false]);

  const sender = await page.context().newPage();
  await sender.goto(new URL("/channels/platforms", page.url()).href);
  await sender.getByRole("link", { name: "CleverTap (demo)" }).click();
  await sender.getByRole("button", { name: "Send test" }).click();
  await expect.poll(() => steps(page)).toEqual([false, true, false, false, false, false]);
});

test("opening a phone and the trace ticks off their steps, and the phone shows what arrived", async ({ page }) => {
  const card = page.getByRole("region", { name: "First steps" });
  const [phones] = await Promise.all([page.waitForEvent("popup"), card.getByRole("link", { name: "Open a phone" }).click()]);
  await phones.getByRole("region", { name: "Phone of Ada" }).getByText("is ready for collection").waitFor();
  await page.getByRole("link", { name: /order_ready/ }).click();
  await page.getByRole("heading", { name: "Trace" }).waitFor();
  await page.getByRole("link", { name: "Home" }).click();
  await expect.poll(() => steps(page)).toEqual([true, true, true, false, false, false]);
});

test("the card can be put away and stays away", async ({ page }) => {
  const card = page.getByRole("region", { name: "First steps" });
  await card.getByRole("button", { name: "Put away the first steps" }).click();
  await card.waitFor({ state: "detached" });
  await page.reload();
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  expect(await card.count()).toBe(0);
});

test("a figure on Home opens as many messages as it counts, those that went further since among them", async ({ page, demo }) => {
  const { request } = page.context();
  const headers = { origin: demo.url };
  const { items: deployments } = await (await request.get(`${demo.url}/api/v1/deployments`)).json();
  const url = `${demo.url}/api/v1/deployments/${deployments[0].id}/test-request`;
  const template = { kind: "template", template: "order_ready", language: "en", values: ["Ada", "A-1042"] };
  for (const to of ["+15550100181", "+15550100182"]) await request.post(url, { headers, data: { to, ...template } });
  await request.post(url, { headers, data: { to: "+15550100183", kind: "text", text: "Hello" } });
  const count = async (query: string): Promise<number> => (await (await request.get(`${demo.url}/api/v1/messages?limit=200&${query}`)).json()).items.length;
  await expect.poll(() => count("state=delivered&q=15550100182")).toBe(1);
  await request.post(`${demo.phonesUrl}/sandbox/phones/15550100182/read`, { data: {} });
  await expect.poll(() => count("state=read&q=15550100182")).toBe(1);
  await expect.poll(() => count("state=delivered&q=15550100181")).toBe(1);
  await expect.poll(() => count("state=failed&q=15550100183")).toBe(1);
  // What Home reads is up to two seconds old.
  const numbers = { accepted: await count(""), delivered: await count("reached=delivered"), read: await count("reached=read"), failed: await count("reached=failed") };
  await expect.poll(async () => (await (await request.get(`${demo.url}/api/v1/overview`)).json()).numbers).toMatchObject(numbers);

  const table = page.getByRole("table", { name: "messages" });
  const counted: Record<string, number> = {};
  for (const label of ["Accepted", "Delivered", "Read", "Failed"]) {
    await page.goto(demo.url);
    const figure = page.getByRole("link", { name: new RegExp(`^${label}\\s*\\d+$`) });
    counted[label] = Number(/\d+/.exec(await figure.innerText())?.[0]);
    await figure.click();
    await table.waitFor();
    await expect.poll(async () => (await table.getByRole("row").count()) - 1).toBe(counted[label]);
  }
  expect(counted["Delivered"]).toBeGreaterThan(counted["Read"]!);
  expect(counted["Read"]).toBeGreaterThan(0);

  await page.goto(demo.url);
  await page.getByRole("link", { name: /^Delivered\s*\d+$/ }).click();
  await table.getByRole("link", { name: "+1 555 010 0182" }).waitFor();
  expect(await page.getByRole("combobox", { name: "Step taken" }).inputValue()).toBe("delivered");
  await page.getByRole("combobox", { name: "Step taken" }).selectOption("");
  await table.getByRole("link", { name: "+1 555 010 0183" }).waitFor();
  expect(new URL(page.url()).searchParams.has("reached")).toBe(false);
});
