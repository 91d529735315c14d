import { readFileSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { openDatabase, type DatabaseHandle } from "../apps/server/src/database/connection.ts";
import { Tincan } from "../tests/support/tincan.ts";
import { startChild, type Child } from "./processes.ts";

const API_KEY = "tc_bench_key_with_enough_entropy_0001";
const TOKEN = "bench-token";
const CALLBACK_SECRET = "bench_callback_secret_0001";

export interface ServerUnderLoad {
  tincan: Tincan;
  world: Child;
  phoneNumberIds: string[];
  /** Callback URLs, one per deployment; each deployment has a number of its own, since a number may send 1,000 a second at most. */
  callbackUrls: string[];
  token: string;
  /** Where the generic provider reports. */
  statusUrl: string;
  /** Calls the management API; throws what it refuses. */
  api<T>(method: "GET" | "POST", path: string, body?: object): Promise<T>;
  /** A connection to the server's own database. */
  database(): Promise<DatabaseHandle>;
  counts(): Promise<{ sends: number; callbacks: Record<string, number> }>;
  /** Bytes resident in the server process, its database not counted. */
  memory(): number;
  stop(): Promise<void>;
}

/** Starts a real server with `numbers` numbers and deployments, a generic provider, and the world around it. */
export async function startServer(numbers: number, options: { receipts: boolean } = { receipts: true }): Promise<ServerUnderLoad> {
  const world = await startChild("./world.ts");
  const ids = Array.from({ length: numbers }, (_, i) => ({ deployment: randomUUID(), phone: String(700_800_900_100_200 + i) }));
  const tincan = await Tincan.prepare({
    env: { LOG_LEVEL: "error", TINCAN_SANDBOX: "off", TINCAN_ALLOWED_HOSTS: "127.0.0.1" },
    provision: {
      workspace: { name: "Bench" },
      apiKeys: [{ name: "bench", key: API_KEY, role: "admin" }],
      providers: [
        ...ids.map(({ phone }, i) => ({
          kind: "cloud-api", nickname: `Number ${i}`, number: `+1555010${String(1000 + i)}`, wabaId: `9001002003${i}`, phoneNumberId: phone,
          accessToken: "bench", appSecret: "bench-app-secret", verifyToken: "bench-verify", baseUrl: world.url, maxConcurrency: 200,
        })),
        { kind: "generic", nickname: "Generic", number: "+15550109999", endpoint: `${world.url}/generic`, callbackSecret: CALLBACK_SECRET },
      ],
      deployments: ids.map(({ deployment }, i) => ({
        id: deployment, token: TOKEN, platform: "clevertap", name: `Deployment ${i}`, provider: `Number ${i}`,
        webhooks: { status: `${world.url}/callbacks/status`, inbound: `${world.url}/callbacks/inbound` },
      })),
    },
  });
  await tincan.start();
  // Templates and the numbers' levels are read from the world right after the start.
  await new Promise((resolve) => setTimeout(resolve, 3000));
  if (options.receipts) world.process.send({ webhook: `${tincan.url}/wire/meta/webhook` });
  return {
    tincan,
    world,
    token: TOKEN,
    statusUrl: `${tincan.url}/wire/callbacks/${CALLBACK_SECRET}/status`,
    phoneNumberIds: ids.map(({ phone }) => phone),
    callbackUrls: ids.map(({ deployment }) => `${tincan.url}/wire/clevertap/${deployment}/messages`),
    api: async <T>(method: "GET" | "POST", path: string, body?: object) => {
      const headers = { authorization: `Bearer ${API_KEY}`, ...(body && { "content-type": "application/json" }) };
      const answer = await fetch(`${tincan.url}/api/v1${path}`, { method, headers, ...(body && { body: JSON.stringify(body) }) });
      if (!answer.ok) throw new Error(`${path} was answered with ${answer.status}: ${await answer.text()}`);
      return (await answer.json()) as T;
    },
    counts: () =>
      new Promise((resolve) => {
        world.process.once("message", (message) => resolve(message as Awaited<ReturnType<ServerUnderLoad["counts"]>>));
        world.process.send({ report: true });
      }),
    database: () => {
      const { port, password } = JSON.parse(readFileSync(`${tincan.folder}/data/postgres/connection.json`, "utf8")) as { port: number; password: string };
      return openDatabase(`postgres://tincan:${password}@127.0.0.1:${port}/tincan`, { connections: 2 });
    },
    memory: () => Number(/VmRSS:\s+(\d+) kB/.exec(readFileSync(`/proc/${tincan.pid}/status`, "utf8"))?.[1] ?? 0) * 1024,
    stop: async () => {
      await tincan.remove();
      await world.stop();
    },
  };
}

/** A request of the template `order_ready`, as CleverTap posts it: 600 bytes. */
export function templateRequest(msgId: string, n: number): string {
  return JSON.stringify({
    payloadVersion: 0.1,
    to: `+1555${String(n % 10_000_000).padStart(7, "2")}`,
    wabaNumber: "+15550101000",
    isTemplate: true,
    msgId,
    template: { namespace: "order_ready", languageCode: "en" },
    components: [
      { type: "body", body: { text: `Hi Ravi, order ${n} is ready`, parameters: [{ type: "text", text: "Ravi" }, { type: "text", text: String(n).padEnd(180, "x") }] } },
      { customProps: [{ cost_centre: "A7" }, { team: "growth" }] },
    ],
  });
}
