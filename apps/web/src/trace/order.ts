import type { TraceKind, TraceStep } from "@tincan/api";

/** Steps that carry the same time still have an order: nothing is answered before it was asked. */
const rank: Record<TraceKind, number> = { received: 0, stored: 1, note: 2, request: 3, answer: 4, receipt: 5, inbound: 6, callback: 7 };

export interface TimedStep extends TraceStep {
  /** Stable while the trace grows, so that an opened step stays open. */
  key: string;
  /** Milliseconds after the step before it; null for the first. */
  sincePrevious: number | null;
  /** Milliseconds after the first step. */
  sinceStart: number;
}

/** The steps in the order they happened, each with its delay. */
export function timedSteps(steps: TraceStep[]): TimedStep[] {
  const ordered = [...steps].sort((a, b) => Date.parse(a.at) - Date.parse(b.at) || rank[a.kind] - rank[b.kind]);
  const start = Date.parse(ordered[0]?.at ?? "");
  const seen = new Map<string, number>();
  return ordered.map((step, index) => {
    const at = Date.parse(step.at);
    const before = ordered[index - 1];
    const base = `${step.kind} ${step.at}`;
    const repeat = seen.get(base) ?? 0;
    seen.set(base, repeat + 1);
    return { ...step, key: `${base} ${repeat}`, sincePrevious: before ? at - Date.parse(before.at) : null, sinceStart: at - start };
  });
}
