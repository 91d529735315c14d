import type { CampaignFunnel, CampaignPreview, CouponCodesAdded, CouponPool, List, SendInput, SendResult, Trace } from "@tincan/api";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { refusal } from "../templates/test/world.ts";
import { startCampaignWorld, type CampaignWorld } from "./test/world.ts";

let world: CampaignWorld;

beforeAll(async () => {
  world = await startCampaignWorld();
});
afterAll(() => world.stop());
beforeEach(() => world.empty());

const order = { name: "order_ready", language: "en" };
const image = { kind: "image" as const, media: { link: "https://cdn.example/p.jpg" } };
const track = { kind: "url" as const, index: 0, suffix: "{{ profile.order | default: '0' }}" };
const values = { header: image, body: [{ text: "{{ profile.name }}" }, { text: "{{ profile.order | default: 'yours' }}" }], buttons: [track] };
const single = (given: object) => ({ mode: "single" as const, variants: [{ key: "A", template: order, values: given }] });

describe("the funnel", () => {
  const funnel = async (id: string) => (await world.api.post<CampaignFunnel>(`/api/v1/campaigns/${id}/funnel`)).body;

  test("says who would get it and who would be lost, with the people behind each reason", async () => {
    const people = await world.people(4, (i) => (i === 1 ? { name: null } : i === 2 ? { optIn: false } : {}));
    const { id } = await world.draft({ content: single(values) });
    const found = await funnel(id);
    expect(found).toMatchObject({ matched: 4, looked: 4, willBeSent: 2, later: 0, variants: [{ key: "A", people: 2 }], missing: [{ variable: "profile.name", people: 1 }] });
    expect(found.losses.map(({ reason, people: count, behind }) => [reason, count, behind.map(({ contactId, detail }) => `${contactId} ${detail ?? ""}`.trim())])).toEqual(
      expect.arrayContaining([["missingValue", 1, [`${people[1]!.id} profile.name`]], ["notOptedIn", 1, [people[2]!.id]]]),
    );
  });

  test("says what it would cost once the rate card has a price for it", async () => {
    await world.people(3);
    const { id } = await world.draft({ content: single(values) });
    expect((await funnel(id)).estimatedCost).toBeNull();
    await world.api.send("PUT", "/api/v1/rate-card", { currency: "EUR", prices: [{ market: "1", category: "utility", from: "2026-01-01", price: 0.02 }] });
    expect((await funnel(id)).estimatedCost).toEqual({ currency: "EUR", amount: 0.06, messages: 3 });
  });

  test("says that nobody will get one that the number's limit keeps from starting", async () => {
    await world.people(3);
    const before = (await world.database.pool.query<{ health: object }>("select health from providers where id = $1", [world.provider.id])).rows[0]!.health;
    await world.database.pool.query("update providers set health = jsonb_set(health::jsonb, '{facts,tier}', '\"TIER_2\"') where id = $1", [world.provider.id]);
    const found = await Promise.all(["refuse", "split"].map(async (tier) => funnel((await world.draft({ content: single(values), pace: { tier: tier as "refuse" | "split" } })).id)));
    await world.database.pool.query("update providers set health = $2 where id = $1", [world.provider.id, before]);
    expect(found.map(({ refused }) => refused)).toEqual(["It would reach up to 3 people, and the number may write to 2 more within 24 hours.", null]);
    expect(found.map(({ willBeSent, later, losses }) => [willBeSent, later, losses.map(({ reason, people }) => `${reason} ${people}`)])).toEqual([[0, 0, ["outsideTier 3"]], [2, 1, []]]);
  });

  test("says that nobody will get one that its safety limit keeps from starting, and why", async () => {
    await world.people(3);
    const of = async (safetyLimit: number) => funnel((await world.draft({ content: single(values), pace: { safetyLimit } })).id);
    expect(await of(2)).toMatchObject({
      refused: "It would reach up to 3 people, more than its safety limit of 2.", willBeSent: 0, later: 0, losses: [{ reason: "safetyLimit", people: 3 }], variants: [], estimatedCost: null,
    });
    expect(await of(3)).toMatchObject({ refused: null, willBeSent: 3, losses: [] });
  });

  test("stores nothing", async () => {
    await world.people(2);
    const pool = (await world.api.post<CouponPool>("/api/v1/coupon-pools", { name: "Dry" })).body;
    await world.api.post(`/api/v1/coupon-pools/${pool.id}/codes`, { text: "ONE" });
    const { id } = await world.draft({ content: single({ ...values, body: [{ text: "{{ coupon }}" }, { text: "x" }] }), couponPool: pool.id });
    const counts = "select (select count(*) from messages) as messages, (select count(*) from campaign_runs) as runs, (select count(*) from links) as links";
    const before = (await world.database.pool.query(counts)).rows;
    expect(await funnel(id)).toMatchObject({ willBeSent: 1, losses: [{ reason: "noCoupon", people: 1 }] });
    expect((await world.database.pool.query(counts)).rows).toEqual(before);
    expect((await world.api.get<CouponPool>(`/api/v1/coupon-pools/${pool.id}`)).body).toMatchObject({ free: 1, given: 0 });
  });

  test("counts those who wait for their own time as later", async () => {
    await world.people(2, (i) => (i === 0 ? { timeZone: "Asia/Kolkata" } : {}));
    const { id } = await world.draft({ content: single(values), quietHours: { ranges: [{ days: [1, 2, 3, 4, 5, 6, 7], from: "00:00", to: "23:59" }], action: "delay" } });
    const { willBeSent, later } = await funnel(id);
    expect([willBeSent, later]).toEqual([0, 2]);
  });

  test("needs a template, and texts that can be read", async () => {
    const { id } = await world.draft({ content: single({ ...values, body: [{ text: "{{ name }}" }, { text: "x" }] }) });
    expect(refusal(await world.api.post(`/api/v1/campaigns/${id}/funnel`))).toMatchObject({ status: 422, code: "campaign_unfinished", field: "content.variants[0].values.body[0]" });
  });
});

