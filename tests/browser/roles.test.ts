/** Nothing that somebody sees leads to where their role does not let them. */
import { expect } from "vitest";
import { demoTest } from "../support/visit.ts";
import { furnish } from "./rooms.ts";

const test = demoTest.extend("rooms", { scope: "file" }, ({ demo }) => furnish(demo.context.request, demo.url));

test("an agent finds no way to a refusal on the pages of messages and templates", async ({ browser, demo, rooms, open }) => {
  const { request } = demo.context;
  const headers = { origin: demo.url };
  const invited = (await (await request.post(`${demo.url}/api/v1/members`, { data: { email: "agent@example.com", role: "agent" }, headers })).json()) as { link: string };
  const context = await browser.newContext({ extraHTTPHeaders: headers });
  const joined = await context.request.post(`${demo.url}/api/v1/invitations/${invited.link.split("/").at(-1)}`, { data: { name: "An agent", password: "a long enough password" } });
  expect(joined.ok(), await joined.text()).toBe(true);
  const agent = await open(demo.url, { as: await context.storageState() });
  await context.close();
  const refused: string[] = [];
  agent.on("response", (response) => {
    if (response.status() === 403) refused.push(response.url());
  });
  for (const { path, shows } of rooms.filter((room) => /^\/(?:messages|templates)\/[0-9a-f-]{36}$/.test(room.path))) {
    await agent.goto(demo.url + path);
    await agent.getByText(shows, { exact: true }).first().waitFor();
    const ways = await agent.getByRole("main").getByRole("link").evaluateAll((links) => links.map((link) => link.getAttribute("href") ?? ""));
    expect(ways.filter((way) => !/^\/(?:messages|templates|people\/contacts)(?:[/?]|$)/.test(way)), path).toEqual([]);
  }
  expect(refused).toEqual([]);
  await agent.goto(`${demo.url}/channels/whatsapp`);
  await agent.getByRole("alert").getByText("Ask an admin of the workspace.").waitFor();
  expect(await agent.getByRole("button", { name: "Try again" }).count()).toBe(0);
});

test("a number of the last 24 hours opens the messages of that time", async ({ page }) => {
  await page.getByRole("main").getByRole("link", { name: /^Failed/ }).click();
  await page.getByRole("table", { name: "messages" }).waitFor();
  await expect.poll(() => page.getByLabel("Time", { exact: true }).inputValue()).toBe("24h");
  await expect.poll(() => page.getByLabel("Step taken", { exact: true }).inputValue()).toBe("failed");
});
