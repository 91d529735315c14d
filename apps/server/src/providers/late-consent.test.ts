import type { Contact, List, LaneStatus } from "@tincan/api";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { startCampaignServer, type CampaignServer } from "../../../../tests/support/campaign-server.ts";
import { launch, look } from "../../../../tests/support/campaigns.ts";
import { claimMessages } from "../ledger/claim.ts";
import { stopNumbers } from "../ledger/permissions-to-send.ts";
import { verify } from "../verify.ts";
import { unwantedByNow } from "./late-consent.ts";

/* A campaign's messages wait behind a lane that somebody holds; meanwhile some of its people change their minds. */
const PEOPLE = 100;
const ALLOWED = 90;
const soon = { timeout: 20_000, interval: 50 };

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

const pauseLane = async (verb: "pause" | "resume"): Promise<void> => expect((await admin.post<LaneStatus>(`/api/v1/lanes/${provider.id}/${verb}`)).status).toBe(200);

test("who stopped messages while the lane was held gets none when it goes on, in whatever way they stopped", async () => {
  await pauseLane("pause");
  const { id } = await launch(admin, provider.id);
  await expect.poll(async () => (await look(admin, id)).counts.queued, soon).toBe(ALLOWED);
  const people = (await admin.get<List<Contact>>("/api/v1/contacts?limit=100")).body.items.filter(({ phone }) => Number(phone!.slice(-2)) % 10 !== 9);
  const [byConsent, byNumber, byWhatsApp, removed] = people;
  expect((await admin.send("PUT", `/api/v1/contacts/${byConsent!.id}/consent`, { category: "marketing", state: "out" })).status).toBe(200);
  expect((await admin.send("PUT", `/api/v1/contacts/${byNumber!.id}/do-not-disturb`, { on: true })).status).toBe(200);
  await sql`insert into marketing_opt_outs (workspace_id, provider_id, phone, source, at) values (${workspaceId}, ${provider.id}, ${byWhatsApp!.phone}, 'user_preferences', now())`.execute(server.database.db);
  await server.database.pool.query("update contacts set phone = null, identity = 'moved' where id = $1", [removed!.id]);
  expect(sink.total).toBe(0);

  await pauseLane("resume");
  await expect.poll(async () => (await look(admin, id)).state, soon).toBe("completed");
  const unwanted = [byConsent, byNumber, byWhatsApp, removed].map((person) => person!.phone!);
  expect(unwanted.filter((phone) => sink.taken.has(phone))).toEqual([]);
  expect(sink.total).toBe(ALLOWED - unwanted.length);
  expect((await look(admin, id)).counts).toMatchObject({ queued: ALLOWED, submitted: ALLOWED - unwanted.length, failed: unwanted.length });
  const { rows } = await sql<{ recipient: string; code: number }>`select recipient, (error ->> 'code')::int as code from messages where state = 'failed' order by recipient`.execute(server.database.db);
  expect(rows).toEqual(unwanted.toSorted().map((recipient) => ({ recipient, code: 1006 })));
  expect(await verify(server.database.db)).toEqual([]);
});

test("a message that waited minutes behind a lane at work is asked about again, one that leaves at once is not", async () => {
  const { db } = server.database;
  await pauseLane("pause");
  const { id } = await launch(admin, provider.id);
  await expect.poll(async () => (await look(admin, id)).counts.queued, soon).toBeGreaterThan(0);
  const { rows: [lane] } = await sql<{ owner: string }>`select owner from lanes where id = ${provider.id}`.execute(db);
  const waiting = await claimMessages(db, workspaceId, provider.id, lane!.owner, 50);
  const [first] = waiting;
  await stopNumbers(db, workspaceId, [{ phone: first!.recipient, stopped: true, at: new Date() }]);
  const opened = { workspaceId, providerId: provider.id, openedAt: 0 };
  expect(await unwantedByNow(db, opened, waiting)).toEqual([]);
  expect(await unwantedByNow(db, opened, waiting, Date.now() + 6 * 60_000)).toEqual([first]);
});
