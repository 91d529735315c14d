import { expect } from "vitest";
import { sharedDemoTest } from "../support/visit.ts";

interface Sent {
  msgId: string;
  to: string;
}

/** One message that is delivered, and one that fails because nobody there wrote within 24 hours. */
const test = sharedDemoTest.extend("sent", { scope: "file" }, async ({ browser, demo }): Promise<{ delivered: Sent; failed: Sent }> => {
  const context = await browser.newContext({ storageState: demo.admin, extraHTTPHeaders: { origin: demo.url } });
  const deployments = await (await context.request.get(`${demo.url}/api/v1/deployments`)).json();
  const send = async (to: string, request: object): Promise<Sent> => {
    const answer = await context.request.post(`${demo.url}/api/v1/deployments/${deployments.items[0].id}/test-request`, { data: { to, ...request } });
    return { msgId: (await answer.json()).request.body.msgId, to };
  };
  const delivered = await send("+15550100161", { kind: "template", template: "order_ready", language: "en", values: ["Ada", "A-1042"] });
  const failed = await send("+15550100162", { kind: "text", text: "Hello" });
  await expect.poll(async () => (await (await context.request.get(`${demo.url}/api/v1/messages?state=delivered&q=15550100161`)).json()).items.length).toBe(1);
  await context.close();
  return { delivered, failed };
});

test("a message is found by its msgId", async ({ page, sent }) => {
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  const table = page.getByRole("table", { name: "messages" });
  await table.getByRole("link", { name: "+1 555 010 0162" }).waitFor();
  await page.getByRole("searchbox", { name: "Search messages" }).fill(sent.delivered.msgId);
  await table.getByRole("link", { name: "+1 555 010 0162" }).waitFor({ state: "detached" });
  await table.getByRole("link", { name: "+1 555 010 0161" }).click();
  await page.getByText(sent.delivered.msgId, { exact: true }).waitFor();
});

test("filters are kept in the address and survive a reload", async ({ page, sent }) => {
  await page.getByRole("link", { name: "Messages", exact: true }).click();
  await page.getByRole("combobox", { name: "State" }).selectOption("failed");
  await page.getByRole("searchbox", { name: "Search messages" }).fill(sent.failed.to.slice(1));
  await page.waitForURL((url) => url.searchParams.has("q") && url.searchParams.get("state") === "failed");
  await page.reload();
  const table = page.getByRole("table", { name: "messages" });
  await table.getByText("The 24-hour customer service window is closed.").waitFor();
  expect(await table.getByRole("row").count()).toBe(2);
  expect(await page.getByRole("combobox", { name: "State" }).inputValue()).toBe("failed");
  expect(await page.getByRole("searchbox", { name: "Search messages" }).inputValue()).toBe(sent.failed.to.slice(1));
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await table.getByRole("link", { name: "+1 555 010 0161" }).waitFor();
  expect(new URL(page.url()).search).toBe("");
});

test("a search without a match says so, and offers no dead end", async ({ page, sent }) => {
  await page.goto(new URL(`/messages?q=${sent.delivered.msgId.replaceAll("|", "%7C")}-not`, page.url()).href);
  await page.getByText("No message matches").waitFor();
  await page.getByRole("button", { name: "Clear", exact: true }).click();
  await page.getByRole("table", { name: "messages" }).waitFor();
});

test("a failed message says what happened and what to do", async ({ page, sent }) => {
  await page.goto(new URL(`/messages?q=${sent.failed.to.slice(1)}`, page.url()).href);
  await page.getByRole("link", { name: "+1 555 010 0162" }).click();
  await page.getByText("The 24-hour customer service window is closed. (1008)").waitFor();
  await page.getByText("Send an approved template instead.").first().waitFor();
});

test("the list is saved as a CSV file", async ({ page, sent }) => {
  await page.goto(new URL(`/messages?q=${sent.delivered.to.slice(1)}`, page.url()).href);
  await page.getByRole("table", { name: "messages" }).waitFor();
  const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
  expect(download.suggestedFilename()).toBe("messages.csv");
  const chunks: Buffer[] = [];
  for await (const chunk of await download.createReadStream()) chunks.push(chunk as Buffer);
  const lines = Buffer.concat(chunks).toString().trim().split("\n");
  expect(lines).toHaveLength(2);
  expect(lines[1]).toContain(sent.delivered.msgId);
});

test("the templates show a green dot for approved, and one template as a phone shows it", async ({ page }) => {
  await page.getByRole("link", { name: "Templates", exact: true }).click();
  const row = page.getByRole("row", { name: /order_ready.*Sandbox number/ });
  await row.getByText("Approved").waitFor();
  const colour = await row.getByRole("cell", { name: "Approved" }).locator("[aria-hidden=true]").evaluate((dot) => dot.computedStyleMap().get("background-color")?.toString());
  expect(colour).toBe("rgb(47, 158, 68)");
  await row.getByRole("link", { name: "order_ready" }).click();
  const phone = page.getByRole("figure", { name: "Preview of the chat with Sandbox number" });
  await phone.getByText("Hi Ada, your order").waitFor();
  await phone.getByText("On my way").waitFor();
  await expect.poll(() => phone.locator("img").evaluate((picture: { naturalWidth: number }) => picture.naturalWidth)).toBeGreaterThan(100);
  await page.getByText("With variables").click();
  await phone.getByText("Hi {{1}}, your order").waitFor();
});
