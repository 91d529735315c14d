/** The thread in which one import runs. */
import { inJobThread } from "../../database/job-thread.ts";
import { importFile } from "./files.ts";
import { runImport } from "./run.ts";

/** Something of this workspace's imports, and of its people, is different now. */
export interface FromThread {
  workspaceId: string;
}

// One connection stores, the other enters into the search's index.
await inJobThread<FromThread>({ name: "tincan import", connections: 2 }, ({ db, dataDir, claim, stopping, tell }) =>
  runImport({ db, fileOf: (row) => importFile(dataDir, row), stopping, moved: (workspaceId) => tell({ workspaceId }) }, claim),
);
