/**
 * Takes up imports that wait, as part of the scheduler's work, at most two at a time and each in a thread of its own: reading a file is
 * reckoning, and would keep the process from answering. Whatever a dead process left is found here when its lease has run out.
 */
import { Worker } from "node:worker_threads";
import type { FastifyBaseLogger } from "fastify";
import type { DatabaseHandle } from "../../database/connection.ts";
import type { Live } from "../../database/live.ts";
import { uuidv7 } from "../../database/uuid.ts";
import { waiting } from "./progress.ts";
import { sweepImports } from "./sweep.ts";
import type { FromThread, ThreadData } from "./thread.ts";

const AT_ONCE = 2;
const LOOK_EVERY_MS = 1_000;
const SWEEP_EVERY_MS = 3_600_000;
/** Two batches of the longest rows fit well; without a limit V8 would rather grow than clean up. */
const memory = { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 256 };

interface WorkerDeps {
  database: DatabaseHandle;
  live: Live;
  log: FastifyBaseLogger;
  dataDir: string;
}

export class ImportWorker {
  readonly #deps: WorkerDeps;
  readonly #threads = new Map<string, Worker>();
  #timer: NodeJS.Timeout | undefined;
  #sweeper: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #stopped = true;

  constructor(deps: WorkerDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#stopped = false;
    this.#timer = setInterval(() => this.nudge(), LOOK_EVERY_MS);
    this.#sweeper = setInterval(() => this.#sweep(), SWEEP_EVERY_MS);
    this.nudge();
    this.#sweep();
  }

  /** Looks for work now; for somebody who has just made some. Does nothing in a process that is no scheduler. */
  nudge(): void {
    if (this.#stopped) return;
    this.#looking ??= this.#look()
      .catch((cause: unknown) => this.#deps.log.warn({ err: cause }, "imports could not be looked for"))
      .finally(() => (this.#looking = undefined));
  }

  /** Lets every thread finish its batch and give its import back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    clearInterval(this.#timer);
    clearInterval(this.#sweeper);
    await Promise.all([this.#looking, this.#sweeping]);
    await Promise.all([...this.#threads.values()].map(stopThread));
  }

  #sweep(): void {
    const { database, dataDir, log } = this.#deps;
    this.#sweeping ??= sweepImports(database.db, dataDir)
      .then(() => {}, (cause: unknown) => log.warn({ err: cause }, "old imports could not be swept away"))
      .finally(() => (this.#sweeping = undefined));
  }

  async #look(): Promise<void> {
    const free = AT_ONCE - this.#threads.size;
    if (free <= 0) return;
    for (const { workspace_id: workspaceId, id } of await waiting(this.#deps.database.db, free)) {
      if (!this.#threads.has(id) && !this.#stopped) this.#run(workspaceId, id);
    }
  }

  #run(workspaceId: string, id: string): void {
    const { database, live, log, dataDir } = this.#deps;
    const workerData: ThreadData = { url: database.url, stopKey: database.stopKey, dataDir, claim: { workspaceId, id, runner: uuidv7() } };
    const thread = new Worker(new URL("./thread.ts", import.meta.url), { workerData, name: "import", resourceLimits: memory });
    this.#threads.set(id, thread);
    thread.on("message", (message: FromThread) => {
      live.changed(message.workspaceId, "imports");
      live.changed(message.workspaceId, "contacts");
    });
    thread.on("error", (cause) => log.error({ err: cause, import: id }, "an import stopped; it goes on in a moment"));
    thread.on("exit", () => {
      this.#threads.delete(id);
      this.nudge();
    });
  }
}

function stopThread(thread: Worker): Promise<void> {
  return new Promise((resolve) => {
    thread.once("exit", () => resolve());
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    thread.postMessage("stop");
  });
}
