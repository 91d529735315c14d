import type { BestHours, CampaignReport, OverviewReport } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { estimateCost } from "./cost.ts";
import { startReportWorld, variant, type ReportWorld } from "./test/world.ts";

let world: ReportWorld;

beforeAll(async () => {
  world = await startReportWorld();
});
afterAll(() => world.stop());
beforeEach(async () => {
  await world.database.pool.query("truncate campaigns, campaign_runs, campaign_cells, campaign_counts, campaign_losses, campaign_failures, campaign_costs, rate_prices, rate_cards");
  await world.database.pool.query("update workspaces set time_zone = 'UTC'");
});

const report = async (id: string, query = ""): Promise<CampaignReport> => (await world.api.get<CampaignReport>(`/api/v1/reports/campaigns/${id}${query}`)).body;

describe("a campaign's report", () => {
  test("adds variants and hours up, and leaves the control group out", async () => {
    const { id, cells } = await world.campaign();
    await world.count(cells["A"]!, "2026-03-01T10:00Z", { queued: 100, delivered: 60, revenue: 10.5 });
    await world.count(cells["A"]!, "2026-03-01T10:00Z", { queued: 50, delivered: 50 }, 1);
    await world.count(cells["A"]!, "2026-03-01T11:00Z", { read: 40, optedOut: 2 });
    await world.count(cells["control"]!, "2026-03-01T11:00Z", { converted: 5 });
    const { counts } = await report(id);
    expect(counts).toMatchObject({ queued: 150, delivered: 110, read: 40, optedOut: 2, converted: 0, revenue: 10.5 });
  });

  test("is of one run alone when asked", async () => {
    const { id, runId, cells } = await world.campaign();
    await world.count(cells["A"]!, "2026-03-01T10:00Z", { queued: 7 });
    expect((await report(id, `?run=${runId}`)).counts.queued).toBe(7);
    expect((await report(id, "?run=another")).counts.queued).toBe(0);
  });

  test("tells the trend by hour without gaps, and by day of the workspace's zone from three days on", async () => {
    const { id, cells } = await world.campaign();
    await world.count(cells["A"]!, "2026-03-01T10:00Z", { queued: 5 });
    await world.count(cells["A"]!, "2026-03-01T12:00Z", { delivered: 4 });
    const hourly = (await report(id)).trend;
    expect(hourly.by).toBe("hour");
    expect(hourly.points.map(({ at, queued, delivered }) => [at, queued, delivered])).toEqual([
      ["2026-03-01T10:00:00.000Z", 5, 0],
      ["2026-03-01T11:00:00.000Z", 0, 0],
      ["2026-03-01T12:00:00.000Z", 0, 4],
    ]);
    await world.count(cells["A"]!, "2026-03-04T20:00Z", { read: 3 });
    await world.database.pool.query("update workspaces set time_zone = 'Asia/Kolkata'");
    const daily = (await report(id)).trend;
    expect(daily.by).toBe("day");
    expect(daily.points.map(({ at, delivered, read }) => [at, delivered, read])).toEqual([
      ["2026-02-28T18:30:00.000Z", 4, 0],
      ["2026-03-01T18:30:00.000Z", 0, 0],
      ["2026-03-02T18:30:00.000Z", 0, 0],
      ["2026-03-03T18:30:00.000Z", 0, 0],
      ["2026-03-04T18:30:00.000Z", 0, 3],
    ]);
  });

  test("puts failures into three families and says what to do about them", async () => {
    const { id, runId, cells } = await world.campaign();
    await world.failed(cells["A"]!, "meta:131026", "Message undeliverable", 20);
    await world.failed(cells["A"]!, "meta:131056", "Pair rate limit hit", 3);
    await world.failed(cells["A"]!, "meta:132001", "Template does not exist", 4);
    await world.failed(cells["A"]!, "provider:2002", "The phone number is not valid.", 5);
    await world.failed(cells["A"]!, "provider:1003", "The number is no longer active on WhatsApp.", 6);
    await world.failed(cells["A"]!, "tincan:1006", "Opted out", 7);
    await world.lost(runId, "notOptedIn", 30);
    await world.lost(runId, "controlGroup", 10);
    const { failures, losses } = await report(id);
    expect(failures.map(({ family, failure, messages }) => [family, failure, messages])).toEqual([
      ["internal", "notOptedIn", 30],
      ["internal", "tincan:1006", 7],
      ["dispatch", "provider:2002", 5],
      ["dispatch", "meta:132001", 4],
      ["dispatch", "meta:131056", 3],
      ["delivery", "meta:131026", 20],
      ["delivery", "provider:1003", 6],
    ]);
    expect(failures.find(({ failure }) => failure === "meta:131026")).toMatchObject({ meaning: expect.stringContaining("not on WhatsApp"), fix: expect.any(String) });
    expect(losses).toEqual([{ reason: "notOptedIn", people: 30 }, { reason: "controlGroup", people: 10 }]);
  });

  test("compares variants by what the test is decided by", async () => {
    const content = { mode: "ab" as const, variants: [variant("A", { share: 50 }), variant("B", { share: 50 })], test: { share: 20, winnerBy: "click" as const, decideAfter: 60 } };
    const { id, cells } = await world.campaign({ content });
    await world.count(cells["A"]!, "2026-03-01T10:00Z", { queued: 1000, clicked: 200, read: 900 });
    await world.count(cells["B"]!, "2026-03-01T10:00Z", { queued: 1000, clicked: 250, read: 300 });
    const { measure, variants } = await report(id);
    expect(measure).toBe("clicked");
    expect(variants).toMatchObject([
      { variant: "A", template: "sale (en)", rate: 0.2, best: false, significance: expect.closeTo(0.00742, 4) },
      { variant: "B", template: "sale (en)", rate: 0.25, best: true, significance: null },
    ]);
  });

  test("measures by the goal, then by clicks where links are followed, then by reading", async () => {
    const goal = { event: "Charged", within: 60 };
    const measures = await Promise.all([{ goal, links: { track: true } }, { links: { track: true } }, {}].map(async (definition) => (await report((await world.campaign(definition)).id)).measure));
    expect(measures).toEqual(["converted", "clicked", "read"]);
  });

  test("sets the control group beside those who got a message", async () => {
    const { id, runId, cells } = await world.campaign({ controlShare: 10, goal: { event: "Charged", within: 60, revenue: "Amount" } });
    await world.count(cells["A"]!, "2026-03-01T10:00Z", { queued: 9000, converted: 540, revenue: 5400 });
    await world.count(cells["control"]!, "2026-03-01T10:00Z", { converted: 50, revenue: 400 });
    await world.lost(runId, "controlGroup", 1000);
    const { control } = await report(id);
    expect(control).toMatchObject({ people: 1000, converted: 50, revenue: 400, rate: 0.05, messagesRate: 0.06, uplift: expect.closeTo(0.2, 9), revenueUplift: expect.closeTo(0.5, 9), chance: expect.closeTo(0.2, 1) });
    expect((await report((await world.campaign()).id)).control).toBeNull();
  });

  test("of ten million messages reads some thousand rows of counters and nothing else", async () => {
    const { id, cells } = await world.campaign();
    // Thirty days of hours, each spread over all eight slots, and 12,500 messages in every second row.
    await sql`insert into campaign_counts (workspace_id, cell_id, hour, slot, queued, delivered)
      select ${world.workspaceId}::uuid, ${cells["A"]}::uuid, timestamptz '2026-03-01Z' + h * interval '1 hour', s, 2000, 1900 from generate_series(0, 624) h, generate_series(0, 7) s`.execute(world.database.db);
    await sql`analyze campaign_counts`.execute(world.database.db);
    const before = await rowsRead();
    const { counts } = await report(id);
    expect(counts.queued).toBe(10_000_000);
    await expect.poll(async () => (await rowsRead()).counts - before.counts).toBeGreaterThanOrEqual(5_000);
    const after = await rowsRead();
    expect(after.counts - before.counts).toBeLessThan(5_500);
    expect(after.messages - before.messages).toBe(0);
  });
});

