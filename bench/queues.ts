/**
 * What somebody would use instead of lanes: one job per message, which does the same POST. graphile-worker keeps its jobs in Postgres and is set
 * as its own page on performance advises: jobs fetched in batches, completions stored together. BullMQ keeps them in Redis, which must be
 * running: its row is measured when BENCH_REDIS_URL names one on loopback, and left out otherwise.
 */
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { Queue, Worker } from "bullmq";
import { makeWorkerUtils, run, Logger } from "graphile-worker";
import { Pool } from "undici";
import { openDatabase } from "../apps/server/src/database/connection.ts";
import { startEmbeddedPostgres } from "../apps/server/src/database/embedded-postgres.ts";
import { typicalBody } from "./bare.ts";
import { defineBench, Skipped } from "./bench.ts";
import { startChild } from "./processes.ts";

const MESSAGES = 60_000;
const IN_FLIGHT = 200;
const JOBS_AT_ONCE = 10_000;

/** One POST of a typical message. Throws unless it was answered with 200. */
async function post(pool: Pool): Promise<void> {
  const answer = await pool.request({ method: "POST", path: "/messages", headers: { "content-type": "application/json" }, body: typicalBody });
  await answer.body.text();
  if (answer.statusCode !== 200) throw new Error(`The sink answered ${answer.statusCode}`);
}

export const sendGraphileWorker = defineBench(
  "send.graphile-worker",
  "msg/s",
  async () => {
    const sink = await startChild("./sink.ts");
    const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-bench-"));
    const postgres = await startEmbeddedPostgres({ home: path.join(folder, "postgres") });
    const pool = new Pool(sink.url, { connections: IN_FLIGHT, pipelining: 1 });
    try {
      const logger = new Logger(() => () => {});
      await (await makeWorkerUtils({ connectionString: postgres.url, logger })).release();
      await addJobs(postgres.url);
      let done = 0;
      const { all, finish } = finished();
      const started = performance.now();
      const runner = await run({
        connectionString: postgres.url,
        logger,
        noHandleSignals: true,
        taskList: {
          send: async () => {
            await post(pool);
            if (++done === MESSAGES) finish();
          },
        },
        preset: { worker: { concurrentJobs: IN_FLIGHT, maxPoolSize: 10, pollInterval: 100, localQueue: { size: 500 }, completeJobBatchDelay: 10, failJobBatchDelay: 10 } },
      });
      await all;
      const seconds = (performance.now() - started) / 1000;
      await runner.stop();
      return { value: MESSAGES / seconds, notes: `${IN_FLIGHT} at once, local queue 500, completions every 10 ms` };
    } finally {
      await pool.close();
      await postgres.stop();
      await sink.stop();
      rmSync(folder, { recursive: true, force: true });
    }
  },
  "bare.post",
);

async function addJobs(url: string): Promise<void> {
  const database = await openDatabase(url, { connections: 1 });
  for (let n = 0; n < MESSAGES; n += JOBS_AT_ONCE) {
    await database.pool.query("select count(*) from (select graphile_worker.add_job('send', json_build_object('n', n)) from generate_series($1::int, $2::int) n) jobs", [n, n + JOBS_AT_ONCE - 1]);
  }
  await database.pool.query("vacuum analyze");
  await database.close();
}

export const sendBullmq = defineBench(
  "send.bullmq",
  "msg/s",
  async () => {
    const redis = process.env["BENCH_REDIS_URL"];
    if (redis === undefined) throw new Skipped("needs a Redis: set BENCH_REDIS_URL");
    const { hostname, port } = new URL(redis);
    if (hostname !== "127.0.0.1" && hostname !== "localhost") throw new Skipped("BENCH_REDIS_URL must be on loopback");
    const connection = { host: hostname, port: Number(port || 6379), maxRetriesPerRequest: null };
    const sink = await startChild("./sink.ts");
    const pool = new Pool(sink.url, { connections: IN_FLIGHT, pipelining: 1 });
    const queue = new Queue(`tincan-bench-${process.pid}`, { connection });
    try {
      for (let n = 0; n < MESSAGES; n += JOBS_AT_ONCE) {
        await queue.addBulk(Array.from({ length: JOBS_AT_ONCE }, (_, i) => ({ name: "send", data: { n: n + i }, opts: { removeOnComplete: true } })));
      }
      let done = 0;
      const { all, finish } = finished();
      const started = performance.now();
      const worker = new Worker(
        queue.name,
        async () => {
          await post(pool);
          if (++done === MESSAGES) finish();
        },
        { connection, concurrency: IN_FLIGHT },
      );
      await all;
      const seconds = (performance.now() - started) / 1000;
      await worker.close();
      return { value: MESSAGES / seconds, notes: `${IN_FLIGHT} at once` };
    } finally {
      await queue.obliterate({ force: true });
      await queue.close();
      await pool.close();
      await sink.stop();
    }
  },
  "bare.post",
);

/** A promise, and the function that keeps it. */
function finished(): { all: Promise<void>; finish: () => void } {
  let finish = (): void => {};
  const all = new Promise<void>((resolve) => (finish = resolve));
  return { all, finish };
}
