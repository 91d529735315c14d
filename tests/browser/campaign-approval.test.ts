/** Who may launch: creators ask, approvers decide, and what nobody decided in time expires. And the rules that hold for every campaign. */
import type { CampaignInput, CampaignSettings } from "@tincan/api";
import type { BrowserContext, Page } from "playwright-core";
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";

const ada = { name: "Ada Osei", phone: "+15550100123" };
const rules: CampaignSettings = { timeZone: "UTC", frequencyCap: null, dwellMinutes: null, quietHours: null, approval: true };

interface Colleague {
  /** Keeps them signed in. */
  state: Awaited<ReturnType<BrowserContext["storageState"]>>;
  post: (path: string, data: object) => Promise<{ id: string; state: string }>;
}

const test = demoTest
  .extend("provider", { scope: "file" }, async ({ demo }) => {
    const { request } = demo.context;
    const headers = { origin: demo.url };
    await request.post(`${demo.url}/api/v1/contacts`, { data: { ...ada, optIn: true }, headers });
    await request.put(`${demo.url}/api/v1/campaign-settings`, { data: rules, headers });
    const { items } = (await (await request.get(`${demo.url}/api/v1/providers`)).json()) as { items: { id: string; kind: string }[] };
    return items.find(({ kind }) => kind === "cloud-api")?.id ?? "";
  })
  .extend("colleagues", { scope: "file" }, async ({ browser, demo, provider }) => {
    expect(provider).not.toBe("");
    const headers = { origin: demo.url };
    const join = async (role: "creator" | "approver"): Promise<Colleague> => {
      const invited = await demo.context.request.post(`${demo.url}/api/v1/members`, { data: { email: `${role}@example.com`, role }, headers });
      const { link } = (await invited.json()) as { link: string };
      const context = await browser.newContext({ extraHTTPHeaders: headers });
      const joined = await context.request.post(`${demo.url}/api/v1/invitations/${link.split("/").at(-1)}`, { data: { name: `The ${role}`, password: "a long enough password" } });
      expect(joined.ok(), await joined.text()).toBe(true);
      const post: Colleague["post"] = async (path, data) => {
        const response = await context.request.post(`${demo.url}/api/v1/${path}`, { data });
        expect(response.ok(), await response.text()).toBe(true);
        return response.json();
      };
      return { state: await context.storageState(), post };
    };
    return { creator: await join("creator"), approver: await join("approver") };
  });

const greeting = (name: string, provider: string): CampaignInput => ({
  name, provider, audience: { phones: [ada.phone] }, schedule: { kind: "now" },
  content: { mode: "single", variants: [{ key: "A", template: { name: "hello_world", language: "en_US" }, values: {} }] },
});

const state = (page: Page, word: string) => page.getByRole("main").getByText(word, { exact: true }).first().waitFor();

test("a creator asks in the wizard, an approver approves, and then it is sent", { timeout: 120_000 }, async ({ demo, open, provider, colleagues: { creator, approver } }) => {
  const { id } = await creator.post("campaigns", greeting("Asked for", provider));
  const maker = await open(`${demo.url}/campaigns/${id}/edit?step=review`, { as: creator.state });
  await maker.getByRole("button", { name: "Ask for approval" }).click();
  const question = maker.getByRole("dialog", { name: "Ask for approval of Asked for" });
  await question.getByText("An approver looks at it first; nothing leaves before.").waitFor();
  await question.getByRole("button", { name: "Ask for approval" }).click();
  await state(maker, "Awaiting approval");
  expect(await maker.getByRole("button", { name: "Approve", exact: true }).count()).toBe(0);

  const decider = await open(`${demo.url}/campaigns/${id}`, { as: approver.state });
  await decider.getByText("1 typed number.").waitFor();
  await decider.getByRole("button", { name: "Approve", exact: true }).click();
  const approval = decider.getByRole("dialog", { name: /^Approve / });
  await approval.getByText("It goes to 1 person, as far as can be said now. A message that has left cannot be taken back.").waitFor();
  await approval.getByRole("button", { name: "Approve it" }).click();
  await decider.getByRole("list", { name: "Messages" }).getByRole("button", { name: /^Delivered ?1\b/ }).waitFor();
  // Its maker sees it go by itself.
  await state(maker, "Completed");
});