/** Rows that were read of the counters, and of the messages and people themselves. */
async function rowsRead(): Promise<{ counts: number; messages: number }> {
  const { rows } = await sql<{ counts: string; messages: string }>`
    select sum(seq_tup_read + coalesce(idx_tup_fetch, 0)) filter (where relname = 'campaign_counts') as counts,
      sum(seq_scan + coalesce(idx_scan, 0)) filter (where relname in ('messages', 'campaign_people', 'contacts', 'campaign_responses')) as messages
    from pg_stat_user_tables`.execute(world.database.db);
  return { counts: Number(rows[0]!.counts), messages: Number(rows[0]!.messages) };
}

describe("costs", () => {
  const card = { currency: "EUR", prices: [
    { market: "*", category: "marketing", from: "2026-01-01", price: 0.1 },
    { market: "49", category: "MARKETING", from: "2026-01-01", price: 0.05 },
    { market: "49", category: "marketing", from: "2026-03-02", price: 0.06 },
  ] };

  test("are billed messages by the newest price of their market, else of all others", async () => {
    await world.api.send("PUT", "/api/v1/rate-card", card);
    const { id, cells } = await world.campaign();
    await world.cost(cells["A"]!, { day: "2026-03-01", market: "49", category: "marketing", delivered: 100 });
    await world.cost(cells["A"]!, { day: "2026-03-02", market: "49", category: "marketing", delivered: 100 });
    await world.cost(cells["A"]!, { day: "2026-03-02", market: "91", category: "marketing", delivered: 10 });
    await world.cost(cells["A"]!, { day: "2026-03-03", market: "49", category: "marketing", delivered: 1000, billable: false });
    expect((await report(id)).cost).toEqual({ currency: "EUR", amount: 12, messages: 210, withoutPrice: 0 });
  });

  test("have no amount when a part has no price", async () => {
    await world.api.send("PUT", "/api/v1/rate-card", card);
    const { id, cells } = await world.campaign();
    await world.cost(cells["A"]!, { day: "2026-03-02", market: "49", category: "marketing", delivered: 100 });
    await world.cost(cells["A"]!, { day: "2026-03-02", market: "49", category: "utility", delivered: 5 });
    expect((await report(id)).cost).toEqual({ currency: "EUR", amount: null, messages: 105, withoutPrice: 5 });
  });

  test("are estimated before sending with today's prices", async () => {
    await world.api.send("PUT", "/api/v1/rate-card", card);
    const cost = await estimateCost(world.database.db, world.workspaceId, [{ market: "49", category: "marketing", messages: 100 }, { market: "1", category: "MARKETING", messages: 10 }]);
    expect(cost).toEqual({ currency: "EUR", amount: 7, messages: 110, withoutPrice: 0 });
  });

  test("come from a card that is replaced as a whole, has one price for each day, and is written by those who approve", async () => {
    const saved = (await world.api.send<typeof card>("PUT", "/api/v1/rate-card", card)).body;
    expect(saved.prices).toHaveLength(3);
    await world.api.send("PUT", "/api/v1/rate-card", { currency: "USD", prices: [] });
    expect((await world.api.get("/api/v1/rate-card")).body).toEqual({ currency: "USD", prices: [] });
    const twice = await world.api.send<{ error: { field: string } }>("PUT", "/api/v1/rate-card", { ...card, prices: [card.prices[0], card.prices[0]] });
    expect([twice.status, twice.body.error.field]).toEqual([400, "prices[1]"]);
    expect((await (await world.script("creator")).send("PUT", "/api/v1/rate-card", card)).status).toBe(403);
  });
});

