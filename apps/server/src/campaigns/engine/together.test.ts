import { sql } from "kysely";
import { afterAll, beforeAll, expect, test } from "vitest";
import { addPeople, launch, look, makeProvider, Sink, workspaceOf } from "../../../../../tests/support/campaigns.ts";
import { startTestServer, type TestServer } from "../../../../../tests/support/server.ts";
import { verify } from "../../verify.ts";
import { buildFeatures } from "../../wiring.ts";

/* Campaigns that are planned at the same moment for the same people. */
const ALLOWED = 900;
const soon = { timeout: 30_000, interval: 50 };

let server: TestServer;
let sink: Sink;
beforeAll(async () => {
  sink = await Sink.start();
  server = await startTestServer({ env: { TINCAN_SANDBOX: "on" }, build: buildFeatures });
});
afterAll(async () => {
  await server.stop();
  await sink.close();
});

test("a person gets no more than the cap of all campaigns together, though several are launched at once", async () => {
  const { db } = server.database;
  const admin = await server.admin();
  const workspaceId = await workspaceOf(db);
  const providers = await Promise.all([1, 2, 3].map((n) => makeProvider(admin, db, sink, { nickname: `Sink ${n}`, number: `+91800000001${n}`, default: n === 1 })));
  await addPeople(db, workspaceId, 1_000);
  await sql`insert into campaign_settings (workspace_id, frequency_cap) values (${workspaceId}, ${JSON.stringify({ messages: 1, days: 1 })})`.execute(db);
  const campaigns = await Promise.all(providers.map(({ id }) => launch(admin, id)));
  // All three are due before the first of them is looked at.
  await server.features.start();
  for (const { id } of campaigns) await expect.poll(async () => (await look(admin, id)).state, soon).toBe("completed");
  expect(sink.twice).toEqual([]);
  expect(sink.total).toBe(ALLOWED);
  expect(await verify(db)).toEqual([]);
});
