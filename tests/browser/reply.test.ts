import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

/** A template message that was delivered to Ada, open in the dashboard, and the page of phones beside it. */
const test = demoTest.extend("loop", async ({ demo, page }) => {
  await page.getByRole("link", { name: "Platform Deployments" }).click();
  await page.getByRole("link", { name: "CleverTap (demo)" }).click();
  await page.getByRole("button", { name: "Send test" }).click();
  await page.getByRole("link", { name: "Open this message" }).click();
  await page.getByRole("heading", { level: 1, name: "Message to +1 555 010 0123" }).waitFor();
  const trace = page.getByRole("list", { name: "Trace" });
  await trace.getByText("Delivered", { exact: true }).waitFor();
  // A page that is loaded anew forgets this.
  await page.evaluate("window.isTheSamePage = true");
  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  return { trace, phone: phones.getByRole("region", { name: "Phone of Ada" }), isTheSamePage: () => page.evaluate("window.isTheSamePage === true") };
});

test("a reply typed on the phone is seen in the message's trace without reload", async ({ loop }) => {
  await loop.phone.getByRole("textbox", { name: "Message" }).fill("Can I come at six?");
  await loop.phone.getByRole("button", { name: "Send" }).click();
  await loop.trace.getByText("The person answered: Can I come at six?").waitFor();
  await loop.trace.getByText("Read", { exact: true }).waitFor();
  expect(await loop.isTheSamePage()).toBe(true);
});

test("a button pressed on the phone is seen there too, with what Meta told of it", async ({ loop }) => {
  await loop.phone.getByRole("button", { name: "On my way" }).last().click();
  await loop.trace.getByRole("button", { name: /The person answered: On my way/ }).click();
  await loop.trace.getByText('"payload"').waitFor();
  expect(await loop.isTheSamePage()).toBe(true);
});

test("an older message's trace takes a reply that quotes it", async ({ loop, page }) => {
  const first = page.url();
  await page.getByRole("link", { name: "CleverTap (demo)" }).click();
  await page.getByRole("button", { name: "Send test" }).click();
  await page.getByRole("list", { name: "Trace" }).getByText("Delivered", { exact: true }).waitFor();
  await page.goto(first);
  await loop.trace.getByText("Delivered", { exact: true }).waitFor();
  const bubbles = loop.phone.getByRole("button", { name: "Reply to this message" });
  await expect.poll(() => bubbles.count()).toBeGreaterThan(1);
  await bubbles.nth(-2).click();
  await loop.phone.getByRole("textbox", { name: "Message" }).fill("About the first one");
  await loop.phone.getByRole("button", { name: "Send" }).click();
  await loop.trace.getByText("The person answered: About the first one").waitFor();
});

test("after a reply a free-form text is delivered, because the window is open", async ({ loop, page }) => {
  await loop.phone.getByRole("textbox", { name: "Message" }).fill("Still open?");
  await loop.phone.getByRole("button", { name: "Send", exact: true }).click();
  await loop.trace.getByText("The person answered: Still open?").waitFor();
  await page.getByRole("link", { name: "CleverTap (demo)" }).click();
  await page.getByText("Text", { exact: true }).first().click();
  await page.getByRole("textbox", { name: "Text" }).fill("Until nine.");
  await page.getByRole("button", { name: "Send test" }).click();
  await loop.phone.getByText("Until nine.").waitFor();
  await page.getByRole("list", { name: "Trace" }).getByText("Delivered", { exact: true }).waitFor();
});

test("words that could not be sent stay on the phone, and the page says why", async ({ loop }) => {
  const phones = loop.phone.page();
  await phones.route("**/sandbox/phones/*/messages", (route) => (route.request().method() === "POST" ? route.abort() : route.continue()));
  const words = loop.phone.getByRole("textbox", { name: "Message" });
  await words.fill("Can I come at seven?");
  await loop.phone.getByRole("button", { name: "Send" }).click();
  await phones.getByRole("alert").getByText("The sandbox does not answer. Try again when it is back.").waitFor();
  expect(await words.inputValue()).toBe("Can I come at seven?");
  await phones.unroute("**/sandbox/phones/*/messages");
  await loop.phone.getByRole("button", { name: "Send" }).click();
  await loop.trace.getByText("The person answered: Can I come at seven?").waitFor();
  expect(await words.inputValue()).toBe("");
});
