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

const causes = new Set<TraceKind>(["received", "stored", "request", "answer"]);

/** Receipts carry whole seconds: one of the second in which the message left belongs after it, not before. */
function moments(steps: TraceStep[]): Map<TraceStep, number> {
  const before = steps.filter((step) => causes.has(step.kind)).map((step) => Date.parse(step.at));
  return new Map(
    steps.map((step) => {
      const at = Date.parse(step.at);
      if (step.kind !== "receipt" || at % 1000 !== 0) return [step, at];
      return [step, Math.max(at, ...before.filter((cause) => cause < at + 1000))];
    }),
  );
}

/** The steps in the order they happened, each with its delay. */
export function timedSteps(steps: TraceStep[]): TimedStep[] {
  const times = moments(steps);
  const timeOf = (step: TraceStep) => times.get(step) ?? Date.parse(step.at);
  const ordered = [...steps].sort((a, b) => timeOf(a) - timeOf(b) || rank[a.kind] - rank[b.kind]);
  const start = ordered[0] ? timeOf(ordered[0]) : 0;
  const seen = new Map<string, number>();
  return ordered.map((step, index) => {
    const at = timeOf(step);
    const before = ordered[index - 1];
    const base = `${step.kind} ${step.at}`;
    const repeat = seen.get(base) ?? 0;
    seen.set(base, repeat + 1);
    return { ...step, key: `${base} ${repeat}`, sincePrevious: before ? at - timeOf(before) : null, sinceStart: at - start };
  });
}
