import type { Campaign, CampaignPerson } from "@tincan/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { reopenForRetries } from "./retry-capped.ts";
import { body } from "../../templates/test/world.ts";
import { hello, startCampaignWorld, type CampaignWorld } from "../test/world.ts";

let world: CampaignWorld;

beforeAll(async () => {
  world = await startCampaignWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.empty());
afterEach(() => world.sound());

const got = async (person: Parameters<CampaignWorld["phone"]>[0]): Promise<number> => (await world.phone(person)).filter(({ direction }) => direction === "in").length;

describe("answers", () => {
  test("a reply counts once for the campaign it answers, whether it quotes the message or not", async () => {
    const [quoting, plain] = await world.people(2);
    const { id } = await world.launched();
    await world.until(id, ({ counts }) => counts.delivered === 2);
    const [message] = await world.phone(quoting!);
    await world.says(quoting!, "Tell me more", message!.id);
    await world.says(quoting!, "And how much is it?", message!.id);
    await world.says(plain!, "No thanks");
    const { counts } = await world.until(id, (campaign) => campaign.counts.replied === 2);
    expect(counts.optedOut).toBe(0);
  });

  test("a word that stops further messages counts as an opt-out too", async () => {
    const [person] = await world.people(1);
    const { id } = await world.launched();
    await world.until(id, ({ counts }) => counts.delivered === 1);
    await world.says(person!, "STOP");
    await world.until(id, ({ counts }) => counts.optedOut === 1 && counts.replied === 1);
    const { items } = (await world.api.get<{ items: CampaignPerson[] }>(`/api/v1/campaigns/${id}/people?step=optedOut`)).body;
    expect(items.map(({ phone }) => phone)).toEqual([person!.phone]);
  });
});

describe("goals", () => {
  test("the event counts once per person, with its revenue, and only within its time and filters", async () => {
    const people = await world.people(3);
    const goal = { event: "Charged", within: 60, revenue: "Amount", filters: [{ key: "Amount", test: { type: "number", op: "moreThan", value: 5 } }] } as const;
    const { id } = await world.launched({ goal: { ...goal, filters: [...goal.filters] } });
    await world.until(id, ({ counts }) => counts.delivered === 3);
    const charged = (i: number, Amount: number) => ({ contactId: people[i]!.id, name: "charged", properties: { Amount } });
    const at = new Date().toISOString();
    await world.happened({ ...charged(0, 20), at }, charged(1, 3), { ...charged(0, 30), at });
    await world.happened(charged(0, 50));
    const { counts } = await world.until(id, (campaign) => campaign.counts.converted === 1);
    expect(counts.revenue).toBe(20);
  });

  test("the control group converts without a message", async () => {
    const people = await world.people(20);
    const { id } = await world.launched({ controlShare: 50, goal: { event: "Visited", within: 60 } });
    const done = await world.until(id, ({ state, counts }) => state === "completed" && counts.delivered === counts.queued);
    expect(done.counts.queued).toBeGreaterThan(0);
    expect(done.counts.queued).toBeLessThan(20);
    await world.happened(...people.map(({ id: contactId }) => ({ contactId, name: "Visited" })));
    await world.until(id, ({ counts }) => counts.converted === done.counts.queued);
    const { items } = (await world.api.get<{ items: CampaignPerson[] }>(`/api/v1/campaigns/${id}/people?step=converted&variant=control`)).body;
    expect(items).toHaveLength(20 - done.counts.queued);
  });
});

describe("live campaigns", () => {
  const live = (more: object = {}) => ({ kind: "event" as const, trigger: { event: "Added to cart", filters: [{ key: "Item", test: { type: "text" as const, op: "is" as const, value: "Shoes" } }] }, ...more });
  const added = (contactId: string, Item = "shoes") => ({ contactId, name: "Added To Cart", properties: { Item } });

  test("who does the event gets the message, others do not", async () => {
    const [buyer, other, silent] = await world.people(3);
    const { id } = await world.launched({ schedule: live() });
    await world.until(id, ({ runs }) => runs[0]?.state === "running");
    await world.happened(added(buyer!.id), added(other!.id, "hat"));
    await world.until(id, ({ counts }) => counts.delivered === 1);
    expect(await Promise.all([buyer!, other!, silent!].map(got))).toEqual([1, 0, 0]);
    await world.api.post(`/api/v1/campaigns/${id}/stop`);
  });

  test("once only, unless people may begin again", async () => {
    const [person] = await world.people(1);
    const once = await world.launched({ name: "Once", schedule: live() });
    const again = await world.launched({ name: "Again", schedule: live({ reentry: 0 }) });
    for (const { id } of [once, again]) await world.until(id, ({ runs }) => runs[0]?.state === "running");
    await world.happened(added(person!.id));
    await world.until(again.id, ({ counts }) => counts.queued === 1);
    await world.happened(added(person!.id));
    await world.until(again.id, ({ counts }) => counts.queued === 2);
    await world.until(once.id, ({ counts }) => counts.queued > 0);
    // Whoever begins is there as soon as the event is stored: waiting first, then with a message.
    const waiting = (await world.api.get<{ items: CampaignPerson[] }>(`/api/v1/campaigns/${once.id}/people?step=waiting`)).body.items;
    expect([waiting, (await world.look(once.id)).counts.queued]).toEqual([[], 1]);
    for (const { id } of [once, again]) await world.api.post(`/api/v1/campaigns/${id}/stop`);
  });

  test("who does meanwhile what they were to be reminded of is left out", async () => {
    const [forgetful, done] = await world.people(2);
    const { id } = await world.launched({ schedule: live({ delay: 1, unless: { event: "Paid" } }) });
    await world.until(id, ({ runs }) => runs[0]?.state === "running");
    await world.happened(added(forgetful!.id), added(done!.id));
    await world.happened({ contactId: done!.id, name: "Paid" });
    await world.until(id, ({ counts }) => counts.delivered === 1);
    expect(await Promise.all([forgetful!, done!].map(got))).toEqual([1, 0]);
    const { items } = (await world.api.get<{ items: CampaignPerson[] }>(`/api/v1/campaigns/${id}/people?loss=notMatching`)).body;
    expect(items).toMatchObject([{ contactId: done!.id, detail: expect.stringContaining("Paid") }]);
    await world.api.post(`/api/v1/campaigns/${id}/stop`);
  });

  test("what was done meanwhile may be told together with what began it, and what was done before says nothing", async () => {
    const [after, before] = await world.people(2);
    const { id } = await world.launched({ schedule: live({ delay: 2, unless: { event: "Paid" } }) });
    await world.until(id, ({ runs }) => runs[0]?.state === "running");
    const [first, then] = [new Date(), new Date(Date.now() + 100)].map((date) => date.toISOString()) as [string, string];
    await world.happened({ ...added(after!.id), at: first }, { contactId: after!.id, name: "Paid", at: then }, { ...added(before!.id), at: then }, { contactId: before!.id, name: "Paid", at: first });
    await world.until(id, ({ counts }) => counts.delivered > 0);
    expect(await Promise.all([after!, before!].map(got))).toEqual([0, 1]);
    const { losses } = await world.look(id);
    expect(losses).toEqual([{ reason: "notMatching", people: 1 }]);
    await world.api.post(`/api/v1/campaigns/${id}/stop`);
  });

  test("what was done meanwhile may have been told before what began it, by an earlier call", async () => {
    const [paid, otherwise, early] = await world.people(3);
    const unless = { event: "Paid", filters: [{ key: "Amount", test: { type: "number" as const, op: "moreThan" as const, value: 5 } }] };
    const { id } = await world.launched({ schedule: live({ delay: 2, unless }) });
    await world.until(id, ({ runs }) => runs[0]?.state === "running");
    await world.database.pool.query("update campaign_triggers set since = since - interval '1 minute'");
    const at = (ms: number): string => new Date(Date.now() + ms).toISOString();
    const pays = (contactId: string, Amount: number, when: string) => ({ contactId, name: "Paid", properties: { Amount }, at: when });
    await world.happened(pays(paid!.id, 9, at(0)), pays(otherwise!.id, 3, at(0)), pays(early!.id, 9, at(-2_000)));
    await world.happened(...[paid!, otherwise!, early!].map((person) => ({ ...added(person.id), at: at(-1_000) })));
    await world.until(id, ({ counts }) => counts.delivered === 2);
    expect(await Promise.all([paid!, otherwise!, early!].map(got))).toEqual([0, 1, 1]);
    expect((await world.look(id)).losses).toEqual([{ reason: "notMatching", people: 1 }]);
    await world.api.post(`/api/v1/campaigns/${id}/stop`);
  });

  test("who met Meta's limit is tried again as often as said, with what their event said", async () => {
    const template = (await world.create({ name: "live_retry", components: [body("The {{1}} you chose are still here and wait for you at the shop.", "shoes")], submit: true })).body;
    await world.decide(template, { decision: "approve" });
    await world.becomes(template.id, "APPROVED");
    const [person] = await world.people(1);
    world.sandbox.change({ errors: [{ on: "messages", code: 131049, as: "status" }] });
    const content = { mode: "single" as const, variants: [{ key: "A", template: { name: "live_retry", language: "en" }, values: { body: [{ text: "{{ event.Item }}" }] } }] };
    const { id } = await world.launched({ schedule: live(), content, retryCapped: { times: 2, hours: 6 } });
    await world.until(id, ({ runs }) => runs[0]?.state === "running");
    await world.happened(added(person!.id));
    for (const tries of [1, 2, 3]) {
      await world.until(id, ({ counts, losses }) => losses.length > 0 || counts.failed === tries);
      await world.database.pool.query("update campaign_people set due_at = now() where state = 'waiting'");
    }
    const { rows } = await world.database.pool.query("select state, reason from campaign_people");
    expect(rows).toEqual([]);
    world.sandbox.change({ errors: [] });
    await world.api.post(`/api/v1/campaigns/${id}/stop`);
  });
});

test("the winner of a test goes to everybody who was held", async () => {
  const people = await world.people(30);
  const variants = [{ key: "A", ...hello, share: 50 }, { key: "B", ...hello, share: 50 }];
  const { id } = await world.launched({ content: { mode: "ab", variants, test: { share: 40, winnerBy: "reply", decideAfter: 1 } } });
  const tested = await world.until(id, ({ counts, runs }) => counts.queued > 0 && counts.delivered === counts.queued && runs[0]!.people === 30);
  expect(tested.counts.queued).toBeLessThan(30);
  const { items } = (await world.api.get<{ items: CampaignPerson[] }>(`/api/v1/campaigns/${id}/people?step=delivered&variant=B`)).body;
  const answering = people.find(({ id: contactId }) => contactId === items[0]!.contactId);
  await world.says(answering!, "Yes please");
  await world.until(id, ({ counts }) => counts.replied === 1);
  await world.database.pool.query("update campaign_runs set decides_at = now(), resume_at = null, idle_until = null");
  const done = await world.until(id, ({ state, counts }) => state === "completed" && counts.queued === 30);
  expect(done.runs[0]).toMatchObject({ winner: "B" });
});

test("a test that is paused goes on for as long as it still had to, before a winner is chosen", async () => {
  await world.people(10);
  const variants = [{ key: "A", ...hello, share: 50 }, { key: "B", ...hello, share: 50 }];
  const { id } = await world.launched({ content: { mode: "ab", variants, test: { share: 50, winnerBy: "read", decideAfter: 60 } } });
  await world.until(id, ({ runs }) => runs[0]?.people === 10);
  await world.api.post(`/api/v1/campaigns/${id}/pause`);
  // As if that had been two hours ago.
  await world.database.pool.query("update campaign_runs set paused_at = paused_at - interval '2 hours', decides_at = decides_at - interval '2 hours'");
  const { runs } = (await world.api.post<Campaign>(`/api/v1/campaigns/${id}/resume`)).body;
  expect(Date.parse(runs[0]!.decidesAt!)).toBeGreaterThan(Date.now());
  await world.api.post(`/api/v1/campaigns/${id}/stop`);
});

test("who met Meta's limit of marketing messages is tried again later, in a run that takes up its work again", async () => {
  await world.people(1);
  world.sandbox.change({ errors: [{ on: "messages", code: 131049, as: "status", times: 1 }] });
  const { id } = await world.launched({ retryCapped: { times: 1, hours: 6 } });
  await world.until(id, ({ counts }) => counts.failed === 1);
  await world.database.pool.query("update campaign_people set due_at = now() where state = 'waiting'");
  const { counts } = await world.until(id, (campaign) => campaign.state === "completed" && campaign.counts.delivered === 1);
  expect(counts).toMatchObject({ queued: 2, failed: 1 });
  const { rows } = await world.database.pool.query("select sum(retried)::int as retried from campaign_counts");
  expect(rows).toEqual([{ retried: 1 }]);
});

test("a campaign whose provider was deleted before its time came fails, and says so", async () => {
  const { id } = await world.launched({ schedule: { kind: "at", at: inHours(1) } });
  const { rows: [gone] } = await world.database.pool.query<{ id: string }>(
    `insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency)
     select workspace_id, gen_random_uuid(), kind, 'Gone', '+15550100777', settings, secrets, max_concurrency from providers where id = $1 returning id`, [world.provider.id]);
  await world.database.pool.query("update campaigns set provider_id = $2::uuid, definition = definition || jsonb_build_object('provider', $2::uuid::text) where id = $1", [id, gone!.id]);
  await world.database.pool.query("delete from providers where id = $1", [gone!.id]);
  await nextDateComes(id);
  const { reason, runs } = await world.until(id, ({ state }) => state === "failed");
  expect([reason, runs[0]?.state]).toEqual(["Its provider is not there any more.", "failed"]);
});

const inHours = (hours: number): string => new Date(Date.now() + hours * 3_600_000).toISOString();
const nextDateComes = (id: string) => world.database.pool.query("update campaigns set next_run_at = now() where id = $1", [id]);
const theirTimeComes = () => world.database.pool.query("update campaign_people set due_at = now() where state = 'waiting'");
const statesOf = (campaign: Campaign) => [campaign.state, ...[...campaign.runs].sort((a, b) => a.number - b.number).map(({ state }) => state)];

describe("people who are to be tried again before the run has ended", () => {
  /** On the first of its dates: somebody met Meta's limit while others were held for the winner of a test, who all have their message now. */
  async function cappedBeforeItsEnd(): Promise<string> {
    await world.people(20);
    world.sandbox.change({ errors: [{ on: "messages", code: 131049, as: "status", times: 1 }] });
    const variants = [{ key: "A", ...hello, share: 50 }, { key: "B", ...hello, share: 50 }];
    const { id } = await world.launched({
      content: { mode: "ab", variants, test: { share: 50, winnerBy: "reply", decideAfter: 60 } },
      schedule: { kind: "dates", dates: [inHours(1), inHours(48), inHours(96)] }, retryCapped: { times: 1, hours: 6 },
    });
    await nextDateComes(id);
    await world.until(id, ({ counts, runs }) => runs[0]?.people === 20 && counts.failed === 1);
    await decide(id);
    await world.until(id, ({ counts }) => counts.delivered === 19);
    return id;
  }
  const decide = (id: string) => world.database.pool.query("update campaign_runs set decides_at = now(), resume_at = null, idle_until = null where campaign_id = $1", [id]);
  const retriesOnly = (id: string) => world.until(id, (campaign) => statesOf(campaign).join() === "scheduled,running");

  test("keep no date waiting: its run begins and ends, and they are tried", async () => {
    const id = await cappedBeforeItsEnd();
    await retriesOnly(id);
    await nextDateComes(id);
    await world.until(id, ({ counts, runs }) => runs.length === 2 && runs.some(({ number, people }) => number === 2 && people === 20) && counts.delivered > 19);
    expect(statesOf(await world.look(id))).toEqual(["running", "running", "running"]);
    await decide(id);
    await world.until(id, (campaign) => statesOf(campaign).join() === "scheduled,running,completed");
    await theirTimeComes();
    const done = await world.until(id, ({ counts }) => counts.delivered === 40);
    expect(done).toMatchObject({ state: "scheduled", counts: { queued: 41, failed: 1 } });
    await world.until(id, (campaign) => statesOf(campaign).join() === "scheduled,completed,completed");
  });

  test("wait through a pause, after which the next date is waited for again, and are left out by a stop", async () => {
    const id = await cappedBeforeItsEnd();
    await retriesOnly(id);
    await world.api.post(`/api/v1/campaigns/${id}/pause`);
    expect(statesOf(await world.look(id))).toEqual(["paused", "paused"]);
    await world.api.post(`/api/v1/campaigns/${id}/resume`);
    await retriesOnly(id);
    await world.api.post(`/api/v1/campaigns/${id}/stop`);
    const { losses } = await world.until(id, (campaign) => statesOf(campaign).join() === "stopped,stopped" && campaign.losses.length > 0);
    expect(losses).toEqual([{ reason: "stopped", people: 1 }]);
  });

  test("keep the campaign running when there is no other date", async () => {
    const id = await cappedBeforeItsEnd();
    await retriesOnly(id);
    await world.database.pool.query("update campaigns set next_run_at = null, state = 'running' where id = $1", [id]);
    await decide(id);
    await world.until(id, ({ runs }) => runs[0]!.waiting === 1);
    expect(statesOf(await world.look(id))).toEqual(["running", "running"]);
    await theirTimeComes();
    await world.until(id, (campaign) => statesOf(campaign).join() === "completed,completed");
  });
});

describe("people tried again by a campaign with several dates", () => {
  /** It has sent to one person on its first date, who met Meta's limit since, and waits for its second. */
  async function betweenDates(): Promise<string> {
    await world.people(1);
    const { id } = await world.launched({ schedule: { kind: "dates", dates: [inHours(1), inHours(48)] }, retryCapped: { times: 1, hours: 6 } });
    await nextDateComes(id);
    await world.until(id, ({ state, counts }) => state === "scheduled" && counts.delivered === 1);
    await world.database.pool.query(
      `insert into campaign_people (workspace_id, id, run_id, cell_id, contact_id, due_at, attempt, state)
       select l.workspace_id, gen_random_uuid(), l.run_id, l.id, c.id, now() + interval '6 hours', 2, 'waiting' from campaign_cells l join contacts c using (workspace_id)`,
    );
    return id;
  }
  const reopened = async (id: string): Promise<Campaign> => {
    await reopenForRetries(world.database.db);
    return world.until(id, ({ runs }) => runs[0]?.state === "running");
  };

  test("it is still shown as waiting for its next date, while they wait and when they were tried", async () => {
    const id = await betweenDates();
    expect(statesOf(await reopened(id))).toEqual(["scheduled", "running"]);
    await theirTimeComes();
    const done = await world.until(id, ({ counts, runs }) => counts.delivered === 2 && runs[0]?.state === "completed");
    expect(done.state).toBe("scheduled");
  });

  test("its next date comes while they wait, and the one after that", async () => {
    const id = await betweenDates();
    await reopened(id);
    await nextDateComes(id);
    await world.until(id, (campaign) => statesOf(campaign).join() === "scheduled,running,completed");
    await nextDateComes(id);
    await world.until(id, (campaign) => statesOf(campaign).slice(1).join() === "running,completed,completed");
    await theirTimeComes();
    await world.until(id, ({ counts }) => counts.delivered === 4);
  });

  test("a pause holds them too, and after it they are tried and the campaign waits for its date again", async () => {
    const id = await betweenDates();
    await reopened(id);
    await world.api.post(`/api/v1/campaigns/${id}/pause`);
    expect(statesOf(await world.look(id))).toEqual(["paused", "paused"]);
    await theirTimeComes();
    await world.api.post(`/api/v1/campaigns/${id}/resume`);
    await world.until(id, (campaign) => campaign.counts.delivered === 2 && statesOf(campaign).join() === "scheduled,completed");
  });

  test("nobody is tried again after a stop", async () => {
    const id = await betweenDates();
    await world.api.post(`/api/v1/campaigns/${id}/stop`);
    expect(await reopenForRetries(world.database.db)).toBe(0);
    expect(statesOf(await world.look(id))).toEqual(["stopped", "completed"]);
  });
});
