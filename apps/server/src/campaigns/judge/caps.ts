/** How often one person may be written to: by all campaigns and journeys together, by one campaign, by one run. */
import type { LossReason } from "@tincan/api";
import type { RunContext } from "../run-context.ts";
import type { Candidate } from "../types.ts";
import type { SentMessage } from "./facts.ts";

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;

export interface Caps {
  /** The earliest moment (ms) that any of the others looks back to. */
  since: number;
  /** No more than that many messages since then. */
  frequency: { messages: number; since: number } | null;
  /** None at all since then. */
  dwell: number | null;
  /** None of the campaign's since then. */
  gap: number | null;
  /** None of the run's: a number that changes hands is written to once. Live campaigns have rules of their own for who comes back. */
  once: boolean;
  runCells: ReadonlySet<string>;
  campaignCells: ReadonlySet<string>;
}

/** Null when nothing is capped. */
export function capsOf({ run, settings, cells, campaignCells }: RunContext, now: number): Caps | null {
  const { pace } = run.definition;
  const respects = pace.frequencyCap !== "ignore";
  const frequency = respects && settings.frequencyCap ? { messages: settings.frequencyCap.messages, since: now - settings.frequencyCap.days * DAY_MS } : null;
  const dwell = respects && settings.dwellMinutes !== null ? now - settings.dwellMinutes * MINUTE_MS : null;
  const gap = pace.gap ? now - pace.gap * MINUTE_MS : null;
  const once = !run.live;
  const begun = once ? run.created_at.getTime() : null;
  const times = [frequency?.since ?? null, dwell, gap, begun].filter((time) => time !== null);
  if (times.length === 0) return null;
  return { since: Math.min(...times), frequency, dwell, gap, once, runCells: new Set(cells.values()), campaignCells };
}

/** The cap that a person has reached; `sent` is what they were sent since `caps.since`. */
export function overCap({ frequency, dwell, gap, once, runCells, campaignCells }: Caps, sent: readonly SentMessage[], { waiting }: Pick<Candidate, "waiting">): LossReason | undefined {
  if (sent.length === 0) return undefined;
  // Whoever is tried again had a message of this run, which failed, or which somebody else got before the number was theirs.
  if (once && (waiting?.attempt ?? 1) === 1 && sent.some(({ originId }) => runCells.has(originId))) return "duplicateNumber";
  const counted = sent.filter(({ counts }) => counts);
  if (frequency && counted.filter(({ at }) => at > frequency.since).length >= frequency.messages) return "frequencyCap";
  if (dwell !== null && counted.some(({ at }) => at > dwell)) return "frequencyCap";
  return gap !== null && sent.some(({ at, originId }) => at > gap && campaignCells.has(originId)) ? "campaignGap" : undefined;
}