describe("a launch", () => {
  test("is refused while a text cannot be read, or makes a message that the template would not take", async () => {
    await world.people(1);
    const unread = await world.draft({ content: single({ ...values, body: [{ text: "{{ profile.name | shout }}" }, { text: "x" }] }) });
    expect(refusal(await world.api.post(`/api/v1/campaigns/${unread.id}/launch`, {}))).toMatchObject({ status: 422, code: "campaign_incomplete", field: "content.variants[0].values.body[0]" });
    const tooLong = await world.draft({ content: single({ ...values, body: [{ text: "x".repeat(1_100) }, { text: "x" }] }) });
    expect(refusal(await world.api.post(`/api/v1/campaigns/${tooLong.id}/launch`, {}))).toMatchObject({ status: 422, code: "campaign_unfinished", field: "content.variants[0].values" });
  });
});

describe("the preview", () => {
  const preview = (definition: object, contactIds?: string[]) => world.api.post<CampaignPreview>("/api/v1/campaigns/preview", { definition: { provider: world.provider.id, ...definition }, ...(contactIds && { contactIds }) });

  test("fills the texts for real people, and names what is missing", async () => {
    const people = await world.people(2, (i) => ({ name: i === 0 ? "Ravi" : null, properties: { order: 42 } }));
    const { body } = await preview({ content: single(values), links: { track: false, utm: { source: "shop" } } }, people.map(({ id }) => id));
    expect(body.people).toMatchObject([
      { name: "Ravi", variant: "A", missing: [], lost: null, content: { body: [{ text: "Ravi" }, { text: "42" }], buttons: [{ kind: "url", index: 0, suffix: "42?utm_source=shop" }] } },
      { variant: "A", missing: ["profile.name"], lost: "missingValue", content: { body: [{ text: "" }, { text: "42" }] } },
    ]);
  });

  test("says of whom its texts are too slow for, without filling them for each", async () => {
    const people = await world.people(5, (i) => ({ properties: { order: i } }));
    const slow = `{% assign a = '${"a,".repeat(400)}' | split: ',' %}{% for i in a %}{% for j in a %}{% for k in a %}{% assign z = k %}{% endfor %}{% endfor %}{% endfor %}{{ profile.order }}`;
    const { body } = await preview({ content: single({ ...values, body: [{ text: slow }, { text: slow }] }) }, people.map(({ id }) => id));
    expect(body.people.map(({ lost, detail }) => [lost, detail])).toEqual(people.map(() => ["valueInvalid", "It takes too long to fill."]));
  });

  test("shows a text that is not finished yet", async () => {
    await world.people(1);
    const { body } = await preview({ content: single({ body: [{ text: "only this" }] }) });
    expect(body.people[0]!.content).toMatchObject({ body: [{ text: "only this" }] });
  });
});

