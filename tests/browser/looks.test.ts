import type { Locator } from "playwright-core";
import { expect } from "vitest";
import { sharedDemoTest as test } from "../support/visit.ts";

/** What the browser has made of a style. */
const styleOf = (what: Locator, name: string, part?: string) =>
  what.evaluate(
    (element, style) => {
      // This runs in the browser, whose names the tests do not know.
      const { getComputedStyle } = globalThis as unknown as { getComputedStyle: (of: object, part?: string) => { getPropertyValue: (name: string) => string } };
      return getComputedStyle(element, style.part).getPropertyValue(style.name);
    },
    { name, part },
  );

test("the left bar shows every room at once on a screen of 900 pixels", async ({ page }) => {
  await page.getByRole("heading", { name: "Last hour" }).waitFor();
  const last = await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Your account" }).boundingBox();
  const help = await page.getByRole("button", { name: "Help" }).boundingBox();
  expect((last?.y ?? 900) + (last?.height ?? 0)).toBeLessThanOrEqual(help?.y ?? 0);
});

test("a text in Arabic is written from the right, and read from the right in the preview", async ({ demo, page }) => {
  await page.goto(`${demo.url}/templates/new`);
  const body = page.getByLabel("Body", { exact: true });
  await body.fill("مرحبا، طلبك جاهز");
  await page.getByLabel("Footer").fill("Reply STOP");
  await expect.poll(() => Promise.all([styleOf(body, "direction"), styleOf(page.getByLabel("Footer"), "direction")])).toEqual(["rtl", "ltr"]);
  const line = page.getByRole("figure").getByText("مرحبا، طلبك جاهز").locator("xpath=..");
  expect(await styleOf(line, "direction")).toBe("rtl");
});

test("the example in a field with a problem does not look like something that was typed", async ({ demo, page }) => {
  await page.goto(`${demo.url}/templates/new`);
  const body = page.getByLabel("Body", { exact: true });
  const colour = await styleOf(body, "color", "::placeholder");
  await page.getByRole("button", { name: "Submit to Meta" }).click();
  await expect.poll(() => body.getAttribute("aria-invalid")).toBe("true");
  expect(await styleOf(body, "color", "::placeholder")).toBe(colour);
});

test("on a phone a filter that is left alone has a row of its own", async ({ demo, open }) => {
  const page = await open(`${demo.url}/people/contacts`, { as: demo.admin, width: 390, height: 844 });
  const widthOf = async (label: string) => (await page.getByLabel(label).boundingBox())?.width;
  const search = await widthOf("Search people");
  expect(await widthOf("Property")).toBe(search);
});

test("what identifies a number at Meta can be copied", async ({ demo, page }) => {
  await page.goto(`${demo.url}/channels/whatsapp`);
  await page.getByRole("link", { name: "Sandbox number" }).click();
  await page.getByRole("button", { name: "Copy phone number id" }).click();
  await page.getByRole("button", { name: "phone number id copied" }).waitFor();
  expect(await page.evaluate<string>("navigator.clipboard.readText()")).toMatch(/^\d{15}$/);
});

test("a template's name can be copied, as platforms and programs ask for it", async ({ demo, page }) => {
  await page.goto(`${demo.url}/templates`);
  await page.getByRole("link", { name: "spring_offer" }).first().click();
  await page.getByRole("button", { name: "Copy template name" }).click();
  await page.getByRole("button", { name: "template name copied" }).waitFor();
  expect(await page.evaluate<string>("navigator.clipboard.readText()")).toBe("spring_offer");
});

test("a test of a deployment ends as all forms do, with its button at the right", async ({ demo, page }) => {
  await page.goto(`${demo.url}/channels/platforms`);
  await page.getByRole("link", { name: "CleverTap (demo)" }).click();
  const rightOf = async (what: Locator) => {
    const { x = 0, width = 0 } = (await what.boundingBox()) ?? {};
    return Math.round(x + width);
  };
  const send = page.getByRole("button", { name: "Send test" });
  await send.waitFor();
  expect(await rightOf(send)).toBe(await rightOf(page.getByLabel("To", { exact: true })));
});

