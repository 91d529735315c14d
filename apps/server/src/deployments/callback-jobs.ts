import type { ClaimedCallback } from "./callback-store.ts";

/** One request to the platform. */
export interface CallbackJob {
  kind: "status" | "inbound";
  /** In id order; exactly one for an inbound message. */
  callbacks: ClaimedCallback[];
}

/** Statuses per request after so many failures: a batch that was refused goes out again in smaller and smaller parts. */
function sizeAfter(failures: number, batchSize: number): number {
  return Math.max(1, Math.floor(batchSize / 4 ** failures));
}

/**
 * Packs claimed callbacks into requests. Two statuses of one message share a request or do not leave together: requests overtake
 * each other, and a platform must hear sent before delivered. What had to stay behind is in `leftOver`.
 */
export function formJobs(claimed: readonly ClaimedCallback[], batchSize: number): { jobs: CallbackJob[]; leftOver: ClaimedCallback[] } {
  const jobs: CallbackJob[] = [];
  const leftOver: ClaimedCallback[] = [];
  const open = new Map<number, CallbackJob>();
  const placed = new Map<string, CallbackJob | null>();
  for (const callback of claimed.toSorted((a, b) => (a.id < b.id ? -1 : 1))) {
    if (callback.kind === "inbound") {
      jobs.push({ kind: "inbound", callbacks: [callback] });
      continue;
    }
    const job = jobFor(callback);
    const earlier = placed.get(callback.messageId);
    if (earlier !== undefined && earlier !== job) {
      leftOver.push(callback);
      // Whatever follows of this message stays too.
      placed.set(callback.messageId, null);
      continue;
    }
    if (job.callbacks.length === 0) jobs.push(job);
    job.callbacks.push(callback);
    placed.set(callback.messageId, job);
  }
  return { jobs, leftOver };

  function jobFor({ attempts }: ClaimedCallback): CallbackJob {
    let job = open.get(attempts);
    if (!job || job.callbacks.length >= sizeAfter(attempts, batchSize)) {
      job = { kind: "status", callbacks: [] };
      open.set(attempts, job);
    }
    return job;
  }
}
