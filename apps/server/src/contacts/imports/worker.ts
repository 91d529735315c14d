/** Takes up imports that wait; see database/job-threads.ts. */
import type { Live } from "../../database/live.ts";
import { type JobDeps, JobThreads } from "../../database/job-threads.ts";
import { waiting } from "./progress.ts";
import { sweepImports } from "./sweep.ts";
import type { FromThread } from "./thread.ts";

export function importThreads(deps: JobDeps & { live: Live }): JobThreads<FromThread> {
  const { live } = deps;
  return new JobThreads(deps, {
    name: "import",
    module: new URL("./thread.ts", import.meta.url),
    // Two batches of the longest rows fit well.
    memory: { maxYoungGenerationSizeMb: 48, maxOldGenerationSizeMb: 256 },
    waiting,
    heard: ({ workspaceId }) => {
      live.changed(workspaceId, "imports");
      live.changed(workspaceId, "contacts");
    },
    afterDeath: "it goes on in a moment",
    sweep: { everyMs: 3_600_000, run: (db, dataDir) => sweepImports(db, dataDir) },
  });
}
