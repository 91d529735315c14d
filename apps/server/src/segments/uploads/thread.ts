/** The thread in which one file is read. */
import { inJobThread } from "../../database/job-thread.ts";
import { uploadFile } from "./files.ts";
import { runUpload } from "./run.ts";

/** Something of this workspace's lists is different now. */
export interface FromThread {
  workspaceId: string;
}

await inJobThread<FromThread>({ name: "tincan list upload", connections: 1 }, ({ db, dataDir, claim, stopping, tell }) =>
  runUpload({ db, fileOf: (row) => uploadFile(dataDir, row), stopping, moved: (workspaceId) => tell({ workspaceId }) }, claim),
);
