/** One figure, and what it is measured against: another benchmark of the same run. */
export interface Figure {
  value: number;
  /** What else was seen, such as memory or percentiles; printed beside the value. */
  notes?: string;
}

/** Thrown by a benchmark that cannot be run here; says why. */
export class Skipped extends Error {}

export interface Bench {
  name: string;
  unit: string;
  /** The name of the benchmark it is a ratio of. */
  baseline?: string;
  run(): Promise<Figure>;
}

export function defineBench(name: string, unit: string, run: () => Promise<Figure>, baseline?: string): Bench {
  return { name, unit, run, ...(baseline !== undefined && { baseline }) };
}
