/**
 * Jobs that are rows with a lease, each worked on in a thread of its own: what reckons for long would keep the process from answering.
 *
 *   waiting ──► a thread claims it and keeps its lease ──► the thread ends, with the job done, failed or given back
 *
 * The scheduler looks for jobs that nobody holds, so whatever a dead process or thread left is found when its lease has run out. What a claim
 * means, and how far a job had come, is known to the thread's module alone; its side of the talk is in job-thread.ts.
 */
import { Worker, type ResourceLimits } from "node:worker_threads";
import type { FastifyBaseLogger } from "fastify";
import type { Database, DatabaseHandle } from "./connection.ts";
import type { ThreadData } from "./job-thread.ts";
import { uuidv7 } from "./uuid.ts";

/** At most, per kind of jobs and process. */
const AT_ONCE = 2;
const LOOK_EVERY_MS = 1_000;

/** One kind of jobs. */
export interface JobKind<Message> {
  /** What the log and the thread call one of them: "import". */
  name: string;
  /** The module that runs one job and ends; it calls `inJobThread`. */
  module: URL;
  /** Of the thread's own objects; without a limit V8 would rather grow than clean up. */
  memory: ResourceLimits;
  /** Jobs that nobody works on and somebody should, of every workspace, oldest first. */
  waiting(db: Database, limit: number): Promise<{ workspace_id: string; id: string }[]>;
  /** What a thread had to tell. */
  heard(message: Message, id: string): void;
  /** What becomes of a job whose thread died: "it goes on in a moment". */
  afterDeath: string;
  /** Takes away what nobody needs any more; called at the start too. */
  sweep?: { everyMs: number; run(db: Database, dataDir: string): Promise<unknown> };
  /** A thread that does not hear "stop" for this long is ended; its job is taken up again like a dead one's. Without it, a stop waits. */
  endAfterMs?: number;
}

export interface JobDeps {
  database: DatabaseHandle;
  log: FastifyBaseLogger;
  dataDir: string;
}

export class JobThreads<Message> {
  readonly #deps: JobDeps;
  readonly #kind: JobKind<Message>;
  readonly #threads = new Map<string, Worker>();
  #timers: NodeJS.Timeout[] = [];
  #sweeping: Promise<void> | undefined;
  #looking: Promise<void> | undefined;
  #stopped = true;

  constructor(deps: JobDeps, kind: JobKind<Message>) {
    this.#deps = deps;
    this.#kind = kind;
  }

  start(): void {
    const { sweep } = this.#kind;
    this.#stopped = false;
    this.#timers = [setInterval(() => this.nudge(), LOOK_EVERY_MS)];
    this.nudge();
    if (!sweep) return;
    this.#timers.push(setInterval(() => this.#sweep(sweep), sweep.everyMs));
    this.#sweep(sweep);
  }

  /** Looks for work now; for somebody who has just made some. Does nothing in a process that is no scheduler. */
  nudge(): void {
    if (this.#stopped) return;
    this.#looking ??= this.#look()
      .catch((cause: unknown) => this.#deps.log.warn({ err: cause }, `${this.#kind.name}s could not be looked for`))
      .finally(() => (this.#looking = undefined));
  }

  /** Lets every thread finish what it is storing and give its job back. */
  async stop(): Promise<void> {
    this.#stopped = true;
    for (const timer of this.#timers) clearInterval(timer);
    await Promise.all([this.#looking, this.#sweeping]);
    await Promise.all([...this.#threads.values()].map((thread) => stopThread(thread, this.#kind.endAfterMs)));
  }

  #sweep({ run }: NonNullable<JobKind<Message>["sweep"]>): void {
    const { database, dataDir, log } = this.#deps;
    this.#sweeping ??= run(database.db, dataDir)
      .then(() => {}, (cause: unknown) => log.warn({ err: cause }, `old ${this.#kind.name}s could not be swept away`))
      .finally(() => (this.#sweeping = undefined));
  }

  async #look(): Promise<void> {
    const free = AT_ONCE - this.#threads.size;
    if (free <= 0) return;
    for (const { workspace_id: workspaceId, id } of await this.#kind.waiting(this.#deps.database.db, free)) {
      if (!this.#threads.has(id) && !this.#stopped) this.#run(workspaceId, id);
    }
  }

  #run(workspaceId: string, id: string): void {
    const { database, log, dataDir } = this.#deps;
    const { name, module, memory, heard, afterDeath } = this.#kind;
    const workerData: ThreadData = { url: database.url, stopKey: database.stopKey, dataDir, claim: { workspaceId, id, runner: uuidv7() } };
    const thread = new Worker(module, { workerData, name, resourceLimits: memory });
    this.#threads.set(id, thread);
    thread.on("message", (message: Message) => heard(message, id));
    thread.on("error", (cause) => log.error({ err: cause, [name]: id }, `a thread for ${name}s stopped; ${afterDeath}`));
    thread.on("exit", () => {
      this.#threads.delete(id);
      this.nudge();
    });
  }
}

async function stopThread(thread: Worker, endAfterMs: number | undefined): Promise<void> {
  const ended = new Promise((resolve) => thread.once("exit", resolve));
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
  thread.postMessage("stop");
  const timer = endAfterMs === undefined ? undefined : setTimeout(() => void thread.terminate(), endAfterMs);
  await ended;
  clearTimeout(timer);
}
