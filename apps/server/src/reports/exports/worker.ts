/**
 * Makes exports that wait, as part of the scheduler's work, at most two at a time and each in a thread of its own: writing millions of rows
 * would keep the process from answering. Whatever a dead process left is found here when its lease has run out.
 */
import { Worker } from "node:worker_threads";
import type { FastifyBaseLogger } from "fastify";
import type { DatabaseHandle } from "../../database/connection.ts";
import type { Live } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { waitingExports } from "./progress.ts";
import { sweepExports } from "./sweep.ts";
import type { FromThread, ThreadData } from "./thread.ts";

const AT_ONCE = 2;
const LOOK_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 60_000;
/** Of the thread's own objects; a page of rows is small, and DuckDB keeps its memory elsewhere. */
const memory = { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 192 };

interface WorkerDeps {
  database: DatabaseHandle;
  live: Live;
  log: FastifyBaseLogger;
  dataDir: string;
}

export class ExportWorker {
  readonly #deps: WorkerDeps;
  readonly #threads = new Map<string, Worker>();
  #timers: NodeJS.Timeout[] = [];
  #sweeping: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #stopped = true;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    this.#timers = [setInterval(() => this.nudge(), LOOK_EVERY_MS), setInterval(() => this.#sweep(), SWEEP_EVERY_MS)];
    this.nudge();
    this.#sweep();
  }

  /** Looks for work now; for somebody who has just made some. Does nothing in a process that is no scheduler. */
  nudge(): void {
    if (this.#stopped) return;
    this.#looking ??= this.#look()
      .catch((cause: unknown) => this.#deps.log.warn({ err: cause }, "exports could not be looked for"))
      .finally(() => (this.#looking = undefined));
  }

  /** Lets every thread finish its page and give its export back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.#looking, this.#sweeping]);
    await Promise.all([...this.#threads.values()].map(stopThread));
  }

  #sweep(): void {
    const { database, dataDir, log } = this.#deps;
    this.#sweeping ??= sweepExports(database.db, dataDir)
      .then(() => {}, (cause: unknown) => log.warn({ err: cause }, "old exports could not be swept away"))
      .finally(() => (this.#sweeping = undefined));
  }

  async #look(): Promise<void> {
    const free = AT_ONCE - this.#threads.size;
    if (free <= 0) return;
    for (const { workspace_id: workspaceId, id } of await waitingExports(this.#deps.database.db, free)) {
      if (!this.#threads.has(id) && !this.#stopped) this.#run(workspaceId, id);
    }
  }

  #run(workspaceId: string, id: string): void {
    const { database, live, log, dataDir } = this.#deps;
    const workerData: ThreadData = { url: database.url, stopKey: database.stopKey, dataDir, claim: { workspaceId, id, runner: uuidv7() } };
    const thread = new Worker(new URL("./thread.ts", import.meta.url), { workerData, name: "export", resourceLimits: memory });
    this.#threads.set(id, thread);
    thread.on("message", (message: FromThread) => {
      if (message.kind === "moved") live.changed(message.workspaceId, "reports");
      else log.error({ err: message.cause, export: id }, "an export could not be made");
    });
    thread.on("error", (cause) => log.error({ err: cause, export: id }, "an export stopped; it is begun again in a moment"));
    thread.on("exit", () => {
      this.#threads.delete(id);
      this.nudge();
    });
  }
}

/** A thread that is in the middle of DuckDB's work does not hear; it is ended, and its export begun again by whoever finds it. */
const STOP_MS = 2_000;

async function stopThread(thread: Worker): Promise<void> {
  const ended = new Promise((resolve) => thread.once("exit", resolve));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  thread.postMessage("stop");
  const timer = setTimeout(() => void thread.terminate(), STOP_MS);
  await ended;
  clearTimeout(timer);
}
