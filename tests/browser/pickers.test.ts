/** What is chosen from more than one page: found by the server while one types, by keyboard, and called by its name. */
import type { CampaignInput } from "@tincan/api";
import type { Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

/** More than a choice shows at once. */
const MANY = 55;
const nameOf = (what: string, number: number) => `${what} ${String(number).padStart(3, "0")}`;

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
  });

async function openDraft(page: Page, call: Call, input: CampaignInput): Promise<() => Promise<CampaignInput["audience"]>> {
  const { id } = await call<{ id: string }>("POST", "campaigns", input);
  await page.goto(new URL(`/campaigns/${id}/edit?step=who`, page.url()).href);
  await page.getByRole("heading", { level: 1, name: input.name }).waitFor();
  return async () => (await call<{ definition: CampaignInput }>("GET", `campaigns/${id}`)).definition.audience;
}

/** Types letter by letter, waits until the server has found it, and takes it. */
async function pick(page: Page, what: string): Promise<void> {
  await page.keyboard.type(what, { delay: 30 });
  await page.getByRole("option", { name: what, exact: true }).and(page.locator("[data-combobox-selected]")).waitFor();
  await page.getByText("1 found").first().waitFor({ state: "attached" });
  await page.keyboard.press("Enter");
}

test("a campaign's segment beyond the first page is called by its name, and another one is found by typing", { timeout: 120_000 }, async ({ page, call, made }) => {
  const audience = await openDraft(page, call, { name: "To a late group", audience: { segmentId: made.segments[MANY - 1]! } });
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
  const audience = await openDraft(page, call, { name: "Without some", audience: { everyone: true, except: [{ segmentId: made.segments[MANY - 1]! }] } });
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
