import type { Campaign, CampaignPerson, CampaignSummary, ErrorBody } from "@tincan/api";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal } from "../templates/test/world.ts";
import { hello, startCampaignWorld, type CampaignWorld } from "./test/world.ts";

let world: CampaignWorld;

beforeAll(async () => {
  world = await startCampaignWorld();
}, 60_000);
afterAll(() => world.stop());
beforeEach(() => world.empty());
afterEach(() => world.sound());

const step = (id: string, name: string, body?: object) => world.api.post<Campaign>(`/api/v1/campaigns/${id}/${name}`, body);
const tomorrow = (): string => new Date(Date.now() + 86_400_000).toISOString();

describe("drafts", () => {
  test("an unfinished draft says what a launch still needs, in the wizard's order", async () => {
    const { body: campaign } = await world.api.post<Campaign>("/api/v1/campaigns", { name: "Half done" });
    expect(campaign.state).toBe("draft");
    expect(campaign.problems.map(({ path }) => path)).toEqual(["audience", "provider", "content", "schedule"]);
    expect(refusal(await step(campaign.id, "launch"))).toMatchObject({ status: 422, code: "campaign_incomplete", field: "audience" });
  });

  test("a draft is changed, and only a draft", async () => {
    const { id } = await world.draft({ schedule: { kind: "at", at: tomorrow() } });
    const changed = await world.api.patch<Campaign>(`/api/v1/campaigns/${id}`, { name: "Hello again" });
    expect(changed.body).toMatchObject({ name: "Hello again", definition: { schedule: { kind: "at" } } });
    await step(id, "launch");
    expect(refusal(await world.api.patch(`/api/v1/campaigns/${id}`, { name: "Too late" }))).toMatchObject({ status: 409, code: "campaign_not_editable" });
  });

  test("a template that is not approved, values that do not fit it, and shares that do not add up are each named", async () => {
    const pending = await world.create({ name: `pending_${Date.now()}` });
    const variants = [
      { key: "A", template: { name: pending.body.name, language: "en" }, values: {}, share: 50 },
      { key: "B", ...hello, values: { body: [{ text: "too much" }] }, share: 40 },
    ];
    const { problems } = await world.draft({ content: { mode: "ab", variants } });
    expect(problems.map(({ path }) => path)).toEqual(["content.variants", "content.variants[0].template", "content.variants[1].values.body"]);
  });

  test("an offer that ends before anything is sent, and a value of a split that comes twice, are each named", async () => {
    const spring = (offerEnds: string) => ({ template: { name: "spring_offer", language: "en" }, values: { offerEnds: { kind: "at" as const, at: offerEnds } } });
    const variants = [{ key: "A", equals: "Pune", ...spring(new Date(Date.now() + 60_000).toISOString()) }, { key: "B", equals: "pune ", ...spring(new Date(Date.now() + 3 * 86_400_000).toISOString()) }];
    const { problems } = await world.draft({ content: { mode: "split", property: "City", variants }, schedule: { kind: "at", at: tomorrow() } });
    expect(problems.filter(({ path }) => /variants$|offerEnds$/.test(path)).map(({ path }) => path)).toEqual(["content.variants", "content.variants[0].values.offerEnds"]);
  });

  test("a list that is not there is named as the audience", async () => {
    const { problems } = await world.draft({ audience: { listId: "0199aaaa-0000-7000-8000-000000000000" } });
    expect(problems[0]?.path).toMatch(/^audience/);
  });

  test.each([
    ["a filter under another name", { where: [] }, "where"],
    ["a test that is not of its type", { filters: [{ key: "Amount", test: { type: "number", op: "contains", value: "5" } }] }, "filters[0].test.op"],
    ["a value of another type", { filters: [{ key: "Amount", test: { type: "number", op: "equals", value: "5" } }] }, "filters[0].test.value"],
    ["a second that no clock here has", { filters: [{ key: "Day", test: { type: "date", op: "after", value: "2016-12-31T23:59:60Z" } }] }, "filters[0].test.value"],
    ["a range that ends before it begins", { filters: [{ key: "Amount", test: { type: "number", op: "between", from: 5, to: 1 } }] }, "filters[0].test.to"],
    ["a day that does not exist", { filters: [{ key: "Day", test: { type: "date", op: "before", value: "2026-02-31T00:00:00Z" } }] }, "filters[0].test.value"],
  ])("%s is refused where an event is named", async (_what, more, field) => {
    const event = { event: "Ordered", ...more };
    const places = { "schedule.trigger": { schedule: { kind: "event", trigger: event } }, "schedule.unless": { schedule: { kind: "event", trigger: { event: "Added" }, unless: event } }, goal: { goal: { ...event, within: 60 } } };
    for (const [place, given] of Object.entries(places)) {
      expect(refusal(await world.api.post("/api/v1/campaigns", { name: "Live", ...given }))).toMatchObject({ status: 400, code: "invalid_input", field: `${place}.${field}` });
    }
    expect((await world.api.get<{ items: unknown[] }>("/api/v1/campaigns")).body.items).toEqual([]);
  });

  test.each([
    ["schedule.at", (at: string) => ({ schedule: { kind: "at", at } })],
    ["schedule.dates[1]", (at: string) => ({ schedule: { kind: "dates", dates: [tomorrow(), at] } })],
    ["schedule.until", (until: string) => ({ schedule: { kind: "event", trigger: { event: "Ordered" }, until } })],
    ["pace.cutOff", (cutOff: string) => ({ pace: { cutOff } })],
    ["retryCapped.until", (until: string) => ({ retryCapped: { times: 1, hours: 6, until } })],
    ["content.variants[0].values.offerEnds.at", (at: string) => ({ content: { mode: "single", variants: [{ key: "A", template: hello.template, values: { offerEnds: { kind: "at", at } } }] } })],
  ])("a time in %s that is none is refused, in a new draft and in a change", async (field, given) => {
    const { id } = await world.draft();
    const body = given("2030-12-31T23:59:60Z");
    for (const answer of [await world.api.post("/api/v1/campaigns", { name: "Leap", ...body }), await world.api.patch(`/api/v1/campaigns/${id}`, body)]) {
      expect(refusal(answer)).toMatchObject({ status: 400, code: "invalid_input", field });
    }
  });

  test("a copy is a draft of its own, and a draft that was never launched can be deleted", async () => {
    const { id } = await world.draft({ name: "Original" });
    const { body: copy } = await step(id, "clone");
    expect(copy).toMatchObject({ name: "Original (copy)", state: "draft", definition: { audience: { everyone: true } } });
    expect((await world.api.delete(`/api/v1/campaigns/${copy.id}`)).status).toBe(204);
    expect((await world.api.get(`/api/v1/campaigns/${copy.id}`)).status).toBe(404);
  });

  test("a copy of a campaign whose provider was deleted has none", async () => {
    const provider = (await world.database.pool.query<{ id: string }>(
      `insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency)
       select workspace_id, gen_random_uuid(), kind, 'Gone', '+15550100777', settings, secrets, max_concurrency from providers where id = $1 returning id`, [world.provider.id])).rows[0]!.id;
    const { id } = await world.draft({ provider });
    await world.database.pool.query("delete from providers where id = $1", [provider]);
    const { status, body: copy } = await step(id, "clone");
    expect([status, copy.problems.map(({ path }) => path)]).toEqual([201, ["provider"]]);
  });

  test("the list searches, filters by state, and pages", async () => {
    for (const name of ["Spring", "Summer", "Autumn"]) await world.draft({ name });
    await world.launched({ name: "Winter", schedule: { kind: "at", at: tomorrow() } });
    const list = async (query: string) => (await world.api.get<{ items: CampaignSummary[]; next: string | null }>(`/api/v1/campaigns?${query}`)).body;
    expect((await list("q=um")).items.map(({ name }) => name).toSorted()).toEqual(["Autumn", "Summer"]);
    expect((await list("state=scheduled")).items.map(({ name }) => name)).toEqual(["Winter"]);
    const first = await list("sort=name&limit=3");
    const second = await list(`sort=name&limit=3&after=${encodeURIComponent(first.next!)}`);
    expect([...first.items, ...second.items].map(({ name }) => name)).toEqual(["Autumn", "Spring", "Summer", "Winter"]);
    expect(second.next).toBeNull();
  });

  test("the labels of all campaigns are listed, each once", async () => {
    const { id } = await world.draft({ labels: ["winter", "news"] });
    await world.draft({ labels: ["news", "autumn"] });
    await step(id, "archive");
    expect((await world.api.get("/api/v1/campaigns/labels")).body).toEqual({ items: ["autumn", "news", "winter"], next: null });
  });
});

