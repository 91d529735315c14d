/** What the wizard can ask for: filters on an event, an audience that is a query, the values of a carousel and of a one-time password. */
import type { CampaignInput, Template } from "@tincan/api";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

const ada = { name: "Ada Osei", phone: "+15550100123", properties: { Crew: "red" } };
const ben = { name: "Ben Whitlock", phone: "+15550100145", properties: { Crew: "blue" } };

/** A picture of one dot. */
const dot = Buffer.from("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==", "base64");

/** Calls the API as the admin who is signed in. */
type Call = <T>(method: "GET" | "POST" | "PATCH", path: string, body?: { data: object } | { multipart: { file: { name: string; mimeType: string; buffer: Buffer } } }) => Promise<T>;

const test = demoTest
  .extend("call", { scope: "file" }, async ({ demo }): Promise<Call> => async (method, path, body = undefined) => {
    const response = await demo.context.request.fetch(`${demo.url}/api/v1/${path}`, { method, headers: { origin: demo.url }, ...body });
    expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true);
    return response.json();
  })
  .extend("provider", { scope: "file" }, async ({ call }) => {
    for (const person of [ada, ben]) await call("POST", "contacts", { data: { ...person, optIn: true } });
    const { items } = await call<{ items: { id: string; kind: string }[] }>("GET", "providers");
    return items.find(({ kind }) => kind === "cloud-api")?.id ?? "";
  });

const hello: CampaignInput["content"] = { mode: "single", variants: [{ key: "A", template: { name: "hello_world", language: "en_US" }, values: {} }] };
const toAda: CampaignInput["audience"] = { phones: [ada.phone] };

/** A template that Meta has approved. */
async function approved(call: Call, input: { name: string; category: Template["category"]; components: object[] }, provider: string, pictures = 0): Promise<void> {
  const { id } = await call<Template>("POST", "templates", { data: { provider, language: "en", ...input } });
  for (let card = 0; card < pictures; card++) await call("POST", `templates/${id}/media-sample?card=${card}`, { multipart: { file: { name: "dot.png", mimeType: "image/png", buffer: dot } } });
  await call("POST", `templates/${id}/submit`, { data: {} });
  await expect.poll(async () => (await call<Template>("GET", `templates/${id}`)).status, { timeout: 30_000 }).toBe("APPROVED");
}

/** Opens the wizard of a draft made for the test. */
async function openDraft(page: Page, call: Call, input: CampaignInput, step: string): Promise<string> {
  const { id } = await call<{ id: string }>("POST", "campaigns", { data: input });
  await page.goto(new URL(`/campaigns/${id}/edit?step=${step}`, page.url()).href);
  await page.getByRole("heading", { level: 1, name: input.name }).waitFor();
  return id;
}

const step = (page: Page, name: RegExp) => page.getByRole("navigation", { name: "Steps" }).getByRole("link", { name }).click();

async function launch(page: Page): Promise<void> {
  await step(page, /^Review/);
  await page.getByRole("button", { name: "Launch", exact: true }).click();
  await page.getByRole("dialog").getByRole("button", { name: /^(Send to|Launch it)/ }).click();
  await page.getByRole("heading", { name: "What it is" }).waitFor();
}

const delivered = (page: Page, count: number) => page.getByRole("list", { name: "Messages" }).getByRole("button", { name: new RegExp(`^Delivered ?${count}\\b`) });

async function choose(page: Page, template: string): Promise<void> {
  await page.getByLabel("Template", { exact: true }).first().click();
  await page.getByRole("option", { name: template }).click();
}

