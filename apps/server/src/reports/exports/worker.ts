/** Makes exports that wait; see database/job-threads.ts. */
import type { Live } from "../../database/live.ts";
import { type JobDeps, JobThreads } from "../../database/job-threads.ts";
import { waitingExports } from "./progress.ts";
import { sweepExports } from "./sweep.ts";
import type { FromThread } from "./thread.ts";

export function exportThreads(deps: JobDeps & { live: Live }): JobThreads<FromThread> {
  const { live, log } = deps;
  return new JobThreads(deps, {
    name: "export",
    module: new URL("./thread.ts", import.meta.url),
    // A page of rows is small, and DuckDB keeps its memory elsewhere.
    memory: { maxYoungGenerationSizeMb: 32, maxOldGenerationSizeMb: 192 },
    waiting: waitingExports,
    heard: (message, id) => {
      if (message.kind === "moved") live.changed(message.workspaceId, "reports");
      else log.error({ err: message.cause, export: id }, "an export could not be made");
    },
    afterDeath: "it is begun again in a moment",
    sweep: { everyMs: 60_000, run: sweepExports },
    // In the middle of DuckDB's work a thread does not hear.
    endAfterMs: 2_000,
  });
}
