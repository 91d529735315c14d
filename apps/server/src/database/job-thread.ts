/** The inside of a thread of job-threads.ts: one job, with database connections of its own. The thread ends when the job does. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase, type Database } from "./connection.ts";

/** Who works on which job; `runner` is the mark that it writes into the job's row. */
export interface Claim {
  workspaceId: string;
  id: string;
  runner: string;
}

export interface ThreadData {
  url: string;
  stopKey: string | undefined;
  dataDir: string;
  claim: Claim;
}

export interface JobThread<Message> {
  db: Database;
  dataDir: string;
  claim: Claim;
  /** The process stops: give the job back as soon as what is being stored is stored. */
  stopping(): boolean;
  /** Goes to `heard` of the job's kind. */
  tell(message: Message): void;
}

/** Runs this thread's job. `name` is what Postgres shows of its connections. */
export async function inJobThread<Message>({ name, connections }: { name: string; connections: number }, work: (thread: JobThread<Message>) => Promise<unknown>): Promise<void> {
  const { url, stopKey, dataDir, claim } = workerData as ThreadData;
  let stopping = false;
  parentPort?.once("message", () => (stopping = true));
  const database = await openDatabase(url, { connections, name, ...(stopKey !== undefined && { stopKey }) });
  try {
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    await work({ db: database.db, dataDir, claim, stopping: () => stopping, tell: (message) => parentPort?.postMessage(message) });
  } finally {
    await database.close();
    parentPort?.close();
  }
}
