import { existsSync, rmSync, writeFileSync } from "node:fs";
import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { faults } from "../../../tests/support/axe.ts";
import { launchBrowser } from "../../../tests/support/browser.ts";
import { objectOf } from "./json.ts";
import { idOf, orderReady, phoneNumberId, startClient, text, until, type Client } from "./testing.ts";

const dist = new URL("../web/dist/", import.meta.url);
const built = existsSync(new URL("index.html", dist));

describe.skipIf(!built)("the phones page (skipped where it is not built)", () => {
  let client: Client;
  let browser: Browser;
  let page: Page;
  const strangers: string[] = [];

  beforeAll(async () => {
    client = await startClient();
    browser = await launchBrowser();
    page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage();
    page.on("request", (request) => {
      if (!request.url().startsWith(client.sandbox.url) && !request.url().startsWith("data:")) strangers.push(request.url());
    });
    await page.goto(client.sandbox.url);
  });
  afterAll(async () => {
    await browser?.close();
    await client?.close();
  });

  const ada = () => page.getByRole("region", { name: "Phone of Ada" });
  const received = (type: string) => client.app.change((value) => objectOf((value["messages"] as unknown[] | undefined)?.[0])["type"] === type);

  it("shows what arrives as it arrives, with header, formatting, footer and buttons", async () => {
    await client.send(orderReady(undefined, `${client.sandbox.url}/sandbox/assets/order.png`));
    await ada().getByText("is ready for collection").waitFor();
    expect(await ada().locator("strong", { hasText: "A-1042" }).count()).toBe(1);
    expect(await ada().getByRole("link", { name: "See order" }).getAttribute("href")).toBe("https://shop.example/orders/A-1042");
    expect(await ada().locator("img").evaluate((image: { naturalWidth: number }) => image.naturalWidth)).toBeGreaterThan(100);
  });

  it("presses a button, which reads the message and reaches the app", async () => {
    await ada().getByRole("button", { name: "On my way" }).click();
    expect(await received("button")).toMatchObject({ messages: [{ button: { text: "On my way" } }] });
    await ada().getByLabel("The business sees: read").waitFor();
  });

  it("writes a message whose ticks turn blue when the business reads it", async () => {
    await ada().getByRole("textbox", { name: "Message" }).fill("When do you close?");
    await ada().getByRole("button", { name: "Send" }).click();
    const value = await received("text");
    expect(await ada().getByLabel("read", { exact: true }).count()).toBe(0);
    await client.send({ to: undefined, status: "read", message_id: objectOf((value["messages"] as unknown[])[0])["id"], typing_indicator: { type: "text" } });
    await ada().getByLabel("read", { exact: true }).first().waitFor();
    await ada().getByText("typing…").waitFor();
  });

  it("picks from a list", async () => {
    const action = { button: "Choose a time", sections: [{ rows: [{ id: "s1", title: "10:00" }, { id: "s2", title: "11:00" }] }] };
    await client.send({ type: "interactive", interactive: { type: "list", body: { text: "When?" }, action } });
    await ada().getByRole("button", { name: "Choose a time" }).click();
    await ada().getByLabel("11:00").check();
    await ada().getByRole("form", { name: "Choose a time" }).getByRole("button", { name: "Send" }).click();
    expect(await received("interactive")).toMatchObject({ messages: [{ interactive: { list_reply: { id: "s2" } } }] });
  });

  it("closes the Attach menu on Escape and when something was picked, and its button has the focus again", async () => {
    const attach = ada().getByRole("button", { name: "Attach" });
    const hasFocus = () => attach.evaluate((button) => button === button.ownerDocument.activeElement);
    await attach.press("Enter");
    await ada().getByRole("button", { name: "Sticker" }).press("Escape");
    await ada().getByRole("button", { name: "Sticker" }).waitFor({ state: "detached" });
    expect([await hasFocus(), await attach.getAttribute("aria-expanded")]).toEqual([true, "false"]);
    await attach.press("Enter");
    await ada().getByRole("textbox", { name: "Message" }).press("Escape");
    expect([await hasFocus(), await attach.getAttribute("aria-expanded")]).toEqual([true, "false"]);
    await attach.press("Enter");
    await ada().getByRole("button", { name: "Contact" }).press("Enter");
    await received("contacts");
    expect([await hasFocus(), await attach.getAttribute("aria-expanded")]).toEqual([true, "false"]);
  });

  it("stops offers", async () => {
    await ada().getByRole("button", { name: "Stop offers" }).click();
    await client.app.change((_, field) => field === "user_preferences");
    await ada().getByRole("button", { name: "Allow offers" }).waitFor();
    expect((await client.control("GET", "/phones/15550100123")).body["stopped"]).toEqual([phoneNumberId]);
  });

  it("counts an offer down", async () => {
    const limit = { type: "limited_time_offer", parameters: [{ type: "limited_time_offer", limited_time_offer: { expiration_time_ms: Date.now() + 7_265_000 } }] };
    const code = { type: "button", sub_type: "copy_code", index: "0", parameters: [{ type: "coupon_code", coupon_code: "SPRING15" }] };
    const answer = await client.send({ to: "+15550100145", type: "template", template: { name: "spring_offer", language: { code: "en" }, components: [limit, code] } });
    expect(idOf(answer)).toMatch(/^wamid\./);
    const ben = page.getByRole("region", { name: "Phone of Ben" });
    await ben.getByText(/Offer ends in 2 h \d+ min \d+ s/).waitFor();
  });

  it("adds a phone by its number", async () => {
    await page.getByRole("textbox", { name: "Number of a new phone" }).fill("+91 80000 00002");
    await page.getByRole("button", { name: "Add the phone" }).click();
    await page.getByRole("region", { name: "Phone of +918000000002" }).waitFor();
    await client.control("POST", "/phones/918000000002/messages", text("hello"));
    expect(await until(() => client.app.received.some(({ raw }) => raw.includes("918000000002")))).toBe(true);
  });

  it.each(["light", "dark"] as const)("has nothing that axe finds, in %s colours", async (colours) => {
    const other = page.getByRole("button", { name: colours === "dark" ? "Dark colours" : "Light colours" });
    if (await other.isVisible()) await other.click();
    await page.getByRole("button", { name: "Behaviour" }).click();
    expect(await faults(page, `${colours} colours`)).toEqual([]);
    await page.getByRole("button", { name: "Close the panel" }).click();
  }, 60_000);

  it("is served as it is on the disk: also with files that were built after the sandbox started", async () => {
    const later = new URL("assets/built-later.js", dist);
    const ask = async () => (await fetch(`${client.sandbox.url}/assets/built-later.js`)).status;
    try {
      writeFileSync(later, "");
      expect(await ask()).toBe(200);
    } finally {
      rmSync(later);
    }
    expect(await ask()).toBe(404);
  });

  it("fits a screen of 390 pixels and asks no other server for anything", async () => {
    await page.setViewportSize({ width: 390, height: 844 });
    expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
    expect(await ada().getByRole("textbox", { name: "Message" }).isVisible()).toBe(true);
    expect(strangers).toEqual([]);
  });
});
