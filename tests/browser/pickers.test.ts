/** What is chosen from more than one page: found by the server while one types, by keyboard, and called by its name. */
import type { CampaignInput } from "@tincan/api";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

/** More than a choice shows at once. */
const MANY = 55;
const nameOf = (what: string, number: number) => `${what} ${String(number).padStart(3, "0")}`;

const templateOf = (number: number) => nameOf("ready", number).replace(" ", "_");

type Call = <T>(method: "GET" | "POST", path: string, data?: object) => Promise<T>;

const test = demoTest
  .extend("call", { scope: "file" }, async ({ demo }): Promise<Call> => async (method, path, data = undefined) => {
    const response = await demo.context.request.fetch(`${demo.url}/api/v1/${path}`, { method, headers: { origin: demo.url }, ...(data && { data }) });
    expect(response.ok(), `${method} ${path}: ${await response.text()}`).toBe(true);
    return response.json();
  })
  .extend("made", { scope: "file" }, async ({ call }) => {
    const segments: string[] = [];
    const lists: string[] = [];
    for (let number = 0; number < MANY; number++) {
      const [segment, list] = await Promise.all([
        call<{ id: string }>("POST", "segments", { name: nameOf("Group", number), query: { all: [] } }),
        call<{ id: string }>("POST", "lists", { name: nameOf("Roll", number) }),
      ]);
      segments.push(segment.id);
      lists.push(list.id);
    }
    return { segments, lists };
  })
  .extend("partner", { scope: "file" }, async ({ call }) => {
    const { items } = await call<{ items: { id: string; kind: string }[] }>("GET", "providers");
    const { id } = items.find(({ kind }) => kind === "generic")!;
    for (let number = 0; number < MANY; number++) {
      const template = { provider: id, name: templateOf(number), language: "en", category: "UTILITY", components: [{ type: "BODY", text: `Hi {{1}}, number ${number} is ready.`, example: { body_text: [["Ada"]] } }], submit: true };
      await call("POST", "templates", template);
    }
    return id;
  });

async function openDraft(page: Page, call: Call, input: CampaignInput, step = "who"): Promise<() => Promise<CampaignInput>> {
  const { id } = await call<{ id: string }>("POST", "campaigns", input);
  await page.goto(new URL(`/campaigns/${id}/edit?step=${step}`, page.url()).href);
  await page.getByRole("heading", { level: 1, name: input.name }).waitFor();
  return async () => (await call<{ definition: CampaignInput }>("GET", `campaigns/${id}`)).definition;
}

async function openAudience(page: Page, call: Call, input: CampaignInput): Promise<() => Promise<CampaignInput["audience"]>> {
  const definition = await openDraft(page, call, input);
  return async () => (await definition()).audience;
}

/** Types letter by letter, waits until the server has found it, and takes it. */
async function pick(page: Page, what: string): Promise<void> {
  await page.keyboard.type(what, { delay: 30 });
  await page.getByRole("option", { name: what, exact: true }).and(page.locator("[data-combobox-selected]")).waitFor();
  await page.getByText("1 found").first().waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
}

test("a campaign's segment beyond the first page is called by its name, and another one is found by typing", { timeout: 120_000 }, async ({ page, call, made }) => {
  const audience = await openAudience(page, call, { name: "To a late group", audience: { segmentId: made.segments[MANY - 1]! } });
  const choice = page.getByRole("combobox", { name: "Segment", exact: true });
  await expect.poll(() => choice.inputValue()).toBe(nameOf("Group", MANY - 1));
  await choice.focus();
  await page.getByRole("option", { name: nameOf("Group", 0) }).waitFor();
  await page.getByRole("option", { name: "There are more: type a part of the name" }).waitFor();
  await choice.fill("");
  await pick(page, nameOf("Group", MANY - 2));
  expect(await choice.inputValue()).toBe(nameOf("Group", MANY - 2));
  await expect.poll(audience).toMatchObject({ segmentId: made.segments[MANY - 2] });

  await page.getByRole("radio", { name: "A list" }).check();
  await page.getByRole("combobox", { name: "List", exact: true }).focus();
  await page.keyboard.type("Roll nobody made");
  await page.getByText("No list of this name").filter({ visible: true }).first().waitFor();
  await page.getByRole("combobox", { name: "List", exact: true }).fill("");
  await pick(page, nameOf("Roll", 0));
  await expect.poll(audience).toMatchObject({ listId: made.lists[0] });
});

test("whom a campaign leaves out is found in segments and lists alike, and stays named after a reload", { timeout: 120_000 }, async ({ page, call, made }) => {
  const audience = await openAudience(page, call, { name: "Without some", audience: { everyone: true, except: [{ segmentId: made.segments[MANY - 1]! }] } });
  await page.getByText(nameOf("Group", MANY - 1), { exact: true }).waitFor();
  await page.getByRole("combobox", { name: "Without" }).focus();
  await pick(page, nameOf("Roll", 1));
  await expect.poll(audience).toEqual({ everyone: true, except: [{ segmentId: made.segments[MANY - 1] }, { listId: made.lists[1] }] });
  await page.reload();
  await page.getByText(nameOf("Roll", 1), { exact: true }).first().waitFor();
  await page.getByText(nameOf("Group", MANY - 1), { exact: true }).first().waitFor();
});

