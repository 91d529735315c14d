/** What a launch or an approval does, said before it is confirmed. */
import type { CampaignFunnel } from "@tincan/api";
import { people } from "./campaign-words.ts";

/** How many get it; null while that is not counted. */
export const reachedBy = (funnel: CampaignFunnel | undefined): number | null => (funnel ? funnel.willBeSent + funnel.later : null);

/** What follows, as far as can be said now. */
export function whatHappens(live: boolean, funnel: CampaignFunnel | undefined): string {
  if (live) return "From now on it goes to whoever does the event, until it is stopped or its end comes.";
  const reached = reachedBy(funnel);
  if (reached === null) return "Who gets it has not been counted; you can wait for that.";
  if (funnel?.refused) return `As things stand it does not start, and nobody gets it. ${funnel.refused}`;
  return reached === 0 ? "As things stand nobody gets it." : `It goes to ${people(reached)}, as far as can be said now.`;
}

/** What cannot be undone about it. */
export const caution = (live: boolean, funnel: CampaignFunnel | undefined): string => (live || reachedBy(funnel) === 0 ? "" : " A message that has left cannot be taken back.");