test("a live campaign asks about properties of its event, and whoever's event does not pass gets nothing", async ({ page, call, provider }) => {
  await call("POST", "events", { data: { events: [{ phone: ben.phone, name: "Basket left", properties: { amount: 40, shop: "Lagos" } }] } });
  const id = await openDraft(page, call, { name: "Large baskets", provider, audience: { everyone: true }, content: hello, schedule: { kind: "event", trigger: { event: "Basket left" } } }, "when");
  await page.getByRole("button", { name: "Add a filter on a property of Basket left" }).click();
  await page.getByRole("textbox", { name: "Property 1 of Basket left" }).or(page.getByRole("combobox", { name: "Property 1 of Basket left" })).fill("amount");
  await page.getByRole("combobox", { name: "How amount is compared" }).selectOption({ label: "is more than" });
  // Without a value it is said and not saved.
  await step(page, /^Review/);
  await page.getByText("Type a number.").waitFor();
  await step(page, /^When/);
  await page.getByRole("textbox", { name: "Value of amount" }).fill("100");
  await step(page, /^Review/);
  await page.getByText("Whenever somebody does “Basket left” where amount is more than 100: at once, once per person.").waitFor();
  await launch(page);
  await page.getByText("Running", { exact: true }).first().waitFor();

  const basket = (phone: string, amount: number) => ({ phone, name: "Basket left", properties: { amount } });
  await call("POST", "events", { data: { events: [basket(ben.phone, 99), basket(ada.phone, 101)] } });
  await delivered(page, 1).waitFor();
  const { items } = await call<{ items: { name: string }[] }>("GET", `campaigns/${id}/people?step=queued`);
  expect(items.map(({ name }) => name)).toEqual([ada.name]);
});

test("an audience is written as a query in the wizard, counted while it is, and sent to", async ({ page, call, provider }) => {
  await openDraft(page, call, { name: "To the red crew", provider, content: hello, schedule: { kind: "now" } }, "who");
  await page.getByRole("radio", { name: "A query" }).click();
  await page.getByText("People are counted once every condition is complete.").waitFor();
  await page.getByRole("combobox", { name: "What the condition is about" }).fill("Crew");
  await page.getByRole("option", { name: "Crew", exact: true }).click();
  await page.getByRole("textbox", { name: "Value of Crew" }).fill("red");
  await page.getByRole("list", { name: "They are" }).getByRole("link", { name: ada.name }).waitFor();
  await step(page, /^Review/);
  await page.getByText("Crew is red").waitFor();
  // What was written is there again.
  await step(page, /^Who/);
  expect(await page.getByRole("textbox", { name: "Value of Crew" }).inputValue()).toBe("red");
  await launch(page);
  await delivered(page, 1).click();
  await page.getByRole("dialog", { name: "Delivered" }).getByRole("link", { name: ada.name }).waitFor();
});

test("a query of the wizard is kept as a segment under a name of its own, and the campaign goes to it", async ({ page, call, provider }) => {
  const query = { kind: "property", key: "Crew", test: { type: "text", op: "is", value: "blue" } } as const;
  const taken = await call<{ name: string }>("POST", "segments", { data: { name: "A crew", query: { all: [] } } });
  const id = await openDraft(page, call, { name: "To the blue crew", provider, audience: { query: { all: [query] }, except: [{ phones: [ada.phone] }] }, content: hello, schedule: { kind: "now" } }, "who");
  await page.getByRole("button", { name: "Keep as a segment" }).click();
  const dialog = page.getByRole("dialog", { name: "Keep the query as a segment" });
  const name = dialog.getByRole("textbox", { name: "Name of the segment" });
  await name.fill(taken.name);
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await dialog.getByText("There is a segment of this name already. Choose another name.").waitFor();
  await name.fill("Blue crew");
  await dialog.getByRole("button", { name: "Keep it" }).click();
  await page.getByText("Blue crew is saved, and the campaign goes to it").waitFor();
  await dialog.waitFor({ state: "hidden" });
  const choice = page.getByRole("radio", { name: "A segment" });
  expect(await choice.isChecked()).toBe(true);
  await expect.poll(() => choice.evaluate((radio) => radio === radio.ownerDocument.activeElement)).toBe(true);
  await expect.poll(() => page.getByRole("combobox", { name: "Segment", exact: true }).inputValue()).toBe("Blue crew");
  await page.getByText("1 person").waitFor();
  const kept = (await call<{ items: { id: string; query: object }[] }>("GET", "segments?q=Blue")).items[0];
  expect(kept?.query).toEqual({ all: [query] });
  await expect.poll(async () => (await call<{ definition: CampaignInput }>("GET", `campaigns/${id}`)).definition.audience).toEqual({ segmentId: kept?.id, except: [{ phones: [ada.phone] }] });
});