test("on a phone, long names and addresses do not make a page wider than the screen", async ({ demo, open }) => {
  const page = await open(`${demo.url}/people/contacts?q=Featherstonehaugh`, { as: demo.admin, width: 390, height: 844 });
  const person = { name: `${"Konstantina".repeat(4)} Featherstonehaugh`, email: `${"konstantina.".repeat(5)}featherstonehaugh@example.com`, identity: "long-names-1", properties: { ["Preferred_store_".repeat(4)]: "none" } };
  const { id } = await (await page.request.post(`${demo.url}/api/v1/contacts`, { data: person, headers: { origin: demo.url } })).json();
  await page.reload();
  await page.getByRole("link", { name: person.name }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
  await page.goto(`${demo.url}/people/contacts/${id}`);
  await page.getByRole("heading", { name: "Custom properties" }).waitFor();
  expect(await page.evaluate("document.documentElement.scrollWidth")).toBe(390);
});

test("on a phone a long technical name goes on to the next line after an underscore", async ({ demo, open }) => {
  const page = await open(`${demo.url}/templates`, { as: demo.admin, width: 390, height: 844 });
  const name = "delivery_rescheduled_for_customers_who_ordered_on_credit_in_the_last_month_second_version";
  const provider = (await (await page.request.get(`${demo.url}/api/v1/providers`)).json()).items.find(({ kind }: { kind: string }) => kind === "generic").id;
  const input = { provider, name, language: "en", category: "UTILITY", components: [{ type: "BODY", text: "Your delivery is moved to another day." }] };
  const { id } = await (await page.request.post(`${demo.url}/api/v1/templates`, { data: input, headers: { origin: demo.url } })).json();
  await page.goto(`${demo.url}/templates/${id}`);
  const title = page.getByRole("heading", { level: 1, name });
  await title.waitFor();
  const lines = await title.evaluate((heading) => {
    // This runs in the browser, whose names the tests do not know.
    const { document } = globalThis as unknown as { document: { createRange: () => { selectNodeContents: (node: unknown) => void; getBoundingClientRect: () => { top: number } } } };
    const parts = [...(heading as unknown as { childNodes: Iterable<{ textContent: string }> }).childNodes].filter(({ textContent }) => textContent !== "");
    const lineOf = (part: unknown) => {
      const range = document.createRange();
      range.selectNodeContents(part);
      return Math.round(range.getBoundingClientRect().top);
    };
    const found = new Map<number, string>();
    for (const part of parts) found.set(lineOf(part), (found.get(lineOf(part)) ?? "") + part.textContent);
    return [...found.values()];
  });
  expect(lines.length).toBeGreaterThan(1);
  expect(lines.join("")).toBe(name);
  expect(lines.slice(0, -1).every((line) => line.endsWith("_"))).toBe(true);
});

test("an address that leads nowhere says so, beside the bar that leads everywhere else", async ({ demo, page }) => {
  await page.goto(`${demo.url}/nowhere/at-all`);
  await page.getByRole("heading", { level: 1, name: "Page not found" }).waitFor();
  await page.getByRole("navigation", { name: "Main" }).getByRole("link", { name: "Campaigns" }).click();
  await page.getByRole("heading", { level: 1, name: "Campaigns" }).waitFor();
  await page.goto(`${demo.url}/campaigns/gone`);
  await page.getByRole("alert").getByText("It may have been deleted, or its address is of another workspace.").waitFor();
});

test("a dialog that changes something can be left by a button", async ({ demo, page }) => {
  const firstOf = async (what: string): Promise<string> => (await (await page.request.get(`${demo.url}/api/v1/${what}?limit=1`)).json()).items[0].id;
  for (const room of [`channels/whatsapp/${await firstOf("providers")}`, `channels/platforms/${await firstOf("deployments")}`, `people/contacts/${await firstOf("contacts")}`]) {
    await page.goto(`${demo.url}/${room}`);
    await page.getByRole("button", { name: "Edit" }).click();
    await page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
    await page.getByRole("dialog").waitFor({ state: "detached" });
  }
});
