import type { Campaign, CampaignPerson, CampaignSettings, Contact } from "@tincan/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { uuidv7 } from "../database/uuid.ts";
import type { InboundMessage } from "../ledger/inbound-message.ts";
import { campaignReplies } from "./reactions/responses.ts";
import { startCampaignWorld, type CampaignWorld } from "./test/world.ts";

/* Two contacts turn out to be one person, while a campaign or after a campaign wrote to the one that goes. */

let world: CampaignWorld;

beforeAll(async () => {
  world = await startCampaignWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.empty());
afterEach(() => world.sound());

const merge = async (kept: Contact, gone: Contact): Promise<Contact> => {
  const { status, body } = await world.api.post<Contact>(`/api/v1/contacts/${kept.id}/merge`, { with: gone.id });
  expect(status).toBe(200);
  return body;
};
const behind = async (id: string, query: string): Promise<CampaignPerson[]> => (await world.api.get<{ items: CampaignPerson[] }>(`/api/v1/campaigns/${id}/people?${query}`)).body.items;
const delivered = (messages: number) => ({ counts }: Campaign) => counts.delivered === messages;
/** Somebody known by name alone, who has no number before the merge. */
const nameless = async (): Promise<Contact> => (await world.api.post<Contact>("/api/v1/contacts", { identity: `known-${Date.now()}`, name: "Known", optIn: true })).body;

describe("of somebody who was merged into somebody else", () => {
  test("a goal's event converts the message that went to the old contact, once, however often they were merged", async () => {
    const [gone] = await world.people(1);
    const { id } = await world.launched({ goal: { event: "Charged", within: 60, revenue: "Amount" } });
    await world.until(id, delivered(1));
    const [next, last] = await world.people(2);
    await merge(next!, gone!);
    await merge(last!, next!);
    await world.happened({ contactId: last!.id, name: "Charged", properties: { Amount: 7 } });
    await world.happened({ contactId: last!.id, name: "Charged", properties: { Amount: 9 } });
    expect((await world.look(id)).counts).toMatchObject({ converted: 1, revenue: 7 });
    expect(await behind(id, "step=converted")).toMatchObject([{ contactId: last!.id, name: last!.name }]);
    expect(await behind(id, "step=delivered")).toMatchObject([{ contactId: last!.id, name: last!.name, phone: gone!.phone }]);
  });

  test("a goal's event converts in the control group too", async () => {
    const people = await world.people(20);
    const { id } = await world.launched({ controlShare: 50, goal: { event: "Visited", within: 60 } });
    await world.until(id, ({ state, counts }) => state === "completed" && counts.delivered === counts.queued);
    const [left] = await behind(id, "loss=controlGroup");
    const [kept] = await world.people(1);
    await merge(kept!, people.find((person) => person.id === left!.contactId)!);
    await world.happened({ contactId: kept!.id, name: "Visited" });
    expect(await behind(id, "step=converted&variant=control")).toMatchObject([{ contactId: kept!.id }]);
  });

  test("an answer and a stop count for the message that went to the old contact", async () => {
    const [gone] = await world.people(1);
    const { id } = await world.launched();
    await world.until(id, delivered(1));
    const kept = await merge(await nameless(), gone!);
    expect(kept.phone).toBe(gone!.phone);
    await world.says(kept, "STOP");
    await world.until(id, ({ counts }) => counts.replied === 1 && counts.optedOut === 1);
    expect(await behind(id, "step=optedOut")).toMatchObject([{ contactId: kept.id, name: "Known" }]);
  });

  test("who had answered as one of the two does not answer again as the other, and two answers before stay two", async () => {
    const [kept, gone, both, too] = await world.people(4);
    const { id } = await world.launched();
    await world.until(id, delivered(4));
    for (const person of [gone!, both!, too!]) await world.says(person, "Yes");
    await world.until(id, ({ counts }) => counts.replied === 3);
    await merge(kept!, gone!);
    await merge(both!, too!);
    await world.says(kept!, "Yes, as I said");
    const [fifth] = await world.people(1);
    const second = await world.launched({ name: "Second", audience: { everyone: true } });
    await world.until(second.id, ({ counts }) => counts.delivered === 3);
    await world.says(fifth!, "Yes");
    await world.until(second.id, ({ counts }) => counts.replied === 1);
    expect((await world.look(id)).counts.replied).toBe(3);
    expect((await behind(id, "step=replied")).map(({ contactId }) => contactId).sort()).toEqual([kept!.id, both!.id, both!.id].sort());
  });

  test("two answers that come at once, one to each of their messages, are one reply", async () => {
    const [kept, gone] = await world.people(2);
    const { id } = await world.launched();
    await world.until(id, delivered(2));
    await merge(kept!, gone!);
    const { db } = world.database;
    const { origin_id: originId, workspace_id: workspaceId } = await db.selectFrom("messages").select(["origin_id", "workspace_id"]).where("external_id", "=", kept!.id).executeTakeFirstOrThrow();
    const answers = [gone!, kept!].map((contact, i): InboundMessage => ({
      id: uuidv7(), providerId: world.provider.id, wireId: `wamid.${i}`, sender: kept!.phone!, type: "text", content: { text: "Yes" }, raw: {}, occurredAt: new Date(),
      replyTo: { messageId: uuidv7(), originKind: "campaign", originId, externalId: contact.id, recipient: contact.phone! },
    }));
    await db.transaction().execute((tx) => campaignReplies()(tx, workspaceId, answers));
    expect((await world.look(id)).counts.replied).toBe(1);
  });

  test("a message of the old contact that waits to be tried again goes to the person's number", async () => {
    const [gone] = await world.people(1);
    world.sandbox.change({ errors: [{ on: "messages", code: 131049, as: "status", times: 1 }] });
    const { id } = await world.launched({ retryCapped: { times: 1, hours: 6 } });
    await world.until(id, ({ counts }) => counts.failed === 1);
    const [kept] = await world.people(1);
    await merge(kept!, gone!);
    await world.database.pool.query("update campaign_people set due_at = now() where state = 'waiting'");
    await world.until(id, ({ state, counts }) => state === "completed" && counts.delivered === 1);
    expect(await behind(id, "step=delivered")).toMatchObject([{ contactId: kept!.id, phone: kept!.phone }]);
  });

  test("nothing more goes to a person who has the run's message already when the old contact's time comes", async () => {
    const [gone, kept] = await world.people(2);
    world.sandbox.change({ errors: [{ on: "messages", code: 131049, as: "status", times: 1 }] });
    const { id } = await world.launched({ retryCapped: { times: 1, hours: 6 } });
    await world.until(id, ({ counts }) => counts.failed === 1 && counts.delivered === 1);
    const one = (await behind(id, "step=waiting"))[0]!.contactId === gone!.id ? { gone: gone!, kept: kept! } : { gone: kept!, kept: gone! };
    await merge(one.kept, one.gone);
    await world.database.pool.query("update campaign_people set due_at = now() where state = 'waiting'");
    const { counts } = await world.until(id, ({ state }) => state === "completed");
    expect(counts).toMatchObject({ queued: 2, failed: 1, delivered: 1 });
    expect(await behind(id, "loss=removed")).toMatchObject([{ contactId: one.kept.id }]);
  });

  test("who began a live campaign as the old contact does not begin again, and what they did meanwhile counts", async () => {
    const [gone, waiting] = await world.people(2);
    const schedule = { kind: "event" as const, trigger: { event: "Added to cart" }, unless: { event: "Paid" } };
    const once = await world.launched({ name: "Once", schedule });
    const later = await world.launched({ name: "Later", schedule: { ...schedule, trigger: { event: "Looked" }, delay: 3_600 } });
    for (const { id } of [once, later]) await world.until(id, ({ runs }) => runs[0]?.state === "running");
    await world.happened({ contactId: gone!.id, name: "Added to cart" }, { contactId: waiting!.id, name: "Looked" });
    await world.until(once.id, delivered(1));
    const [kept, other] = await world.people(2);
    await merge(kept!, gone!);
    await merge(other!, waiting!);
    await world.happened({ contactId: kept!.id, name: "Added to cart" }, { contactId: other!.id, name: "Paid" });
    expect(await behind(once.id, "step=waiting")).toEqual([]);
    expect((await world.look(once.id)).counts.queued).toBe(1);
    expect(await behind(later.id, "loss=notMatching")).toMatchObject([{ contactId: other!.id, detail: expect.stringContaining("Paid") }]);
    for (const { id } of [once, later]) await world.api.post(`/api/v1/campaigns/${id}/stop`);
  });

  test("what went to a number that was given up counts for the cap of messages", async () => {
    const [gone] = await world.people(1);
    await world.until((await world.launched()).id, delivered(1));
    const [kept, other] = await world.people(2);
    await merge(kept!, gone!);
    const settings = (await world.api.get<CampaignSettings>("/api/v1/campaign-settings")).body;
    await world.api.send("PUT", "/api/v1/campaign-settings", { ...settings, frequencyCap: { messages: 1, days: 1 } });
    const { id } = await world.launched({ name: "Second" });
    await world.until(id, ({ state, counts }) => state === "completed" && counts.delivered === 1);
    await world.api.send("PUT", "/api/v1/campaign-settings", settings);
    expect(await behind(id, "loss=frequencyCap")).toMatchObject([{ contactId: kept!.id }]);
    expect(await behind(id, "step=delivered")).toMatchObject([{ contactId: other!.id }]);
  });

  test("what belonged to the old contact is forgotten with the person", async () => {
    const [gone] = await world.people(1);
    const { id } = await world.launched();
    await world.until(id, delivered(1));
    const { pool } = world.database;
    await pool.query("insert into coupon_codes (workspace_id, pool_id, code, contact_id, given_at) select workspace_id, gen_random_uuid(), 'SAVE', id, now() from contacts");
    const [kept] = await world.people(1);
    await merge(kept!, gone!);
    expect((await world.api.delete(`/api/v1/contacts/${kept!.id}`)).status).toBe(204);
    expect(await behind(id, "step=delivered")).toMatchObject([{ contactId: null, name: null, phone: "forgotten" }]);
    expect((await pool.query("select contact_id from coupon_codes where code = 'SAVE'")).rows).toEqual([{ contact_id: null }]);
    expect((await pool.query("select 1 from merged_contacts where contact_id = $1", [kept!.id])).rows).toEqual([]);
  });
});