test("an approver sends a campaign back with a reason, and its maker reads that, changes it and asks again", { timeout: 120_000 }, async ({ demo, open, provider, colleagues: { creator, approver } }) => {
  const { id } = await creator.post("campaigns", greeting("Too loud", provider));
  await creator.post(`campaigns/${id}/launch`, {});
  const decider = await open(`${demo.url}/campaigns/${id}`, { as: approver.state });
  await decider.getByRole("button", { name: "Reject" }).click();
  const dialog = decider.getByRole("dialog", { name: "Reject Too loud" });
  await dialog.getByRole("textbox", { name: "Reason" }).fill("Say it more quietly");
  await dialog.getByRole("button", { name: "Send it back" }).click();
  await state(decider, "Sent back");

  const maker = await open(`${demo.url}/campaigns/${id}`, { as: creator.state });
  await maker.getByText(/Say it more quietly/).first().waitFor();
  await maker.getByRole("link", { name: "Continue editing" }).click();
  await maker.getByText(/Say it more quietly/).waitFor();
  await maker.getByRole("textbox", { name: "Name" }).fill("Quiet");
  await maker.getByRole("heading", { level: 1, name: "Quiet" }).waitFor();
  await maker.getByRole("navigation", { name: "Steps" }).getByRole("link", { name: /^Review/ }).click();
  await maker.getByRole("button", { name: "Ask for approval" }).click();
  await maker.getByRole("dialog").getByRole("button", { name: "Ask for approval" }).click();
  await state(decider, "Awaiting approval");
});

test("a campaign that nobody approved before its time shows as expired, and can only be copied", { timeout: 120_000 }, async ({ demo, open, provider, colleagues: { creator, approver } }) => {
  const { id } = await creator.post("campaigns", { ...greeting("Too late", provider), schedule: { kind: "at", at: new Date(Date.now() + 1_500).toISOString() } });
  await creator.post(`campaigns/${id}/launch`, {});
  const decider = await open(`${demo.url}/campaigns/${id}`, { as: approver.state });
  await state(decider, "Expired");
  await decider.getByText("It was not approved before its time came. Clone it to try again.").first().waitFor();
  expect(await decider.getByRole("button", { name: /^(Approve|Reject)$/ }).count()).toBe(0);
  await decider.getByRole("button", { name: "More", exact: true }).click();
  await decider.getByRole("menuitem", { name: "Clone" }).click();
  await decider.getByRole("heading", { level: 1, name: "Too late (copy)" }).waitFor();
});

test("the rules of all campaigns are changed by an approver and read back, and a creator only reads them", { timeout: 120_000 }, async ({ demo, open, colleagues: { creator, approver } }) => {
  const page = await open(`${demo.url}/settings/campaigns`, { as: approver.state });
  await page.getByRole("switch", { name: "Frequency cap" }).click();
  await page.getByRole("textbox", { name: "Messages" }).fill("5");
  await page.getByRole("textbox", { name: "in so many days" }).fill("14");
  await page.getByRole("switch", { name: "Dwell" }).click();
  await page.getByRole("textbox", { name: "Least time" }).fill("2");
  await page.getByRole("button", { name: "Save" }).click();
  await page.getByText("Saved", { exact: true }).waitFor();

  const reader = await open(`${demo.url}/settings/campaigns`, { as: creator.state });
  await reader.getByRole("textbox", { name: "in so many days" }).waitFor();
  expect(await reader.getByRole("textbox", { name: "Messages" }).inputValue()).toBe("5");
  expect(await reader.getByRole("textbox", { name: "in so many days" }).inputValue()).toBe("14");
  expect(await reader.getByRole("textbox", { name: "Least time" }).inputValue()).toBe("2");
  expect(await reader.getByRole("switch", { name: "Frequency cap" }).isDisabled()).toBe(true);
  expect(await reader.getByRole("button", { name: "Save" }).count()).toBe(0);
  const stored = (await (await page.request.get(`${demo.url}/api/v1/campaign-settings`)).json()) as CampaignSettings;
  expect(stored).toMatchObject({ frequencyCap: { messages: 5, days: 14 }, dwellMinutes: 2880, approval: true });
});
