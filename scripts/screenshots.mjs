// Takes the pictures of the README and the docs from a demo made for them: node scripts/screenshots.mjs
import { mkdirSync, statSync } from "node:fs";
import path from "node:path";
import { launchBrowser } from "../tests/support/browser.ts";
import { Platform } from "../tests/support/platform.ts";
import { Tincan } from "../tests/support/tincan.ts";

const folder = path.resolve("docs/images");
/** Pictures are in the repository; a heavier one would make every clone heavier. */
const MOST_BYTES = 300_000;

async function signInLink(tincan) {
  for (let i = 0; i < 100; i++) {
    const link = /Sign in +(\S+)/.exec(tincan.said)?.[1];
    if (link) return link;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  throw new Error("The demo printed no link.");
}

async function take(page, name) {
  const file = path.join(folder, `${name}.png`);
  await page.screenshot({ path: file, animations: "disabled", scale: "css" });
  const { size } = statSync(file);
  if (size > MOST_BYTES) throw new Error(`${name}.png has ${size} bytes, more than ${MOST_BYTES}.`);
  console.log(`${name}.png, ${Math.round(size / 1000)} kB`);
}

mkdirSync(folder, { recursive: true });
const tincan = await Tincan.prepare();
const platform = new Platform();
const browser = await launchBrowser();
try {
  await platform.listen();
  await tincan.start();
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, deviceScaleFactor: 1, colorScheme: "light", reducedMotion: "reduce", locale: "en-GB" });
  const page = await context.newPage();
  const phones = await context.newPage();
  const ada = phones.getByRole("region", { name: "Phone of Ada" });

  // A platform hears what happens, and something has happened: two orders, an offer to Ben, and Ada's answer.
  await page.goto(await signInLink(tincan));
  await page.getByRole("link", { name: "Platform Deployments" }).click();
  await page.getByRole("link", { name: "CleverTap (demo)" }).click();
  await page.getByLabel("Delivery Report Callback URL").fill(platform.webhooks.status);
  await page.getByLabel("Inbound Message Callback URL").fill(platform.webhooks.inbound);
  await page.getByRole("button", { name: "Save webhooks" }).click();
  await page.getByText("CleverTap hears nothing back yet").waitFor({ state: "detached" });
  const send = async (to, template, values) => {
    await page.getByLabel("To", { exact: true }).fill(to);
    await page.getByRole("combobox", { name: "Template" }).click();
    await page.getByRole("option", { name: template, exact: true }).click();
    for (const [i, value] of values.entries()) await page.getByLabel(`Value of {{${i + 1}}}`).fill(value);
    await page.getByRole("button", { name: "Send test" }).click();
    await page.getByRole("list", { name: "Trace" }).getByText("Delivered", { exact: true }).waitFor();
  };
  await send("+15550100145", "order_ready (en)", ["Ben", "A-1041"]);
  await page.reload();
  await send("+15550100145", "spring_offer (en)", []);
  await page.reload();
  await send("+15550100123", "order_ready (en)", ["Ada", "A-1042"]);
  await phones.goto(tincan.sandboxUrl);
  await ada.getByRole("button", { name: "On my way" }).click();
  await ada.getByRole("textbox", { name: "Message" }).fill("Can I come at six?");
  await ada.getByRole("button", { name: "Send", exact: true }).click();
  await phones.getByRole("region", { name: "Phone of Ben" }).getByRole("button", { name: /mark as read/ }).click();
  await phones.getByRole("region", { name: "Phone of Ben" }).getByRole("button", { name: /mark as read/ }).waitFor({ state: "detached" });
  await ada.getByText("Can I come at six?").first().waitFor();

  await page.getByRole("link", { name: "Open this message" }).click();
  await page.getByText("The person answered: Can I come at six?").waitFor();
  await page.getByText("was told to the platform").nth(2).waitFor();
  await page.getByRole("figure").locator("img").waitFor();
  await page.getByRole("heading", { level: 1 }).click();
  await take(page, "trace");
  await page.getByRole("link", { name: "CleverTap (demo)" }).click();
  await page.getByRole("button", { name: "Send test" }).waitFor();
  await page.mouse.move(0, 0);
  await take(page, "deployment");
  await page.getByRole("link", { name: "Home" }).click();
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  await page.getByRole("application").or(page.locator(".recharts-surface")).first().waitFor();
  await page.mouse.move(0, 0);
  await take(page, "home");
  await page.getByRole("link", { name: "WhatsApp Connect" }).click();
  await page.getByRole("link", { name: "Haptik-style" }).click();
  await page.getByText("Delivery Report Callback URL").first().waitFor();
  await page.mouse.move(0, 0);
  await take(page, "generic-provider");
  await page.getByRole("link", { name: "Contacts" }).click();
  await page.getByLabel("Search people").fill("+15550100123");
  await page.waitForURL(/[?&]q=/);
  await page.getByRole("row", { name: /555 010 0123/ }).getByRole("link", { name: /^Ada/ }).click();
  await page.getByText("Can I come at six?").first().waitFor();
  await page.mouse.move(0, 0);
  await take(page, "contact");
  await page.getByRole("link", { name: "Templates" }).click();
  await page.getByRole("link", { name: "spring_offer" }).first().click();
  await page.getByRole("figure").first().waitFor();
  await page.mouse.move(0, 0);
  await take(page, "template");
  await phones.bringToFront();
  await take(phones, "phones");
} finally {
  await browser.close();
  await tincan.remove();
  await platform.close();
}