describe("a launch", () => {
  test("sends to everybody who agreed, and counts who got and read it", async () => {
    const people = await world.people(5);
    await world.people(1, () => ({ optIn: false }));
    const { id } = await world.launched();
    const done = await world.until(id, ({ state, counts }) => state === "completed" && counts.delivered === 5);
    expect(done.counts).toMatchObject({ queued: 5, submitted: 5, sent: 5, delivered: 5, read: 0, failed: 0 });
    for (const person of people) expect((await world.phone(person)).filter(({ direction }) => direction === "in")).toHaveLength(1);
    await world.reads(people[0]!);
    await world.until(id, ({ counts }) => counts.read === 1);

    const behind = async (query: string) => (await world.api.get<{ items: CampaignPerson[] }>(`/api/v1/campaigns/${id}/people?${query}`)).body.items;
    expect(await behind("step=read")).toMatchObject([{ name: people[0]!.name, phone: people[0]!.phone, variant: "A" }]);
    expect(await behind("step=delivered")).toHaveLength(5);
    expect(await behind("loss=notOptedIn")).toMatchObject([{ name: "Person 5", reason: "notOptedIn" }]);
    expect(done.losses).toEqual([{ reason: "notOptedIn", people: 1 }]);
  });

  test("is shown with its runs as of one moment", async () => {
    await world.people(1);
    const { id } = await world.launched();
    await world.until(id, ({ state }) => state === "completed");
    const other = await world.database.pool.connect();
    try {
      await other.query("begin");
      await other.query("lock table campaign_runs");
      const asked = world.look(id);
      // By then the campaign has been read, and its runs have not.
      const waits = "select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock' and query like '%from campaign_runs%order by number desc%'";
      await expect.poll(async () => (await world.database.pool.query(waits)).rowCount).toBe(1);
      await other.query("update campaign_runs set state = 'stopped'");
      await other.query("update campaigns set state = 'stopped'");
      await other.query("commit");
      expect(await asked).toMatchObject({ state: "completed", runs: [{ state: "completed" }] });
    } finally {
      await other.query("rollback");
      other.release();
    }
    expect(await world.look(id)).toMatchObject({ state: "stopped", runs: [{ state: "stopped" }] });
  });

  test("waits for its time, and is stopped before it", async () => {
    const { id, state, nextRunAt } = await world.launched({ schedule: { kind: "at", at: tomorrow() } });
    expect(state).toBe("scheduled");
    expect(new Date(nextRunAt!).getTime()).toBeGreaterThan(Date.now());
    expect((await step(id, "stop")).body).toMatchObject({ state: "stopped", nextRunAt: null });
    expect(refusal(await step(id, "resume"))).toMatchObject({ status: 409, code: "campaign_wrong_state" });
  });

  test("dates that pass during a pause are left out, the first one too; a single time is made up for", async () => {
    const dates = { kind: "dates" as const, dates: [tomorrow(), new Date(Date.now() + 2 * 86_400_000).toISOString()] };
    const [several, single] = await Promise.all([world.launched({ schedule: dates }), world.launched({ schedule: { kind: "at", at: tomorrow() } })]);
    for (const { id } of [several, single]) await step(id, "pause");
    await world.database.pool.query("update campaigns set next_run_at = now() - interval '1 hour'");
    expect((await step(several.id, "resume")).body).toMatchObject({ state: "scheduled", nextRunAt: dates.dates[0], runs: [] });
    await step(single.id, "resume");
    expect((await world.until(single.id, ({ state }) => state === "completed")).runs).toHaveLength(1);
    await step(several.id, "stop");
  });

  test("a test that begins late has all its time", async () => {
    await world.people(4);
    const variants = [{ key: "A", ...hello, share: 50 }, { key: "B", ...hello, share: 50 }];
    const { id } = await world.launched({ schedule: { kind: "at", at: tomorrow() }, content: { mode: "ab", variants, test: { share: 50, winnerBy: "read", decideAfter: 30 } } });
    await world.database.pool.query("update campaigns set next_run_at = now() - interval '2 hours' where id = $1", [id]);
    const { runs } = await world.until(id, (campaign) => campaign.runs[0]?.people === 4);
    expect(runs[0]!.winner).toBeNull();
    expect(Date.parse(runs[0]!.decidesAt!) - Date.now()).toBeGreaterThan(29 * 60_000);
    await step(id, "stop");
  });

  test("is refused while the campaign is in the archive, and with a cut-off before its first time", async () => {
    const { id } = await world.draft({ pace: { cutOff: new Date(Date.now() - 60_000).toISOString() } });
    expect(refusal(await step(id, "launch"))).toMatchObject({ code: "campaign_incomplete", field: "pace.cutOff" });
    await world.api.patch(`/api/v1/campaigns/${id}`, { pace: { cutOff: tomorrow() } });
    await step(id, "archive");
    expect(refusal(await step(id, "launch"))).toMatchObject({ status: 409, code: "campaign_wrong_state" });
    expect((await step(id, "unarchive")).body.problems).toEqual([]);
  });

  test("several dates make a run each", async () => {
    await world.people(2);
    // Not before the launch, however slow the machine is.
    const soon = [3_000, 4_000].map((ms) => new Date(Date.now() + ms).toISOString());
    const { id } = await world.launched({ schedule: { kind: "dates", dates: soon } });
    const done = await world.until(id, ({ state }) => state === "completed");
    expect(done.runs.map(({ number, state }) => [number, state])).toEqual([[2, "completed"], [1, "completed"]]);
    expect(done.counts.queued).toBe(4);
  });
});

