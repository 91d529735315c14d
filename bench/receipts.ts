import { createHmac } from "node:crypto";
import { sql } from "kysely";
import type { DatabaseHandle } from "../apps/server/src/database/connection.ts";
import { uuidv7 } from "../apps/server/src/database/uuid.ts";
import { accept } from "../apps/server/src/ledger/accept.ts";
import type { NewMessage } from "../apps/server/src/ledger/types.ts";
import { postLoop, RECEIPT_CONNECTIONS } from "./bare.ts";
import { defineBench } from "./bench.ts";
import { startServer, type ServerUnderLoad } from "./server.ts";

const SINGLE_REPORTS = 80_000;
const BATCHED_REPORTS = 400_000;
const PER_BODY = 100;
const STATUSES = ["sent", "delivered", "read"];

/** One signed report per request, 256 connections, each answered after the commit that updates its message. */
export const receiptsSingle = defineBench("receipts.single", "req/s", () => reports(SINGLE_REPORTS, 1), "bare.fastify");

/** A hundred reports per request; counted in reports, against bare Fastify's requests. */
export const receiptsBatched = defineBench("receipts.batched", "reports/s", () => reports(BATCHED_REPORTS, PER_BODY), "bare.fastify");

/** The same from a provider of the open contract, at its callback URL. */
export const callbacksSingle = defineBench("callbacks.single", "req/s", () => reports(SINGLE_REPORTS, 1, "generic"), "bare.fastify");
export const callbacksBatched = defineBench("callbacks.batched", "reports/s", () => reports(BATCHED_REPORTS, PER_BODY, "generic"), "bare.fastify");

async function reports(count: number, perBody: number, kind: "cloud-api" | "generic" = "cloud-api"): Promise<{ value: number }> {
  const server = await startServer(1, { receipts: false });
  try {
    const database = await server.database();
    const ids = await storeMessages(database, kind, Math.ceil(count / STATUSES.length));
    await database.close();
    const bodies = Math.ceil(count / perBody);
    const [url, body] = kind === "generic" ? [server.statusUrl, callback] : [`${server.tincan.url}/wire/meta/webhook`, signed];
    // Written and signed beforehand: on two cores the clock would count that as well, and the bare server's requests need none of it.
    const requests = Array.from({ length: bodies }, (_, n) => body(server, ids, n * perBody, perBody));
    const rate = await postLoop(url, bodies, RECEIPT_CONNECTIONS, (n) => requests[n]!);
    return { value: rate * perBody };
  } finally {
    await server.stop();
  }
}

/** Messages of an origin that nobody listens to, as if they had been sent: rows with a state to move on. */
async function storeMessages(database: DatabaseHandle, kind: string, count: number): Promise<string[]> {
  const { rows } = await sql<{ workspace_id: string; id: string }>`select workspace_id, id from providers where kind = ${kind}`.execute(database.db);
  const { workspace_id: workspaceId, id: providerId } = rows[0]!;
  const originId = uuidv7();
  const ids: string[] = [];
  for (let n = 0; n < count; n += 1000) {
    const messages = Array.from({ length: Math.min(1000, count - n) }, (): NewMessage => ({
      id: uuidv7(), providerId, originKind: "api", originId, recipient: "+15550100123", category: "utility",
      content: { type: "template", name: "order_ready", language: "en" }, dueAt: new Date(Date.now() + 86_400_000),
    }));
    await accept(database.db, workspaceId, messages, []);
    ids.push(...messages.map((m) => m.id));
  }
  await sql`delete from outbox`.execute(database.db);
  await sql`update messages set state = 'submitted', submitted_at = accepted_at where state = 'queued'`.execute(database.db);
  await sql`vacuum analyze messages`.execute(database.db);
  return ids;
}

function signed(server: ServerUnderLoad, ids: string[], from: number, count: number): { body: string; headers: Record<string, string> } {
  const seconds = Math.floor(Date.now() / 1000);
  const statuses = Array.from({ length: count }, (_, i) => {
    const id = ids[(from + i) % ids.length]!;
    const status = STATUSES[Math.floor((from + i) / ids.length)] ?? "read";
    return `{"id":"wamid.${id}","status":"${status}","timestamp":"${seconds}","recipient_id":"15550100123","biz_opaque_callback_data":"${id}","pricing":{"billable":true,"pricing_model":"PMP","type":"regular","category":"utility"}}`;
  });
  const body = `{"object":"whatsapp_business_account","entry":[{"id":"90010020030","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550101000","phone_number_id":"${server.phoneNumberIds[0]}"},"statuses":[${statuses.join(",")}]}}]}]}`;
  const signature = createHmac("sha256", "bench-app-secret").update(body).digest("hex");
  return { body, headers: { "content-type": "application/json", "x-hub-signature-256": `sha256=${signature}` } };
}

/** A status callback as the contract has it. */
function callback(_server: ServerUnderLoad, ids: string[], from: number, count: number): { body: string; headers: Record<string, string> } {
  const seconds = Math.floor(Date.now() / 1000);
  const statuses = Array.from({ length: count }, (_, i) => {
    const status = STATUSES[Math.floor((from + i) / ids.length)] ?? "read";
    return `{"msgId":"${ids[(from + i) % ids.length]}","status":"${status}","timestamp":"${seconds}"}`;
  });
  return { body: `{"payloadVersion":"0.1","statuses":[${statuses.join(",")}]}`, headers: { "content-type": "application/json" } };
}
