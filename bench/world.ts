/**
 * The world around a server under load, in a process of its own: Meta's side (numbers, templates, sends, signed webhooks with
 * three receipts per message, a hundred updates a body) and the platform's side (takes callbacks). It does as little as it can.
 * Parent messages: {"webhook": url} says where receipts go; {"report": true} asks for the counts; {"announce": true} has each send
 * told at once, with its time; {"reports": url} has it send three delivery reports for each message that a generic provider is given.
 */
import { createHmac } from "node:crypto";
import { createServer, type ServerResponse } from "node:http";
import { Pool } from "undici";

const APP_SECRET = "bench-app-secret";
const FLUSH_MS = 5;
const MOST_UPDATES = 100;
/** Number n of the benchmark's server has this id plus n, and the number +1555010 followed by 1000 plus n. */
const FIRST_NUMBER_ID = 700_800_900_100_200;

let sends = 0;
let announcing = false;
const callbacks: Record<string, number> = { sent: 0, delivered: 0, read: 0, failed: 0 };
let webhook: { pool: Pool; path: string } | undefined;
let reports: { pool: Pool; path: string } | undefined;
let reportsWaiting: string[] = [];
const waiting = new Map<string, string[]>();

const template = {
  id: "1", name: "order_ready", language: "en", status: "APPROVED", category: "UTILITY", parameter_format: "POSITIONAL",
  components: [{ type: "BODY", text: "Hi {{1}}, order {{2}} is ready", example: { body_text: [["Ravi", "42"]] } }],
};

function json(response: ServerResponse, body: string): void {
  response.writeHead(200, { "content-type": "application/json" }).end(body);
}

function phoneNumber(id: number): object {
  return {
    id: String(id), display_phone_number: `+1555010${1000 + id - FIRST_NUMBER_ID}`, verified_name: "Bench", quality_rating: "GREEN", status: "CONNECTED",
    throughput: { level: "HIGH" },
  };
}

function read(url: string): string {
  if (url.includes("/message_templates")) return JSON.stringify({ data: [template] });
  if (url.includes("/phone_numbers")) return JSON.stringify({ data: Array.from({ length: 64 }, (_, i) => phoneNumber(FIRST_NUMBER_ID + i)) });
  if (url.includes("/subscribed_apps")) return JSON.stringify({ data: [{ whatsapp_business_api_data: { id: "300400500600700", name: "Bench", link: "" } }] });
  return JSON.stringify(phoneNumber(Number(/\/v[\d.]+\/(\d+)/.exec(url)?.[1])));
}

function takeSend(url: string, body: string): string {
  sends++;
  if (announcing) process.send?.({ sentAt: performance.timeOrigin + performance.now() });
  const wamid = `wamid.HBgLMTU1NTAxMDAxMjMVAgARGBI${process.pid.toString(36)}${sends.toString(36).padStart(9, "0")}A=`;
  if (webhook) {
    const numberId = /\/(\d+)\/messages/.exec(url)?.[1] ?? "";
    const opaque = /"biz_opaque_callback_data":"([^"]+)"/.exec(body)?.[1] ?? "";
    const to = /"to":"\+?(\d+)"/.exec(body)?.[1] ?? "";
    const list = waiting.get(numberId) ?? [];
    waiting.set(numberId, list);
    const seconds = Math.floor(Date.now() / 1000);
    for (const status of ["sent", "delivered", "read"]) {
      list.push(`{"id":"${wamid}","status":"${status}","timestamp":"${seconds}","recipient_id":"${to}","biz_opaque_callback_data":"${opaque}"}`);
    }
  }
  return `{"messaging_product":"whatsapp","contacts":[{"input":"+15550100123","wa_id":"15550100123"}],"messages":[{"id":"${wamid}","message_status":"accepted"}]}`;
}

/** A message in the open contract's words. */
function takeGeneric(body: string): void {
  sends++;
  const id = /"msgId":"([^"]+)"/.exec(body)?.[1];
  if (!reports || id === undefined) return;
  const seconds = Math.floor(Date.now() / 1000);
  for (const status of ["sent", "delivered", "read"]) reportsWaiting.push(`{"msgId":"${id}","status":"${status}","timestamp":"${seconds}"}`);
}

function takeCallbacks(body: string): void {
  for (const { status } of (JSON.parse(body) as { statuses?: { status: string }[] }).statuses ?? []) callbacks[status] = (callbacks[status] ?? 0) + 1;
}

const server = createServer((request, response) => {
  const [url = ""] = (request.url ?? "").split("?");
  if (request.method === "GET") return json(response, read(url));
  let body = "";
  request.setEncoding("utf8");
  request.on("data", (chunk: string) => (body += chunk));
  request.on("end", () => {
    if (url.endsWith("/messages")) return json(response, takeSend(url, body));
    if (url.startsWith("/callbacks")) takeCallbacks(body);
    if (url.startsWith("/generic")) takeGeneric(body);
    json(response, '{"status":"success","success":true}');
  });
});
server.keepAliveTimeout = 60_000;

async function post(numberId: string, updates: string[]): Promise<void> {
  const text = `{"object":"whatsapp_business_account","entry":[{"id":"waba-${numberId}","changes":[{"field":"messages","value":{"messaging_product":"whatsapp","metadata":{"display_phone_number":"15550100199","phone_number_id":"${numberId}"},"statuses":[${updates.join(",")}]}}]}]}`;
  const signature = `sha256=${createHmac("sha256", APP_SECRET).update(text).digest("hex")}`;
  for (;;) {
    const answer = await webhook!.pool.request({ method: "POST", path: webhook!.path, headers: { "content-type": "application/json", "x-hub-signature-256": signature }, body: text });
    await answer.body.dump();
    if (answer.statusCode === 200) return;
  }
}

async function report(statuses: string[]): Promise<void> {
  const body = `{"payloadVersion":"0.1","statuses":[${statuses.join(",")}]}`;
  for (;;) {
    const answer = await reports!.pool.request({ method: "POST", path: reports!.path, headers: { "content-type": "application/json" }, body });
    await answer.body.dump();
    if (answer.statusCode === 200) return;
  }
}

setInterval(() => {
  const statuses = reportsWaiting;
  reportsWaiting = [];
  for (let from = 0; from < statuses.length; from += MOST_UPDATES) void report(statuses.slice(from, from + MOST_UPDATES));
  for (const [numberId, list] of waiting) while (list.length > 0) void post(numberId, list.splice(0, MOST_UPDATES));
}, FLUSH_MS);

function poolTo(address: string): { pool: Pool; path: string } {
  const url = new URL(address);
  return { pool: new Pool(url.origin, { connections: 16 }), path: url.pathname };
}

process.on("message", (message: { webhook?: string; reports?: string; report?: boolean; announce?: boolean }) => {
  if (message.announce) announcing = true;
  if (message.webhook) webhook = poolTo(message.webhook);
  if (message.reports) reports = poolTo(message.reports);
  if (message.report) process.send?.({ sends, callbacks });
});
process.on("disconnect", () => process.exit(0));
process.on("SIGTERM", () => process.exit(0));
server.listen(0, "127.0.0.1", () => {
  const address = server.address();
  process.stdout.write(`${typeof address === "object" && address ? address.port : 0}\n`);
});
