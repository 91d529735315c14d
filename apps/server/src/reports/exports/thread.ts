/** The thread in which one export is made. One connection reads pages, the other keeps the lease while a page is being read. */
import { inJobThread } from "../../database/job-thread.ts";
import { runExport } from "./run.ts";

/** Something of this workspace's exports is different now, or went wrong. */
export type FromThread = { kind: "moved"; workspaceId: string } | { kind: "failed"; cause: unknown };

await inJobThread<FromThread>({ name: "tincan export", connections: 2 }, ({ db, dataDir, claim, stopping, tell }) =>
  runExport({ db, dataDir, stopping, moved: (workspaceId) => tell({ kind: "moved", workspaceId }), failed: (cause) => tell({ kind: "failed", cause }) }, claim),
);
