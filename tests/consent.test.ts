/** People stop and start from their phones, on a real server with the demo's two sides: our number, and a provider that is our own deployment. */
import type { Contact, List, MessageSummary, TimelineItem } from "@tincan/api";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createTestDatabase, type TestDatabase } from "./support/database.ts";
import { Tincan } from "./support/tincan.ts";
import { Visitor } from "./support/visitor.ts";

const PHONE = "15550100177";

let database: TestDatabase;
let tincan: Tincan;
let admin: Visitor;

beforeAll(async () => {
  database = await createTestDatabase({ migrated: false });
  tincan = await Tincan.prepare({ env: { DATABASE_URL: database.url } });
  await tincan.start();
  const token = await vi.waitFor(() => /welcome\?token=([\w-]+)/.exec(tincan.said)![1], { timeout: 5000 });
  admin = new Visitor(tincan.url);
  await admin.get(`/welcome?token=${token}`);
});
afterAll(async () => {
  await tincan.remove();
  await database.drop();
});

interface Shown {
  direction: "in" | "out";
  text?: { body: string };
}

const shown = async (): Promise<string[]> => {
  const answer = await fetch(`${tincan.sandboxUrl}/sandbox/phones/${PHONE}/messages`);
  return ((await answer.json()) as Shown[]).flatMap(({ direction, text }) => (direction === "in" && text ? [text.body] : []));
};

async function write(text: string): Promise<void> {
  const answer = await fetch(`${tincan.sandboxUrl}/sandbox/phones/${PHONE}/messages`, {
    method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify({ type: "text", text: { body: text } }),
  });
  expect(answer.ok).toBe(true);
}

const person = async (): Promise<Contact | undefined> => (await admin.get<List<Contact>>(`/api/v1/contacts?q=${encodeURIComponent(`+${PHONE}`)}`)).body.items[0];
const marketing = async () => (await person())?.consent.categories.marketing.verdict;

test("somebody unknown says STOP, then START: each is kept, shown in their timeline, and confirmed on their phone once", async () => {
  await write("Stop");
  await expect.poll(marketing, { timeout: 5000 }).toBe("optedOut");
  await expect.poll(shown, { timeout: 5000 }).toContainEqual(expect.stringContaining("no more"));
  await write("START");
  await expect.poll(marketing, { timeout: 5000 }).toBe("allowed");
  await expect.poll(shown, { timeout: 5000 }).toContainEqual(expect.stringContaining("You are subscribed"));

  const { id } = (await person())!;
  const { items } = (await admin.get<List<TimelineItem>>(`/api/v1/contacts/${id}/timeline`)).body;
  expect(items.filter((item) => item.kind === "consent").map((item) => [item.title, item.consent!.source])).toEqual([["Opted in to all messages", "keyword"], ["Opted out of all messages", "keyword"]]);
  const { body: messages } = await admin.get<List<MessageSummary>>("/api/v1/messages?origin=consent");
  expect(messages.items).toHaveLength(2);
  const texts = await shown();
  expect(texts.filter((text) => text.includes("no more"))).toHaveLength(1);
  expect(texts.filter((text) => text.includes("You are subscribed"))).toHaveLength(1);
});
