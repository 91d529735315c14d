/** A text with values in it, what it is filled from, and what comes of it. */

/** What texts are filled with. */
export interface Scope {
  profile: Record<string, unknown>;
  event: Record<string, unknown>;
  coupon: string | null;
}

/** What filling somebody's texts came upon. */
export interface Findings {
  /** Values without a default that were empty, as they are written: "profile.city". */
  missing: string[];
  /** The text said to leave the person out, and why ("" when it said no more). */
  aborted: string | null;
  /** A text that took too long or grew too large. */
  failed: string | null;
}

/** For a text, and for all texts of one message. By the clock, which goes on while this process waits for its turn. */
export const LONGEST_FILL_MS = 1_000;
export const TOO_SLOW = "It takes too long to fill.";

export interface LiquidText {
  source: string;
  /** The same for everybody. */
  isFixed: boolean;
  /** Of `profile`, `event` and `coupon`, what it reads. */
  reads: ReadonlySet<string>;
  /** @param mostMs after which it is given up; LONGEST_FILL_MS when absent */
  fill(scope: Scope, findings: Findings, mostMs?: number): string;
}

/** A value as a text shows it; "" for one that is not there, or is blank. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim() === "" ? "" : value;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => textOf(item)).filter((text) => text !== "").join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value as number | boolean | bigint);
}
