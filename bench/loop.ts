import { Client, Pool } from "undici";
import { defineBench } from "./bench.ts";
import { startChild } from "./processes.ts";
import { startServer, templateRequest, type ServerUnderLoad } from "./server.ts";

const PEAK_CONCURRENT = 1500;
const PEAK_REQUESTS = 30_000;
/** A process just started runs uncompiled code; a server that is called 1,500 times at once has been up for more than seconds. */
const WARM_UP_REQUESTS = 20_000;
const IDLE_REQUESTS = 320;
const LOOP_MESSAGES = 40_000;
const LOOP_IN_FLIGHT = 200;
const NUMBERS = 16;
const DRAINED_WITHIN_MS = 180_000;

/** Bare Fastify with 1,500 requests at once: 99 of 100 are answered by then, in ms. What the machine could do at best. */
export const bareFastifyP99 = defineBench("bare.fastify-p99", "ms", async () => {
  const server = await startChild("./fastify.ts");
  try {
    return await peak({ origin: server.url, paths: ["/wire/meta/webhook"], token: "none" });
  } finally {
    await server.stop();
  }
});

/** The same for the Callback URL, each request answered after its commit, with sending going on beside it. An error ends the run. */
export const callbackUrlP99 = defineBench(
  "callback-url.p99",
  "ms",
  async () => {
    const server = await startServer(1, { receipts: false });
    try {
      return await peak(callbackUrlsOf(server));
    } finally {
      await server.stop();
    }
  },
  "bare.fastify-p99",
);

async function peak(target: Target): Promise<{ value: number; notes: string }> {
  await requests(target, WARM_UP_REQUESTS, PEAK_CONCURRENT, "warm-up");
  const { times, seconds } = await requests(target, PEAK_REQUESTS, PEAK_CONCURRENT, "peak");
  times.sort((a, b) => a - b);
  const at = (share: number): number => times[Math.floor(times.length * share)] ?? 0;
  return { value: at(0.99), notes: `p50 ${at(0.5).toFixed(0)} ms, longest ${at(1 - 1 / times.length).toFixed(0)} ms, ${Math.round(PEAK_REQUESTS / seconds)} requests/s` };
}

/** On an idle system: from the moment a request is posted to the moment its send arrives at the provider; the median, in ms. */
export const apiToWireP50 = defineBench("api-to-wire.p50", "ms", async () => {
  const server = await startServer(1, { receipts: false });
  try {
    server.world.process.send({ announce: true });
    const pool = new Pool(server.tincan.url, { connections: 1 });
    const { pathname } = new URL(server.callbackUrls[0]!);
    const times: number[] = [];
    for (let n = 0; n < IDLE_REQUESTS; n++) {
      const arrival = new Promise<number>((resolve) => server.world.process.once("message", (message) => resolve((message as { sentAt: number }).sentAt)));
      const started = performance.timeOrigin + performance.now();
      const answer = await pool.request({ method: "POST", path: pathname, headers: { token: server.token }, body: templateRequest(`idle|${n}`, n) });
      await answer.body.dump();
      times.push((await arrival) - started);
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
    await pool.close();
    times.splice(0, 20);
    times.sort((a, b) => a - b);
    return { value: times[times.length >> 1] ?? 0, notes: `p99 ${times[Math.floor(times.length * 0.99)]?.toFixed(1)} ms` };
  } finally {
    await server.stop();
  }
});

/** The whole loop through a real server: request in, send out, three receipts in, three reports out, all of them durable. */
export const loopCloudApi = defineBench(
  "loop.cloud-api",
  "msg/s",
  async () => {
    const server = await startServer(NUMBERS);
    try {
      const started = performance.now();
      await requests(callbackUrlsOf(server), LOOP_MESSAGES, LOOP_IN_FLIGHT, "loop");
      const acceptedAfter = (performance.now() - started) / 1000;
      let memory = server.memory();
      for (;;) {
        const { callbacks } = await server.counts();
        memory = Math.max(memory, server.memory());
        if ((callbacks["read"] ?? 0) >= LOOP_MESSAGES + 1) break;
        if (performance.now() - started > DRAINED_WITHIN_MS) throw new Error(`The loop did not end: ${JSON.stringify(await server.counts())}`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
      const seconds = (performance.now() - started) / 1000;
      return { value: LOOP_MESSAGES / seconds, notes: `accepted at ${Math.round(LOOP_MESSAGES / acceptedAfter)}/s, ${Math.round(memory / 1e6)} MB resident` };
    } finally {
      await server.stop();
    }
  },
  "bare.post",
);

/** Where requests go in turn, and the Token they carry. */
interface Target {
  origin: string;
  paths: string[];
  token: string;
}

function callbackUrlsOf(server: ServerUnderLoad): Target {
  return { origin: server.tincan.url, paths: server.callbackUrls.map((url) => new URL(url).pathname), token: server.token };
}

async function requests({ origin, paths, token }: Target, count: number, concurrent: number, prefix: string): Promise<{ times: number[]; seconds: number }> {
  // Each caller keeps a connection of its own: a pool would look through all of them for every request.
  const callers = Array.from({ length: concurrent }, () => new Client(origin, { pipelining: 1 }));
  const headers = { "content-type": "application/json", token };
  const post = async (caller: Client, msgId: string, n: number): Promise<number> => {
    const started = performance.now();
    const answer = await caller.request({ method: "POST", path: paths[n % paths.length]!, headers, body: templateRequest(msgId, n) });
    const text = await answer.body.text();
    if (answer.statusCode !== 200 || text.includes('"failure"')) throw new Error(`Answered ${answer.statusCode}: ${text}`);
    return performance.now() - started;
  };
  // A platform keeps its connections open, so opening them is not measured. The repeated msgId is stored once.
  await Promise.all(callers.map((caller) => post(caller, `${prefix}|open`, 0)));

  const times: number[] = [];
  let next = 0;
  const started = performance.now();
  await Promise.all(
    callers.map(async (caller) => {
      while (next < count) {
        const n = next++;
        times.push(await post(caller, `${prefix}|${n}`, n));
      }
    }),
  );
  const seconds = (performance.now() - started) / 1000;
  await Promise.all(callers.map((caller) => caller.close()));
  return { times, seconds };
}