test("a segment's condition names a list and finds another, but never the segment itself", { timeout: 120_000 }, async ({ page, call, made }) => {
  const leaves = [
    { kind: "list", listId: made.lists[0]!, in: true },
    { kind: "segment", segmentId: made.segments[MANY - 1]!, in: false },
  ];
  const { id } = await call<{ id: string }>("POST", "segments", { name: "Group of its own", query: { all: leaves } });
  await page.goto(new URL(`/people/segments/${id}/edit`, page.url()).href);
  const list = page.getByRole("combobox", { name: "List", exact: true });
  await expect.poll(() => list.inputValue()).toBe(nameOf("Roll", 0));
  await page.getByRole("group", { name: `Condition: is not in segment ${nameOf("Group", MANY - 1)}` }).waitFor();
  await list.fill("");
  await pick(page, nameOf("Roll", 2));
  expect(await list.inputValue()).toBe(nameOf("Roll", 2));
  const segment = page.getByRole("combobox", { name: "Segment", exact: true });
  await segment.fill("Group of its own");
  await page.getByText("No segment is called so").filter({ visible: true }).first().waitFor();
});

test("a campaign's template beyond the first page keeps its fields, another is found by typing, and a pool of codes is chosen and left again", { timeout: 120_000 }, async ({ page, call, partner }) => {
  const pool = await call<{ id: string }>("POST", "coupon-pools", { name: "Autumn codes" });
  const content: CampaignInput["content"] = { mode: "single", variants: [{ key: "A", template: { name: templateOf(MANY - 1), language: "en" }, values: { body: [{ text: "you" }] } }] };
  const definition = await openDraft(page, call, { name: "A late template", provider: partner, audience: { everyone: true }, content }, "what");
  const choice = page.getByRole("combobox", { name: "Template", exact: true });
  await expect.poll(() => choice.inputValue()).toBe(`${templateOf(MANY - 1)} (en)`);
  await page.getByRole("textbox", { name: "Value of {{1}}" }).waitFor();
  await choice.focus();
  await page.getByRole("option", { name: "There are more: type a part of the name" }).waitFor();
  await choice.fill("");
  await pick(page, `${templateOf(MANY - 2)} (en)`);
  await page.getByText(`Hi you, number ${MANY - 2} is ready.`).first().waitFor();
  await expect.poll(async () => (await definition()).content?.variants[0]?.template.name).toBe(templateOf(MANY - 2));

  const codes = page.getByRole("combobox", { name: "Coupon codes" });
  await codes.focus();
  await pick(page, "Autumn codes (0 left)");
  await expect.poll(async () => (await definition()).couponPool).toBe(pool.id);
  await codes.click();
  await page.getByRole("option", { name: "None", exact: true }).click();
  await expect.poll(async () => (await definition()).couponPool).toBeNull();
  expect(await codes.inputValue()).toBe("");
});

test("a deployment's test finds its template while one types", { timeout: 60_000 }, async ({ page, call, partner }) => {
  const { id } = await call<{ id: string }>("POST", "deployments", { platform: "clevertap", name: "Late templates", provider: partner });
  await page.goto(new URL(`/channels/platforms/${id}`, page.url()).href);
  const choice = page.getByRole("combobox", { name: "Template", exact: true });
  await expect.poll(() => choice.inputValue()).not.toBe("");
  await choice.fill("");
  await pick(page, `${templateOf(MANY - 1)} (en)`);
  await page.getByText(`Hi Ada, number ${MANY - 1} is ready.`).first().waitFor();
});

test("of many people to merge with the first are shown, and the others are found by typing", { timeout: 60_000 }, async ({ page, call }) => {
  const people: string[] = [];
  for (let number = 0; number < 10; number++) people.push((await call<{ id: string }>("POST", "contacts", { name: nameOf("Twin", number), identity: `twin${number}`, email: `twin${number}@example.com` })).id);
  await page.goto(new URL(`/people/contacts/${people[0]}`, page.url()).href);
  await page.getByRole("button", { name: "Merge", exact: true }).click();
  const dialog = page.getByRole("dialog");
  const search = dialog.getByRole("searchbox", { name: "Search people" });
  await search.fill("Twin");
  await dialog.getByText("There are more: type more of the name, phone, e-mail or identity.").waitFor();
  expect(await dialog.getByRole("radio").count()).toBe(8);
  await search.fill("twin9@example.com");
  await dialog.getByRole("radio", { name: nameOf("Twin", 9) }).check();
  await expect.poll(() => dialog.getByRole("radio").count()).toBe(1);
  expect(await dialog.getByText("There are more").count()).toBe(0);
});
