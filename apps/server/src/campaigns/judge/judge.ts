import type { Database } from "../../database/connection.ts";
import type { RunContext } from "../run-context.ts";
import type { Candidate, Verdict } from "../types.ts";

/**
 * What becomes of each candidate, in the order given. Reads only, a handful of statements whatever their number; whoever is to get a
 * message goes on to composeBatch, which may still leave somebody out for want of a value or a coupon.
 */
export async function judgeBatch(_tx: Database, _context: RunContext, candidates: readonly Candidate[], _now: Date): Promise<Verdict[]> {
  return candidates.map(() => ({ kind: "lost", reason: "notMatching" }));
}
