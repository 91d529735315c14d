import type { Campaign, MessageSummary } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { startCampaignServer, type CampaignServer } from "../../../../../tests/support/campaign-server.ts";
import { act, addPeople, launch, look, makeProvider, standingOf, workspaceOf } from "../../../../../tests/support/campaigns.ts";
import { startTestServer } from "../../../../../tests/support/server.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { accept } from "../../ledger/accept.ts";
import { stopNumbers } from "../../ledger/permissions-to-send.ts";
import { TemplateRegistry } from "../../templates/registry.ts";
import { verify } from "../../verify.ts";
import { buildFeatures } from "../../wiring.ts";
import { campaignCounts } from "../reactions/counts.ts";
import { CampaignEngine } from "./worker.ts";

/* Campaigns under way on a whole server, whose provider's endpoint is a sink over real HTTP. */
const PEOPLE = 1_000;
/** Those who may be written to. */
const ALLOWED = 900;
/** What the lane has under way and about to leave, at most: no machine is slow enough to make it more. */
const LANEFUL = 100;
const soon = { timeout: 25_000, interval: 50 };

let world: CampaignServer;
let server: CampaignServer["server"];
let sink: CampaignServer["sink"];
let admin: CampaignServer["admin"];
let provider: CampaignServer["provider"];
let workspaceId: string;

beforeAll(async () => {
  world = await startCampaignServer(PEOPLE);
  ({ server, sink, admin, provider, workspaceId } = world);
});
afterAll(() => world.stop());
beforeEach(() => {
  sink.forget();
  sink.delayMs = 0;
});

const state = async (id: string): Promise<Campaign["state"]> => (await look(admin, id)).state;
const outbox = async (): Promise<number> => (await sql<{ n: number }>`select count(*)::int as n from outbox`.execute(server.database.db)).rows[0]!.n;

