/** Reads files for lists that wait; see database/job-threads.ts. */
import { type JobDeps, JobThreads } from "../../database/job-threads.ts";
import type { Live } from "../../database/live.ts";
import { sweepUploads } from "./files.ts";
import { waitingUploads } from "./progress.ts";
import type { FromThread } from "./thread.ts";

export function uploadThreads(deps: JobDeps & { live: Live }): JobThreads<FromThread> {
  const { live } = deps;
  return new JobThreads(deps, {
    name: "list upload",
    module: new URL("./thread.ts", import.meta.url),
    // A batch of the longest rows fits well.
    memory: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 256 },
    waiting: waitingUploads,
    heard: ({ workspaceId }) => live.changed(workspaceId, "segments"),
    afterDeath: "it goes on in a moment",
    sweep: { everyMs: 3_600_000, run: (db, dataDir) => sweepUploads(db, dataDir) },
  });
}
