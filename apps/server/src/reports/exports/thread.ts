/** The thread in which one export is made, with a database connection of its own. It ends when the export does. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../../database/connection.ts";
import type { Claim } from "./progress.ts";
import { runExport } from "./run.ts";

export interface ThreadData {
  url: string;
  stopKey: string | undefined;
  dataDir: string;
  claim: Claim;
}

/** Something of this workspace's exports is different now, or went wrong. */
export type FromThread = { kind: "moved"; workspaceId: string } | { kind: "failed"; cause: unknown };

const { url, stopKey, dataDir, claim } = workerData as ThreadData;
let stopping = false;
parentPort?.once("message", () => (stopping = true));
// oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
const tell = (message: FromThread): void => parentPort?.postMessage(message);

// One connection reads pages, the other keeps the lease while a page is being read.
const database = await openDatabase(url, { connections: 2, name: "tincan export", ...(stopKey !== undefined && { stopKey }) });
try {
  await runExport(
    { db: database.db, dataDir, stopping: () => stopping, moved: (workspaceId) => tell({ kind: "moved", workspaceId }), failed: (cause) => tell({ kind: "failed", cause }) },
    claim,
  );
} finally {
  await database.close();
  parentPort?.close();
}