describe("approval", () => {
  const rules = { timeZone: "UTC", frequencyCap: null, dwellMinutes: null, quietHours: null };
  beforeEach(async () => void (await world.api.send("PUT", "/api/v1/campaign-settings", { ...rules, approval: true })));
  afterEach(async () => void (await world.api.send("PUT", "/api/v1/campaign-settings", { ...rules, approval: false })));

  test("a creator asks, an approver decides", async () => {
    const creator = await world.script("creator");
    const approver = await world.script("approver");
    const { id } = await world.draft({ schedule: { kind: "at", at: tomorrow() } });
    expect((await creator.post<Campaign>(`/api/v1/campaigns/${id}/launch`)).body.state).toBe("awaitingApproval");
    expect((await creator.post(`/api/v1/campaigns/${id}/approve`)).status).toBe(403);
    expect((await approver.post<Campaign>(`/api/v1/campaigns/${id}/reject`, { reason: "Wrong picture" })).body).toMatchObject({ state: "rejected", reason: expect.stringContaining("Wrong picture") });
    await creator.patch(`/api/v1/campaigns/${id}`, { name: "With the right picture" });
    await creator.post(`/api/v1/campaigns/${id}/launch`);
    expect((await approver.post<Campaign>(`/api/v1/campaigns/${id}/approve`)).body).toMatchObject({ state: "scheduled", approvedBy: expect.any(String) });
  });

  test("turning approvals off lets a live campaign go that begins later, when it begins", async () => {
    const creator = await world.script("creator");
    const from = tomorrow();
    const { id } = await world.draft({ schedule: { kind: "event", trigger: { event: "Ordered" }, from } });
    await creator.post(`/api/v1/campaigns/${id}/launch`);
    await world.api.send("PUT", "/api/v1/campaign-settings", { ...rules, approval: false });
    expect(await world.look(id)).toMatchObject({ state: "scheduled", nextRunAt: from });
    await step(id, "stop");
  });

  test("one that nobody approved before its time expires", async () => {
    const creator = await world.script("creator");
    const { id } = await world.draft({ schedule: { kind: "at", at: new Date(Date.now() + 300).toISOString() } });
    await creator.post(`/api/v1/campaigns/${id}/launch`);
    expect((await world.until(id, ({ state }) => state === "expired")).reason).toContain("not approved");
  });
});