describe("a campaign", () => {
  test("reaches everybody once who may be written to, says why of the others, and is completed", async () => {
    const { id } = await launch(admin, provider.id);
    await expect.poll(() => state(id), soon).toBe("completed");
    expect(sink.total).toBe(ALLOWED);
    expect(sink.twice).toEqual([]);
    const { counts, runs } = await look(admin, id);
    expect(counts).toMatchObject({ queued: ALLOWED, submitted: ALLOWED, failed: 0 });
    expect(runs).toMatchObject([{ number: 1, state: "completed", people: PEOPLE, expected: PEOPLE, waiting: 0, reason: null }]);
    expect(await standingOf(server.database.db, id)).toEqual({ people: PEOPLE, messages: ALLOWED, left: { notOptedIn: PEOPLE - ALLOWED }, forgotten: 0, twice: 0 });
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("is what its messages name as their origin", async () => {
    const [campaign] = (await admin.get<{ items: Campaign[] }>("/api/v1/campaigns")).body.items;
    const [message] = (await admin.get<{ items: MessageSummary[] }>("/api/v1/messages?origin=campaign&limit=1")).body.items;
    expect(message?.origin).toEqual({ kind: "campaign", id: campaign?.id, name: campaign?.name });
  });

  test("paused with a full lane, sends no more than what is under way, and each of the rest once when it is resumed", async () => {
    sink.delayMs = 100;
    const { id } = await launch(admin, provider.id);
    await expect.poll(() => sink.total, soon).toBeGreaterThan(100);
    expect(await act(admin, id, "pause")).toMatchObject({ state: "paused", runs: [{ state: "paused" }] });
    const atPause = sink.total;
    await expect.poll(async () => (await sql<{ n: number }>`select count(*)::int as n from outbox where state = 'claimed'`.execute(server.database.db)).rows[0]!.n, soon).toBe(0);
    const before = sink.total;
    expect(before - atPause).toBeLessThanOrEqual(LANEFUL);
    expect(before).toBeLessThan(ALLOWED);
    sink.delayMs = 0;
    await act(admin, id, "resume");
    await expect.poll(() => state(id), soon).toBe("completed");
    expect(sink.total).toBe(ALLOWED);
    expect(sink.twice).toEqual([]);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("stopped, fails what waits, and has ended when nothing of it is left", async () => {
    sink.delayMs = 100;
    const { id } = await launch(admin, provider.id);
    await expect.poll(() => sink.total, soon).toBeGreaterThan(100);
    expect(await act(admin, id, "stop")).toMatchObject({ state: "stopped" });
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
    expect(await outbox()).toBe(0);
    const { counts } = await look(admin, id);
    expect(counts.submitted).toBe(sink.total);
    expect(counts.failed).toBe(counts.queued - counts.submitted);
    expect(sink.total).toBeLessThan(ALLOWED);
    expect((await sql`select from paused_origins`.execute(server.database.db)).rows).toEqual([]);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("stopped while it is paused, sends nothing more", async () => {
    sink.delayMs = 50;
    const { id } = await launch(admin, provider.id);
    await expect.poll(() => sink.total, soon).toBeGreaterThan(50);
    await act(admin, id, "pause");
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
    expect(sink.total).toBeLessThan(ALLOWED);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("resumed, leaves out who stopped messages while it was paused", async () => {
    sink.delayMs = 50;
    const { id } = await launch(admin, provider.id);
    await expect.poll(async () => (await look(admin, id)).counts.queued, soon).toBe(ALLOWED);
    await act(admin, id, "pause");
    await expect.poll(async () => (await sql<{ n: number }>`select count(*)::int as n from outbox where state = 'claimed'`.execute(server.database.db)).rows[0]!.n, soon).toBe(0);
    const { rows: waiting } = await server.database.pool.query<{ recipient: string }>("select m.recipient from outbox o join messages m on m.id = o.message_id order by m.id limit 2");
    await stopNumbers(server.database.db, workspaceId, waiting.map(({ recipient }) => ({ phone: recipient, stopped: true, at: new Date() })));
    await act(admin, id, "resume");
    await expect.poll(() => state(id), soon).toBe("completed");
    expect(waiting.filter(({ recipient }) => sink.taken.has(recipient))).toEqual([]);
    expect(sink.total).toBe(ALLOWED - 2);
    expect((await look(admin, id)).counts).toMatchObject({ queued: ALLOWED, submitted: ALLOWED - 2, failed: 2 });
    expect(await verify(server.database.db)).toEqual([]);
    await stopNumbers(server.database.db, workspaceId, waiting.map(({ recipient }) => ({ phone: recipient, stopped: false, at: new Date() })));
  });

  test("resumed, sends nothing in quiet hours and nothing after its cut-off", async () => {
    const waiting = async (change: string): Promise<string> => {
      sink.forget();
      sink.delayMs = 50;
      const { id } = await launch(admin, provider.id);
      await expect.poll(async () => (await look(admin, id)).counts.queued, soon).toBe(ALLOWED);
      await act(admin, id, "pause");
      await expect.poll(async () => (await sql<{ n: number }>`select count(*)::int as n from outbox where state = 'claimed'`.execute(server.database.db)).rows[0]!.n, soon).toBe(0);
      // As if it had been paused until then.
      await server.database.pool.query("update campaign_runs set definition = definition || $2::jsonb where campaign_id = $1", [id, change]);
      await act(admin, id, "resume");
      return id;
    };
    const late = await waiting(JSON.stringify({ pace: { cutOff: new Date(Date.now() - 1_000).toISOString() } }));
    await expect.poll(() => state(late), soon).toBe("completed");
    const { counts } = await look(admin, late);
    expect([counts.submitted, counts.failed]).toEqual([sink.total, ALLOWED - sink.total]);
    expect(counts.failed).toBeGreaterThan(0);

    const hour = (shift: number) => `${String((new Date().getUTCHours() + shift + 24) % 24).padStart(2, "0")}:00`;
    const night = await waiting(JSON.stringify({ quietHours: { ranges: [{ days: [1, 2, 3, 4, 5, 6, 7], from: hour(-1), to: hour(2) }], action: "delay" } }));
    await expect.poll(async () => (await sql<{ n: number }>`select count(*)::int as n from outbox where state = 'held' and due_at > now()`.execute(server.database.db)).rows[0]!.n, soon).toBe(ALLOWED - sink.total);
    await server.database.pool.query("update outbox set due_at = now() where state = 'held'");
    await expect.poll(() => sink.total, soon).toBe(ALLOWED);
    await expect.poll(() => state(night), soon).toBe("completed");
    expect(sink.twice).toEqual([]);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("through a slow lane, sends nothing after its cut-off", async () => {
    sink.delayMs = 500;
    const cutOff = Date.now() + 4_000;
    const { id } = await launch(admin, provider.id, { pace: { cutOff: new Date(cutOff).toISOString() } });
    await expect.poll(() => state(id), soon).toBe("completed");
    const { counts } = await look(admin, id);
    expect([counts.queued, counts.submitted, counts.failed]).toEqual([ALLOWED, sink.total, ALLOWED - sink.total]);
    expect(sink.total).toBeGreaterThan(0);
    expect(sink.times.filter((at) => at > cutOff).length).toBeLessThanOrEqual(LANEFUL);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("through a slow lane, puts off what quiet hours overtake to their end", async () => {
    sink.delayMs = 1_000;
    const { id } = await launch(admin, provider.id);
    await expect.poll(async () => (await look(admin, id)).counts.queued, soon).toBe(ALLOWED);
    // As if they had begun meanwhile.
    const hour = (shift: number) => `${String((new Date().getUTCHours() + shift + 24) % 24).padStart(2, "0")}:00`;
    const night = JSON.stringify({ quietHours: { ranges: [{ days: [1, 2, 3, 4, 5, 6, 7], from: hour(-1), to: hour(2) }], action: "delay" } });
    await server.database.pool.query("update campaign_runs set definition = definition || $2::jsonb where campaign_id = $1", [id, night]);
    await server.database.pool.query("update outbox set leave_by = now()");
    const putOff = () => sql<{ n: number }>`select count(*)::int as n from outbox where state = 'held' and due_at > now() and leave_by > due_at`.execute(server.database.db);
    await expect.poll(async () => (await putOff()).rows[0]!.n + sink.total, soon).toBe(ALLOWED);
    expect(sink.total).toBeLessThan(ALLOWED);
    expect(await state(id)).toBe("running");
    await server.database.pool.query("update outbox set due_at = now() where state = 'held'");
    sink.delayMs = 0;
    await expect.poll(() => state(id), soon).toBe("completed");
    expect([sink.total, sink.twice]).toEqual([ALLOWED, []]);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("with a throttle, hands over no more in a minute than it allows, and goes on in the next", async () => {
    const perMinute = 40;
    const { id } = await launch(admin, provider.id, { pace: { perMinute } });
    await expect.poll(() => sink.total, soon).toBeGreaterThan(0);
    // As if its minute were over, and then another one.
    for (let minute = 1; minute <= 2; minute++) {
      await server.database.pool.query("update campaign_runs set minute = minute - interval '1 minute' where campaign_id = $1", [id]);
      const before = sink.total;
      await expect.poll(() => sink.total, soon).toBeGreaterThan(before);
    }
    const { rows } = await server.database.pool.query<{ minute: Date; in_minute: number }>("select minute, in_minute from campaign_runs where campaign_id = $1", [id]);
    const second = (Date.now() % 60_000) / 1000;
    expect(rows[0]!.in_minute).toBeLessThanOrEqual(Math.ceil((perMinute * (Math.floor(second / 6) + 1)) / 10));
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
  });

  test("of more people than its safety limit reaches nobody", async () => {
    const { id } = await launch(admin, provider.id, { pace: { safetyLimit: 999 } });
    await expect.poll(() => state(id), soon).toBe("failed");
    expect(await look(admin, id)).toMatchObject({ reason: "It would reach up to 1,000 people, more than its safety limit of 999.", runs: [{ state: "failed", people: 0 }] });
    expect(sink.total).toBe(0);
  });

  test("fails when its template is no longer approved, and what waits with it", async () => {
    sink.delayMs = 300;
    const { id } = await launch(admin, provider.id, { pace: { perMinute: 1_000 } });
    await expect.poll(() => sink.total, soon).toBeGreaterThan(0);
    await server.database.pool.query("update templates set status = 'PAUSED'");
    server.core.live.changed(workspaceId, "templates");
    await expect.poll(() => state(id), soon).toBe("failed");
    expect((await look(admin, id)).reason).toBe("The template order_ready (en) is no longer approved: its status is PAUSED.");
    await server.database.pool.query("update templates set status = 'APPROVED'");
    // The registry hears of it before we do; the next test's campaign must not meet the old status.
    const heard = new Promise<void>((resolve) => {
      const end = server.core.live.subscribe(workspaceId, (topic) => {
        if (topic !== "templates") return;
        end();
        resolve();
      });
    });
    server.core.live.changed(workspaceId, "templates");
    await heard;
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
    expect(await outbox()).toBe(0);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("lets the rest of its people have the variant that won the test", async () => {
    const variant = (key: string, share: number) => ({ key, share, template: { name: "order_ready", language: "en" }, values: { body: [{ text: key }] } });
    const content = { mode: "ab" as const, variants: [variant("A", 50), variant("B", 50)], test: { share: 20, winnerBy: "read" as const, decideAfter: 60 } };
    const { id } = await launch(admin, provider.id, { content });
    await expect.poll(async () => (await look(admin, id)).runs[0]?.people, soon).toBe(PEOPLE);
    const tested = (await look(admin, id)).counts.queued;
    expect(tested).toBeLessThan(ALLOWED / 2);
    expect((await look(admin, id)).runs[0]).toMatchObject({ state: "running", waiting: ALLOWED - tested, winner: null });
    await server.database.pool.query("update campaign_runs set decides_at = now(), idle_until = null where campaign_id = $1", [id]);
    await expect.poll(() => state(id), soon).toBe("completed");
    expect((await look(admin, id)).runs[0]).toMatchObject({ winner: "A", waiting: 0, people: PEOPLE });
    expect(sink.total).toBe(ALLOWED);
    expect(sink.twice).toEqual([]);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("stopped while people wait, leaves them out as stopped", async () => {
    const { id } = await launch(admin, provider.id, { timing: { kind: "zone", time: "12:00", ifPassed: "nextDay" } });
    await expect.poll(async () => (await look(admin, id)).runs[0]?.waiting, soon).toBe(ALLOWED);
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
    expect((await standingOf(server.database.db, id)).left).toEqual({ stopped: ALLOWED, notOptedIn: PEOPLE - ALLOWED });
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("writes to those who waited when their time has come", async () => {
    const { id } = await launch(admin, provider.id, { timing: { kind: "zone", time: "12:00", ifPassed: "nextDay" } });
    await expect.poll(async () => (await look(admin, id)).runs[0]?.waiting, soon).toBe(ALLOWED);
    await sql`update campaign_people set due_at = now() where id = (select id from campaign_people where state = 'waiting' limit 1)`.execute(server.database.db);
    await expect.poll(() => sink.total, soon).toBe(1);
    expect((await look(admin, id)).runs[0]?.people).toBe(PEOPLE);
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
  });

  test("goes past somebody who has its message already, and writes to the others of the batch", async () => {
    const { id } = await launch(admin, provider.id, { timing: { kind: "zone", time: "12:00", ifPassed: "nextDay" } });
    await expect.poll(async () => (await look(admin, id)).runs[0]?.waiting, soon).toBe(ALLOWED);
    const { rows: [cell] } = await sql<{ id: string }>`select c.id from campaign_cells c where c.campaign_id = ${id} and c.variant = 'A'`.execute(server.database.db);
    const { rows: [one] } = await sql<{ contact_id: string }>`select contact_id from campaign_people where state = 'waiting' order by id limit 1`.execute(server.database.db);
    const before = uuidv7();
    await accept(server.database.db, workspaceId, [
      { id: before, providerId: provider.id, originKind: "campaign", originId: cell!.id, externalId: one!.contact_id, recipient: "+15559990000", category: "utility", content: { type: "template", name: "order_ready", language: "en" }, refusal: { source: "tincan", code: 1000, title: "Not sent" } },
    ], []);
    await sql`update campaign_people set due_at = now() where id in (select id from campaign_people where state = 'waiting' order by id limit 3)`.execute(server.database.db);
    await expect.poll(async () => (await look(admin, id)).runs[0]?.waiting, soon).toBe(ALLOWED - 3);
    await expect.poll(() => sink.total, soon).toBe(2);
    expect((await look(admin, id)).counts.queued).toBe(2);
    await sql`delete from messages where id = ${before}`.execute(server.database.db);
    await sql`delete from message_contents where message_id = ${before}`.execute(server.database.db);
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
    expect(await verify(server.database.db)).toEqual([]);
  });

  test("of an event writes to whom it happened to", async () => {
    const { id } = await launch(admin, provider.id, { schedule: { kind: "event", trigger: { event: "Order placed" } } });
    await expect.poll(async () => (await look(admin, id)).runs[0]?.state, soon).toBe("running");
    await admin.post("/api/v1/events", { events: [{ phone: "+15551000003", name: "Order placed" }] });
    await expect.poll(() => [...sink.taken.keys()], soon).toEqual(["+15551000003"]);
    await expect.poll(async () => (await look(admin, id)).runs[0], soon).toMatchObject({ people: 1, waiting: 0, state: "running" });
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
  });

  test("of an event counts whom it happened to once, however often quiet hours put them off", async () => {
    const hour = (shift: number) => `${String((new Date().getUTCHours() + shift + 24) % 24).padStart(2, "0")}:00`;
    const quietHours = { ranges: [{ days: [1, 2, 3, 4, 5, 6, 7], from: hour(-1), to: hour(2) }], action: "delay" as const };
    const { id } = await launch(admin, provider.id, { schedule: { kind: "event", trigger: { event: "Order placed" } }, quietHours });
    await expect.poll(async () => (await look(admin, id)).runs[0]?.state, soon).toBe("running");
    await admin.post("/api/v1/events", { events: [{ phone: "+15551000004", name: "Order placed" }] });
    const putOff = () => sql<{ n: number }>`select count(*)::int as n from campaign_people where state = 'waiting' and due_at > now()`.execute(server.database.db);
    await expect.poll(async () => (await putOff()).rows[0]!.n, soon).toBe(1);
    // As if they were over.
    await server.database.pool.query("update campaign_runs set definition = definition || '{\"quietHours\": null}' where campaign_id = $1", [id]);
    await server.database.pool.query("update campaign_people set due_at = now() where state = 'waiting'");
    await expect.poll(() => sink.total, soon).toBe(1);
    await expect.poll(async () => (await look(admin, id)).runs[0], soon).toMatchObject({ people: 1, waiting: 0 });
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
  });

  test("goes on another day when the number has written to as many people as it may", async () => {
    await server.database.pool.query(`update providers set health = '{"facts": {"tier": "TIER_250"}}'`);
    await server.database.pool.query("update messages set id = (left(overlay(id::text placing '00000000-0000' from 1), 36))::uuid, accepted_at = accepted_at - interval '3 days'");
    const { id } = await launch(admin, provider.id, { pace: { tier: "split" } });
    await expect.poll(() => sink.total, soon).toBe(250);
    await expect.poll(async () => (await look(admin, id)).runs[0]?.reason, soon).toBe("The number has written to 250 people within 24 hours, as many as it may. It goes on when it may write to more.");
    const refused = await launch(admin, provider.id, { pace: { tier: "refuse" } });
    await expect.poll(() => state(refused.id), soon).toBe("failed");
    expect((await look(admin, refused.id)).reason).toBe("It would reach up to 1,000 people, and the number may write to 0 more within 24 hours.");
    await act(admin, id, "stop");
    await expect.poll(async () => (await look(admin, id)).runs[0]?.endedAt, soon).not.toBe(null);
    expect(sink.total).toBe(250);
    await server.database.pool.query("update providers set health = '{}'");
  });
});

describe("an engine", () => {
  test("has no more ready to leave than it may, and hands over more as lanes send", async () => {
    const alone = await startTestServer({ env: { TINCAN_SANDBOX: "on" }, build: buildFeatures });
    const { db } = alone.database;
    const visitor = await alone.admin();
    const { id: providerId } = await makeProvider(visitor, db, sink);
    await addPeople(db, await workspaceOf(db), 500);
    const { live, log, settings } = alone.core;
    const registry = new TemplateRegistry({ db, live });
    const engine = new CampaignEngine({ database: alone.database, live, log, registry, statusListeners: [campaignCounts()], publicUrl: settings.publicUrl, wake: () => {}, planAhead: 100 });
    await engine.start();
    const ready = async (): Promise<number> => (await sql<{ n: number }>`select count(*)::int as n from outbox`.execute(db)).rows[0]!.n;
    const { id } = await launch(visitor, providerId);
    await expect.poll(ready, soon).toBe(100);
    await sql`delete from outbox where message_id in (select message_id from outbox order by message_id limit 60)`.execute(db);
    await expect.poll(async () => (await look(visitor, id)).counts.queued, soon).toBe(160);
    expect(await ready()).toBe(100);
    await engine.stop();
    registry.close();
    await alone.stop();
  });
});
