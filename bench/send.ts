import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import type { TemplateComponent } from "@tincan/api";
import { sql } from "kysely";
import { openDatabase, type DatabaseHandle } from "../apps/server/src/database/connection.ts";
import { startEmbeddedPostgres } from "../apps/server/src/database/embedded-postgres.ts";
import { Live } from "../apps/server/src/database/live.ts";
import { migrate } from "../apps/server/src/database/migrate.ts";
import { uuidv7 } from "../apps/server/src/database/uuid.ts";
import { guardedConnector } from "../apps/server/src/http/reachable.ts";
import { LaneKeeper } from "../apps/server/src/lanes/keeper.ts";
import { createLane } from "../apps/server/src/lanes/leases.ts";
import type { LaneWork } from "../apps/server/src/lanes/work.ts";
import { accept } from "../apps/server/src/ledger/accept.ts";
import type { NewMessage } from "../apps/server/src/ledger/types.ts";
import type { Adapter } from "../apps/server/src/providers/adapter.ts";
import { cloudApiAdapter } from "../apps/server/src/providers/cloud-api/adapter.ts";
import { genericAdapter } from "../apps/server/src/providers/generic/adapter.ts";
import { providerWork } from "../apps/server/src/providers/lane-work.ts";
import { openSender } from "../apps/server/src/providers/send.ts";
import { defineBench, Progress } from "./bench.ts";
import { startChild } from "./processes.ts";

const MESSAGES = 60_000;

const limits = { concurrency: 200, timeoutMs: 20_000 };
const orderReady: TemplateComponent[] = [
  { type: "HEADER", format: "IMAGE" },
  { type: "BODY", text: "Hi {{1}}, order {{2}} is ready for collection." },
  { type: "FOOTER", text: "Reply STOP to opt out" },
  { type: "BUTTONS", buttons: [{ type: "URL", text: "Track", url: "https://shop.example/{{1}}" }] },
];

/**
 * The ledger's messages over a provider's lane to a sink, each state durable: claimed before its request leaves, settled
 * after its answer. 200 in flight, rendering and retry on.
 */
export const sendCloudApi = defineBench(
  "send.cloud-api",
  "msg/s",
  () => throughLane((baseUrl) => cloudApiAdapter({ baseUrl, version: "v26.0", phoneNumberId: "700800900100200", accessToken: "bench", limits })),
  "bare.post",
);

/** The same to a provider of the open contract, which is sent the finished texts too. */
export const sendGeneric = defineBench(
  "send.generic",
  "msg/s",
  () =>
    throughLane((baseUrl) =>
      genericAdapter({
        settings: { endpoint: `${baseUrl}/messages`, wabaNumber: "+15550100199", customKeys: [] },
        secrets: { headers: [{ key: "Token", value: "bench" }], auth: null }, limits, find: () => orderReady,
      }),
    ),
  "bare.post",
);

async function throughLane(adapterTo: (baseUrl: string) => Adapter): Promise<{ value: number; notes: string }> {
  const sink = await startChild("./sink.ts");
  const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-bench-"));
  const postgres = await startEmbeddedPostgres({ home: path.join(folder, "postgres") });
  const database = await openDatabase(postgres.url, { connections: 10 });
  // As in the server, lanes have connections of their own, which plan each statement once.
  const hot = await openDatabase(postgres.url, { connections: 8, plansOnce: true });
  try {
    await migrate(database.db);
    return await sendAll(database, hot, sink.url, adapterTo(sink.url));
  } finally {
    await hot.close();
    await database.close();
    await postgres.stop();
    await sink.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function sendAll(database: DatabaseHandle, hot: DatabaseHandle, sinkUrl: string, adapter: Adapter): Promise<{ value: number; notes: string }> {
  const place = { workspaceId: uuidv7(), providerId: uuidv7(), originId: uuidv7() };
  await sql`insert into workspaces (id, name) values (${place.workspaceId}, 'Bench')`.execute(database.db);
  await createLane(database.db, place.workspaceId, place.providerId, "provider");
  for (let n = 0; n < MESSAGES; n += 1000) {
    await accept(database.db, place.workspaceId, Array.from({ length: 1000 }, (_, i) => someMessage(place, n + i)), []);
  }
  await sql`vacuum analyze outbox, messages, message_contents`.execute(database.db);

  const progress = new Progress(MESSAGES);
  const live = new Live(database);
  const log = { warn: (details: object, message: string) => console.error(message, details), info: () => {} };
  const keeper = new LaneKeeper({
    database,
    live,
    log,
    open: {
      platform: async () => null,
      provider: async (workspaceId, providerId) => {
        const sender = openSender(adapter, { baseUrl: sinkUrl, connect: guardedConnector({ sandbox: true, allowedHosts: [] }) });
        const work = providerWork({ db: hot.db, live, workspaceId, providerId, adapter, sender, listeners: [], pairRate: true, repeatIsHarmless: false });
        const settle: typeof work.settle = (settled) => work.settle(settled).then(() => progress.add(settled.length));
        return { ...work, settle } as LaneWork<unknown>;
      },
    },
  });
  const cpu = process.cpuUsage();
  await keeper.start();
  const value = await progress.rate;
  const { user, system } = process.cpuUsage(cpu);
  await keeper.stop();
  await live.close();
  const { rows } = await sql<{ left: number }>`select count(*) as left from outbox`.execute(database.db);
  if (rows[0]!.left > 0) throw new Error(`${rows[0]!.left} messages were not settled as sent.`);
  return { value, notes: `${Math.round((user + system) / MESSAGES)} µs of processor time here per message, ${Math.round(process.memoryUsage().rss / 1e6)} MB` };
}

function someMessage(place: { providerId: string; originId: string }, n: number): NewMessage {
  return {
    id: uuidv7(),
    providerId: place.providerId,
    originKind: "deployment",
    originId: place.originId,
    externalId: `bench|${n}`,
    recipient: `+1555${String(n).padStart(7, "0")}`,
    category: "utility",
    content: {
      type: "template",
      name: "order_ready",
      language: "en",
      header: { kind: "image", media: { link: "https://cdn.example.com/pictures/order-ready.jpg" } },
      body: [{ text: "Ravi" }, { text: String(n).padEnd(120, "x") }],
      buttons: [{ kind: "url", index: 0, suffix: `t/${n}` }],
    },
  };
}
