/**
 * What somebody would use instead of lanes: one job per message, which does the same POST. graphile-worker keeps its jobs in Postgres and is set
 * as its own page on performance advises: jobs fetched in batches, completions stored together. BullMQ keeps them in Redis, as Redis is
 * without further settings; its row is measured where the program `redis-server` is installed, and left out otherwise.
 */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import os from "node:os";
import path from "node:path";
import { createInterface } from "node:readline";
import { Queue, Worker } from "bullmq";
import { makeWorkerUtils, run, Logger } from "graphile-worker";
import { Redis } from "ioredis";
import { Pool } from "undici";
import { openDatabase } from "../apps/server/src/database/connection.ts";
import { startEmbeddedPostgres } from "../apps/server/src/database/embedded-postgres.ts";
import { typicalBody } from "./bare.ts";
import { defineBench, Progress, Skipped } from "./bench.ts";
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
      const progress = new Progress(MESSAGES);
      const runner = await run({
        connectionString: postgres.url,
        logger,
        noHandleSignals: true,
        taskList: {
          send: async () => {
            await post(pool);
            progress.add(1);
          },
        },
        preset: { worker: { concurrentJobs: IN_FLIGHT, maxPoolSize: 10, pollInterval: 100, localQueue: { size: 500 }, completeJobBatchDelay: 10, failJobBatchDelay: 10 } },
      });
      const value = await progress.rate;
      await runner.stop();
      return { value, notes: `${IN_FLIGHT} at once, local queue 500, completions every 10 ms` };
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
    const folder = mkdtempSync(path.join(os.tmpdir(), "tincan-bench-redis-"));
    const redis = await startRedis(path.join(folder, "socket"), folder);
    const connection = new Redis({ path: path.join(folder, "socket"), maxRetriesPerRequest: null });
    const sink = await startChild("./sink.ts");
    const pool = new Pool(sink.url, { connections: IN_FLIGHT, pipelining: 1 });
    const queue = new Queue(`tincan-bench-${process.pid}`, { connection });
    try {
      for (let n = 0; n < MESSAGES; n += JOBS_AT_ONCE) {
        await queue.addBulk(Array.from({ length: JOBS_AT_ONCE }, (_, i) => ({ name: "send", data: { n: n + i }, opts: { removeOnComplete: true } })));
      }
      const progress = new Progress(MESSAGES);
      const worker = new Worker(
        queue.name,
        async () => {
          await post(pool);
          progress.add(1);
        },
        { connection, concurrency: IN_FLIGHT },
      );
      const value = await progress.rate;
      await worker.close();
      return { value, notes: `${IN_FLIGHT} at once` };
    } finally {
      await queue.close();
      connection.disconnect();
      await pool.close();
      await sink.stop();
      redis.kill("SIGTERM");
      await once(redis, "exit");
      rmSync(folder, { recursive: true, force: true });
    }
  },
  "bare.post",
);

/** A Redis of our own that listens on a socket alone and keeps its data in `folder`. Throws Skipped where there is none. */
async function startRedis(socket: string, folder: string): Promise<ChildProcess> {
  const redis = spawn("redis-server", ["--port", "0", "--unixsocket", socket, "--dir", folder], { stdio: ["ignore", "pipe", "inherit"] });
  try {
    await once(redis, "spawn");
  } catch {
    rmSync(folder, { recursive: true, force: true });
    throw new Skipped("needs the program redis-server");
  }
  await new Promise<void>((resolve, reject) => {
    createInterface({ input: redis.stdout! }).on("line", (line) => {
      if (/ready to accept connections/i.test(line)) resolve();
    });
    redis.once("exit", (code) => reject(new Error(`redis-server ended with code ${code} before it listened`)));
  });
  return redis;
}
