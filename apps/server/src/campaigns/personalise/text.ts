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

export interface LiquidText {
  source: string;
  /** The same for everybody. */
  isFixed: boolean;
  /** Of `profile`, `event` and `coupon`, what it reads. */
  reads: ReadonlySet<string>;
  fill(scope: Scope, findings: Findings): string;
}

/** A value as a text shows it; "" for one that is not there, or is blank. */
export function textOf(value: unknown): string {
  if (typeof value === "string") return value.trim() === "" ? "" : value;
  if (value === null || value === undefined) return "";
  if (Array.isArray(value)) return value.map((item) => textOf(item)).filter((text) => text !== "").join(", ");
  return typeof value === "object" ? JSON.stringify(value) : String(value as number | boolean | bigint);
}