describe("sending to one person", () => {
  let last = 0;
  const send = (input: Partial<SendInput>) => world.api.post<SendResult>("/api/v1/send", { template: order, values: { ...values, body: [{ text: "{{ profile.name | default: 'you' }}" }, { text: "{{ event.order }}" }] }, data: { order: 7 }, ...input });
  const key = (): string => `key-${++last}`;

  test("a message goes out through the default provider, filled with the call's data", async () => {
    const [person] = await world.people(1);
    const { status, body } = await send({ to: { contactId: person!.id } });
    expect([status, body]).toMatchObject([201, { contactId: person!.id, repeated: false }]);
    await expect.poll(async () => (await world.phone(person!)).length).toBe(1);
    const { rows } = await world.database.pool.query("select origin_kind, content from messages m join message_contents c on c.message_id = m.id where m.id = $1", [body.messageId]);
    expect(rows[0]).toMatchObject({ origin_kind: "api", content: { body: [{ text: person!.name }, { text: "7" }] } });
  });

  test("the trace begins with the program that asked", async () => {
    const [person] = await world.people(1);
    const { body } = await send({ to: { contactId: person!.id } });
    const trace = await world.api.get<Trace>(`/api/v1/messages/${body.messageId}/trace`);
    expect(trace.body.steps[0]).toMatchObject({ kind: "received", title: "A program asked for this message" });
  });

  test("the same key answers the first message; with other content it is refused", async () => {
    const [person] = await world.people(1);
    const idempotencyKey = key();
    const to = { phone: person!.phone! };
    const first = await send({ to, idempotencyKey });
    const again = await send({ to, idempotencyKey });
    expect([again.status, again.body]).toEqual([200, { ...first.body, repeated: true }]);
    expect(refusal(await send({ to, idempotencyKey, data: { order: 8 } }))).toMatchObject({ status: 409, code: "send_key_reused" });
  });

  test("the same request with its members in another order is the same", async () => {
    const [person] = await world.people(1);
    const idempotencyKey = key();
    const first = await send({ to: { phone: person!.phone!, name: "Ravi" }, data: { order: 7, shop: "Lagos" }, idempotencyKey });
    const again = await send({ data: { shop: "Lagos", order: 7 }, idempotencyKey, to: { name: "Ravi", phone: person!.phone! } });
    expect([again.status, again.body]).toEqual([200, { ...first.body, repeated: true }]);
  });

  test("the key that CleverTap's trial requests have would send twice, and is refused", async () => {
    const [person] = await world.people(1);
    const { status, body } = await send({ to: { contactId: person!.id }, idempotencyKey: "0|0|0|0" });
    expect([status, body]).toMatchObject([400, { error: { code: "invalid_input", field: "idempotencyKey", message: expect.stringContaining("0|0|0|0") } }]);
  });

  test("calls with one key at once make one message", async () => {
    const [person] = await world.people(1);
    const idempotencyKey = key();
    const answers = await Promise.all(Array.from({ length: 5 }, () => send({ to: { contactId: person!.id }, idempotencyKey })));
    expect(new Set(answers.map(({ body }) => body.messageId)).size).toBe(1);
    expect(answers.filter(({ body }) => !body.repeated)).toHaveLength(1);
  });

  test("somebody unknown is added, and not written to before they agree", async () => {
    const to = { phone: "+15550209999", name: "Nova" };
    expect(refusal(await send({ to }))).toMatchObject({ status: 409, code: "send_not_allowed" });
    expect((await world.database.pool.query("select name from contacts where phone = '+15550209999'")).rows).toEqual([{ name: "Nova" }]);
    await world.api.post("/api/v1/contacts", { phone: to.phone, optIn: true });
    expect((await send({ to })).status).toBe(201);
  });

  test("values must fit the template and be there", async () => {
    const [person] = await world.people(1);
    const to = { contactId: person!.id };
    const { body: unfilled } = await send({ to, data: {} });
    expect(unfilled).toMatchObject({ error: { code: "template_values_invalid", field: "values.body[1]", message: expect.stringContaining("These are empty: event.order.") } });
    const place = async (change: object) => {
      const { status, code, field } = refusal(await send({ to, values: { ...values, ...change } }));
      return [status, code, field];
    };
    const invalid = (field: string) => [422, "template_values_invalid", field];
    expect(await place({ body: [{ text: "one" }] })).toEqual(invalid("values.body"));
    expect(await place({ body: [{ text: "{{ oops" }, { text: "x" }] })).toEqual(invalid("values.body[0]"));
    expect(await place({ body: [{ text: "x".repeat(1_100) }, { text: "x" }] })).toEqual(invalid("values.body"));
    expect(await place({ header: { kind: "image", media: { link: "p.jpg" } } })).toEqual(invalid("values.header.media.link"));
    expect(await place({ header: undefined })).toEqual(invalid("values.header"));
    expect(await place({ buttons: [{ ...track, suffix: " " }] })).toEqual(invalid("values.buttons[0]"));
    expect(refusal(await send({ to, template: { name: "nothing", language: "en" } }))).toMatchObject({ status: 404, code: "template_not_found" });
    expect(refusal(await send({ to: {} }))).toMatchObject({ status: 422, code: "send_person_unknown" });
    expect(refusal(await send({ to: { contactId: "x" } }))).toMatchObject({ status: 404, code: "contact_not_found" });
    expect(refusal(await send({ to, provider: "x" }))).toMatchObject({ status: 404, code: "provider_not_found" });
  });
});

