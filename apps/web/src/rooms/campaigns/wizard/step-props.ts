import type { CampaignProblem } from "@tincan/api";
import type { Draft } from "./draft.ts";

/** What each step gets: the draft, how to change it, and what stands against it at a place. */
export interface StepProps {
  draft: Draft;
  change: (part: Draft) => void;
  /** The problem at a place, once the step was left or is looked at again. */
  say: (path: string) => string | null;
  problems: CampaignProblem[];
}
