import type { LossReason } from "@tincan/api";
import type { Database } from "../../database/connection.ts";
import type { RunContext } from "../run-context.ts";

/** Why a run does not start at all, so that nobody gets it: the reason as counted, and in words for people. */
export interface Refusal {
  reason: LossReason;
  words: string;
}

/** Whether a run with so many people in its audience may start; null when it may. Nobody knows beforehand how many do a live campaign's event. */
export async function refusalOf(db: Database, { run, tier }: RunContext, people: number, now: Date): Promise<Refusal | null> {
  if (run.live) return null;
  const { safetyLimit, tier: beyond } = run.definition.pace;
  if (safetyLimit && people > safetyLimit) {
    return { reason: "safetyLimit", words: `It would reach up to ${count(people)} people, more than its safety limit of ${count(safetyLimit)}.` };
  }
  const room = beyond === "refuse" ? await tier.room(db, now) : null;
  if (room === null || people <= room.people) return null;
  return { reason: "outsideTier", words: `It would reach up to ${count(people)} people, and the number may write to ${count(room.people)} more within 24 hours.` };
}

const count = (n: number): string => n.toLocaleString("en");