describe("coupon pools", () => {
  test("a pool is made, filled, renamed and deleted", async () => {
    const made = await world.api.post<CouponPool>("/api/v1/coupon-pools", { name: "Summer" });
    expect([made.status, made.body]).toMatchObject([201, { name: "Summer", free: 0, given: 0 }]);
    const { id } = made.body;
    expect(refusal(await world.api.post("/api/v1/coupon-pools", { name: "Summer" }))).toMatchObject({ status: 409, code: "coupon_pool_name_taken" });
    const codes = await world.api.post<CouponCodesAdded>(`/api/v1/coupon-pools/${id}/codes`, { text: "code\nA1\nB2\nnot a code\nA1" });
    expect(codes.body).toEqual({ added: 2, known: 0, refused: 1, examples: [{ line: 4, text: "not a code" }] });
    expect((await world.api.post<CouponCodesAdded>(`/api/v1/coupon-pools/${id}/codes`, { text: "B2\nC3" })).body).toMatchObject({ added: 1, known: 1 });
    expect((await world.api.patch<CouponPool>(`/api/v1/coupon-pools/${id}`, { name: "Winter" })).body).toMatchObject({ name: "Winter", free: 3 });
    expect((await world.api.get<List<CouponPool>>("/api/v1/coupon-pools?q=winter")).body.items).toMatchObject([{ id }]);
    expect((await world.api.delete(`/api/v1/coupon-pools/${id}`)).status).toBe(204);
    expect(refusal(await world.api.get(`/api/v1/coupon-pools/${id}`))).toMatchObject({ status: 404, code: "coupon_pool_not_found" });
  });

  test("a pool that a campaign takes from cannot be deleted", async () => {
    const { id } = (await world.api.post<CouponPool>("/api/v1/coupon-pools", { name: "Used" })).body;
    await world.draft({ couponPool: id });
    expect(refusal(await world.api.delete(`/api/v1/coupon-pools/${id}`))).toMatchObject({ status: 409, code: "coupon_pool_in_use" });
  });
});
