import { Pool } from "undici";
import { startChild } from "./processes.ts";
import { defineBench, Progress } from "./bench.ts";

/** A typical send request: 600 bytes of JSON. */
export const typicalBody = JSON.stringify({
  messaging_product: "whatsapp",
  recipient_type: "individual",
  to: "+15550100123",
  type: "template",
  biz_opaque_callback_data: "01a2b3c4-d5e6-7f80-9a0b-1c2d3e4f5061",
  template: {
    name: "order_ready",
    language: { code: "en" },
    components: [
      { type: "header", parameters: [{ type: "image", image: { link: "https://cdn.example.com/pictures/order-ready.jpg" } }] },
      { type: "body", parameters: [{ type: "text", text: "Ravi" }, { type: "text", text: "42".padEnd(120, "x") }] },
      { type: "button", sub_type: "url", index: "0", parameters: [{ type: "text", text: "t/42" }] },
    ],
  },
});

const REQUESTS = 100_000;
const IN_FLIGHT = 200;
export const RECEIPT_CONNECTIONS = 256;
const json = { "content-type": "application/json" };

/** The ceiling: one loop of undici that posts as fast as it can, 200 in flight, to a server that does nothing. */
export const barePost = defineBench("bare.post", "msg/s", async () => {
  const sink = await startChild("./sink.ts");
  try {
    return { value: await postLoop(sink.url, REQUESTS, IN_FLIGHT, () => ({ body: typicalBody, headers: json })) };
  } finally {
    await sink.stop();
  }
});

/** Fastify that reads a body of a single report and answers 200: what a wire endpoint that stores nothing would do. */
export const bareFastify = defineBench("bare.fastify", "req/s", async () => {
  const server = await startChild("./fastify.ts");
  try {
    return { value: await postLoop(`${server.url}/wire/meta/webhook`, REQUESTS, RECEIPT_CONNECTIONS, () => ({ body: typicalBody, headers: json })) };
  } finally {
    await server.stop();
  }
});

/** Posts `count` bodies with `inFlight` at once and answers how many were answered per second, once both sides are warm. */
export async function postLoop(url: string, count: number, inFlight: number, request: (n: number) => { body: string; headers: Record<string, string> }): Promise<number> {
  const { origin, pathname } = new URL(url);
  const pool = new Pool(origin, { connections: inFlight, pipelining: 1 });
  const progress = new Progress(count);
  let next = 0;
  const worker = async (): Promise<void> => {
    while (next < count) {
      const answer = await pool.request({ method: "POST", path: pathname, ...request(next++) });
      await answer.body.text();
      if (answer.statusCode !== 200) throw new Error(`The server answered ${answer.statusCode}`);
      progress.add(1);
    }
  };
  await Promise.all(Array.from({ length: inFlight }, worker));
  await pool.close();
  return progress.rate;
}
