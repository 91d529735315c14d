import type { CampaignReport, Contact, OverviewReport } from "@tincan/api";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCampaignWorld, type CampaignWorld } from "../campaigns/test/world.ts";

let world: CampaignWorld;

beforeAll(async () => {
  world = await startCampaignWorld();
});
afterAll(() => world.stop());

test("a campaign's report tells what the phones did", async () => {
  await world.api.send("PUT", "/api/v1/rate-card", { currency: "EUR", prices: [{ market: "1", category: "utility", from: "2020-01-01", price: 0.04 }, { market: "1", category: "marketing", from: "2020-01-01", price: 0.04 }] });
  const [reader, ...others] = await world.people(3);
  await world.api.post<Contact>("/api/v1/contacts", { name: "Without a number", identity: "c-9", optIn: true });
  const { id } = await world.launched({ name: "Whole" });
  await world.until(id, ({ counts }) => counts.delivered === 3);
  await world.reads(reader!);
  await world.says(others[0]!, "Thanks");
  await world.until(id, ({ counts }) => counts.read >= 1 && counts.replied === 1);
  const report = (await world.api.get<CampaignReport>(`/api/v1/reports/campaigns/${id}`)).body;
  expect(report.counts).toMatchObject({ queued: 3, delivered: 3, failed: 0 });
  expect(report.variants).toMatchObject([{ variant: "A", template: "hello_world (en_US)", best: false }]);
  expect(report.failures).toMatchObject([{ family: "internal", failure: "noNumber", messages: 1 }]);
  expect(report.trend.points.reduce((sum, point) => sum + point.delivered, 0)).toBe(3);
  expect(report.cost).toEqual({ currency: "EUR", amount: 0.12, messages: 3, withoutPrice: 0 });

  const hour = 3_600_000;
  const period = `from=${new Date(Date.now() - hour).toISOString()}&to=${new Date(Date.now() + hour).toISOString()}`;
  const { rows } = (await world.api.get<OverviewReport>(`/api/v1/reports/overview?${period}&by=provider`)).body;
  expect(rows).toMatchObject([{ name: "Main", counts: { delivered: 3 }, cost: { amount: 0.12 } }]);
  await world.sound();
});
