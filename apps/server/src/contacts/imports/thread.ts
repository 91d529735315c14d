/** The thread in which one import runs, with database connections of its own. It ends when the import does. */
import { parentPort, workerData } from "node:worker_threads";
import { openDatabase } from "../../database/connection.ts";
import { importFile } from "./files.ts";
import type { Claim } from "./progress.ts";
import { runImport } from "./run.ts";

export interface ThreadData {
  url: string;
  stopKey: string | undefined;
  dataDir: string;
  claim: Claim;
}

/** Something of this workspace's imports, and of its people, is different now. */
export interface FromThread {
  workspaceId: string;
}

const { url, stopKey, dataDir, claim } = workerData as ThreadData;
let stopping = false;
parentPort?.once("message", () => (stopping = true));

const database = await openDatabase(url, { connections: 1, name: "tincan import", ...(stopKey !== undefined && { stopKey }) });
try {
  await runImport(
    {
      db: database.db,
      fileOf: (row) => importFile(dataDir, row),
      stopping: () => stopping,
      // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
      moved: (workspaceId) => parentPort?.postMessage({ workspaceId } satisfies FromThread),
    },
    claim,
  );
} finally {
  await database.close();
  parentPort?.close();
}