test("a member looks and does nothing", async () => {
  const member = await world.script("member");
  const { id } = await world.draft();
  expect((await member.get(`/api/v1/campaigns/${id}`)).status).toBe(200);
  for (const path of ["launch", "pause", "stop", "archive", "clone"]) expect((await member.post(`/api/v1/campaigns/${id}/${path}`)).status).toBe(403);
});

describe("what a campaign needs", () => {
  test("a list that a campaign will send to is not deleted, and the provider names the campaign before it is archived", async () => {
    const { body: list } = await world.api.post<{ id: string }>("/api/v1/lists", { name: `Guests ${Date.now()}` });
    const { id } = await world.launched({ name: "To the guests", audience: { listId: list.id }, schedule: { kind: "at", at: tomorrow() } });
    expect(refusal(await world.api.delete(`/api/v1/lists/${list.id}`))).toMatchObject({ status: 409 });
    const uses = await world.api.get<{ campaigns: object[] }>(`/api/v1/providers/${world.provider.id}/uses`);
    expect(uses.body.campaigns).toEqual([{ id, name: "To the guests" }]);
    await step(id, "stop");
    expect((await world.api.delete(`/api/v1/lists/${list.id}`)).status).toBe(204);
  });

  test("a provider that a campaign will send through is not deleted before somebody says that it may fail", async () => {
    const { id } = await world.launched({ name: "Tomorrow's", schedule: { kind: "at", at: tomorrow() } });
    const { rows: [copy] } = await world.database.pool.query<{ id: string }>(
      `insert into providers (workspace_id, id, kind, nickname, number, settings, secrets, max_concurrency)
       select workspace_id, gen_random_uuid(), kind, 'Leaving', '+15550100778', settings, secrets, max_concurrency from providers where id = $1 returning id`, [world.provider.id]);
    await world.database.pool.query("update campaigns set provider_id = $2 where id = $1", [id, copy!.id]);
    const kept = await world.api.delete<ErrorBody>(`/api/v1/providers/${copy!.id}`);
    expect(kept).toMatchObject({ status: 409, body: { error: { code: "provider_in_use", message: expect.stringContaining('the campaign "Tomorrow\'s"') } } });
    expect((await world.api.delete(`/api/v1/providers/${copy!.id}?confirm=cascade`)).status).toBe(204);
    expect((await world.database.pool.query("select 1 from providers where id = $1", [copy!.id])).rows).toEqual([]);
    await step(id, "stop");
  });

  test("one whose audience cannot be any more fails, and says why", async () => {
    const { body: segment } = await world.api.post<{ id: string }>("/api/v1/segments", { name: `Short-lived ${Date.now()}`, query: { all: [] } });
    const { id } = await world.launched({ audience: { segmentId: segment.id }, schedule: { kind: "at", at: tomorrow() } });
    await world.database.pool.query("delete from segments where id = $1", [segment.id]);
    await world.database.pool.query("update campaigns set next_run_at = now() where id = $1", [id]);
    expect((await world.until(id, ({ state }) => state === "failed")).reason).toContain("Its audience cannot be read");
  });

  test("a deleted person leaves counts behind, and nothing of what was known of them", async () => {
    const [person] = await world.people(1);
    const { id } = await world.launched({ schedule: { kind: "event", trigger: { event: "Ordered" }, delay: 3600 } });
    await world.until(id, ({ runs }) => runs[0]?.state === "running");
    await world.happened({ contactId: person!.id, name: "Ordered", properties: { Gift: "a secret ring" } });
    await world.api.delete(`/api/v1/contacts/${person!.id}`);
    const { rows } = await world.database.pool.query("select * from campaign_people");
    expect(rows).toHaveLength(1);
    expect(JSON.stringify(rows)).not.toContain("secret");
    await step(id, "stop");
  });
});