describe("the overview", () => {
  const overview = async (by: string, more = ""): Promise<OverviewReport> =>
    (await world.api.get<OverviewReport>(`/api/v1/reports/overview?from=2026-03-01T00:00:00Z&to=2026-03-03T00:00:00Z&by=${by}${more}`)).body;

  test("adds up what happened in the period, by campaign, template and day", async () => {
    await world.api.send("PUT", "/api/v1/rate-card", { currency: "EUR", prices: [{ market: "*", category: "marketing", from: "2026-01-01", price: 0.5 }] });
    const one = await world.campaign({ name: "One" });
    const two = await world.campaign({ name: "Two", content: { mode: "split", property: "City", variants: [variant("A"), variant("B", { template: { name: "other", language: "de" } })] } });
    await world.count(one.cells["A"]!, "2026-03-01T23:00Z", { queued: 10 });
    await world.count(one.cells["A"]!, "2026-03-03T00:00Z", { queued: 99 });
    await world.count(two.cells["A"]!, "2026-03-02T10:00Z", { queued: 3 });
    await world.count(two.cells["B"]!, "2026-03-02T10:00Z", { queued: 20 });
    await world.count(two.cells["control"]!, "2026-03-02T10:00Z", { converted: 1 });
    await world.cost(two.cells["B"]!, { day: "2026-03-02", market: "49", category: "marketing", delivered: 4 });

    const byCampaign = await overview("campaign");
    expect(byCampaign.rows.map(({ key, name, counts, cost }) => [key, name, counts.queued, cost.amount])).toEqual([[two.id, "Two", 23, 2], [one.id, "One", 10, 0]]);
    expect(byCampaign.total).toMatchObject({ queued: 33, converted: 0 });
    expect(byCampaign.cost).toEqual({ currency: "EUR", amount: 2, messages: 4, withoutPrice: 0 });
    expect((await overview("template")).rows.map(({ name, counts }) => [name, counts.queued])).toEqual([["other (de)", 20], ["sale (en)", 13]]);
    expect((await overview("day")).rows.map(({ key, counts }) => [key, counts.queued])).toEqual([["2026-03-01", 10], ["2026-03-02", 23]]);
    expect((await overview("provider")).rows.map(({ name, counts }) => [name, counts.queued])).toEqual([["A provider that was removed", 33]]);
    const short = await overview("campaign", "&limit=1");
    expect([short.rows.length, short.more, short.total.queued]).toEqual([1, true, 33]);
  });

  test("has days of the workspace's zone", async () => {
    await world.database.pool.query("update workspaces set time_zone = 'Asia/Tokyo'");
    const { cells } = await world.campaign();
    await world.count(cells["A"]!, "2026-03-01T16:00Z", { queued: 10 });
    expect((await overview("day")).rows.map(({ key }) => key)).toEqual(["2026-03-02"]);
  });

  test("counts nothing in two days that follow on each other, also where they change within an hour of UTC", async () => {
    await world.database.pool.query("update workspaces set time_zone = 'Asia/Kolkata'");
    const { cells } = await world.campaign();
    await world.count(cells["A"]!, "2026-03-01T18:00Z", { queued: 10 });
    await world.cost(cells["A"]!, { day: "2026-03-01", market: "91", category: "marketing", delivered: 4 });
    const day = async (from: string, to: string): Promise<unknown[]> => {
      const { total, cost, rows } = (await world.api.get<OverviewReport>(`/api/v1/reports/overview?from=${from}&to=${to}&by=day`)).body;
      return [total.queued, cost.messages, rows.map(({ key }) => key)];
    };
    expect(await day("2026-02-28T18:30:00Z", "2026-03-01T18:30:00Z")).toEqual([10, 4, ["2026-03-01"]]);
    expect(await day("2026-03-01T18:30:00Z", "2026-03-02T18:30:00Z")).toEqual([0, 0, []]);
  });

  test("refuses a period that ends before it begins", async () => {
    expect((await world.api.get("/api/v1/reports/overview?from=2026-03-02T00:00:00Z&to=2026-03-01T00:00:00Z&by=day")).status).toBe(400);
  });
});

test("best hours are told by weekday and hour in the workspace's zone, of the last days", async () => {
  await world.database.pool.query("update workspaces set time_zone = 'Europe/Berlin'");
  const { cells } = await world.campaign();
  const monday = new Date(Date.now() - 7 * 86_400_000);
  monday.setUTCDate(monday.getUTCDate() - ((monday.getUTCDay() + 6) % 7));
  monday.setUTCHours(3, 0, 0, 0);
  const local = Number(new Intl.DateTimeFormat("en-GB", { timeZone: "Europe/Berlin", hour: "numeric", hourCycle: "h23" }).format(monday));
  await world.count(cells["A"]!, monday.toISOString(), { delivered: 8, read: 5, clicked: 1 });
  await world.count(cells["A"]!, new Date(monday.getTime() - 100 * 86_400_000).toISOString(), { read: 50 });
  expect((await world.api.get<BestHours>("/api/v1/reports/best-hours")).body).toEqual({ timeZone: "Europe/Berlin", hours: [{ weekday: 1, hour: local, delivered: 8, read: 5, clicked: 1 }] });
});

test("agents do not see reports", async () => {
  expect((await (await world.script("agent")).get("/api/v1/rate-card")).status).toBe(403);
});