test("each card of a carousel has its values in the wizard, and they show on the phone", async ({ page, demo, call, provider }) => {
  const card = (text: string, example: string) => ({
    components: [{ type: "HEADER", format: "IMAGE" }, { type: "BODY", text, example: { body_text: [[example]] } }, { type: "BUTTONS", buttons: [{ type: "QUICK_REPLY", text: "Keep it" }] }],
  });
  await approved(call, {
    name: "two_bunches", category: "MARKETING",
    components: [{ type: "BODY", text: "Fresh from the field this week." }, { type: "CAROUSEL", cards: [card("A bunch of {{1}} for you.", "tulips"), card("A bowl of {{1}} for you.", "lilies")] }],
  }, provider, 2);
  await openDraft(page, call, { name: "Two bunches", provider, audience: toAda, schedule: { kind: "now" } }, "what");
  await choose(page, "two_bunches (en)");
  for (const [index, flower] of ["peonies", "dahlias"].entries()) {
    const fields = page.getByRole("group", { name: `Card ${index + 1}` });
    await fields.getByRole("textbox", { name: "Address of the image" }).fill(`${demo.phonesUrl}/sandbox/assets/order.png`);
    await fields.getByRole("textbox", { name: "Value of {{1}}", exact: true }).fill(flower);
  }
  await page.getByRole("figure", { name: /Preview/ }).getByText("A bowl of dahlias for you.").waitFor();
  await launch(page);
  await delivered(page, 1).waitFor();
  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  await phones.getByRole("region", { name: "Phone of Ada" }).getByText("A bunch of peonies for you.").first().waitFor();
});

test("a one-time password is one value in the wizard, and stands on the phone's message and its button", async ({ page, demo, call, provider }) => {
  await approved(call, {
    name: "your_code", category: "AUTHENTICATION",
    components: [{ type: "BODY", add_security_recommendation: true }, { type: "BUTTONS", buttons: [{ type: "OTP", otp_type: "COPY_CODE", text: "Copy code" }] }],
  }, provider);
  const id = await openDraft(page, call, { name: "Codes", provider, audience: toAda, schedule: { kind: "now" } }, "what");
  await choose(page, "your_code (en)");
  await page.getByRole("textbox", { name: "One-time code" }).fill("774120");
  await launch(page);
  await delivered(page, 1).waitFor();
  const { definition } = await call<{ definition: CampaignInput }>("GET", `campaigns/${id}`);
  expect(definition.content?.variants[0]?.values).toEqual({ body: [{ text: "774120" }], buttons: [{ kind: "url", index: 0, suffix: "774120" }] });
  const phones = await page.context().newPage();
  await phones.goto(demo.phonesUrl);
  await phones.getByRole("region", { name: "Phone of Ada" }).getByText(/774120/).first().waitFor();
});

test("a typed number that cannot be read stays in the field, is named in the review, and keeps the others from nothing", async ({ page, call, provider }) => {
  const id = await openDraft(page, call, { name: "Two numbers", audience: toAda, provider, content: hello, schedule: { kind: "now" } }, "who");
  const numbers = page.getByRole("textbox", { name: "Numbers" });
  await numbers.fill(`${ada.phone}\n12345`);
  await step(page, /^Review/);
  await page.getByText("12345 cannot be read as a number. Put it right or take it out.").waitFor();
  await step(page, /^Who/);
  expect((await numbers.inputValue()).split("\n")).toEqual([ada.phone, "12345"]);
  const { definition } = await call<{ definition: CampaignInput }>("GET", `campaigns/${id}`);
  expect(definition.audience).toEqual({ phones: [ada.phone] });
});

test("a safety limit that would keep it from starting is told in the review and on its page, before the launch", async ({ page, demo, call, provider }) => {
  const id = await openDraft(page, call, { name: "Too many", audience: { everyone: true }, provider, content: hello, schedule: { kind: "now" }, pace: { safetyLimit: 1 } }, "review");
  await page.getByText(/^It would reach up to [\d,]+ people, more than its safety limit of 1\.$/).waitFor();
  await page.getByRole("button", { name: "Launch", exact: true }).click();
  await page.getByRole("dialog").getByText(/^As things stand it does not start, and nobody gets it\./).waitFor();
  await page.goto(`${demo.url}/campaigns/${id}`);
  await page.getByRole("button", { name: "Look who gets it" }).click();
  await page.getByText("It would not start, and nobody would get it").waitFor();
});
