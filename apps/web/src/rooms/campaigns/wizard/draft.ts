/**
 * The definition as it is being written. It may hold more than can be saved: a segment not chosen yet, an event without a name. What is
 * whole is saved, what is not is said here, beside what the server says.
 */
import type { Audience, Campaign, CampaignPatch, CampaignProblem } from "@tincan/api";
import type { WizardStep } from "../../../search-params.ts";

export type Draft = Campaign["definition"];

export const steps: { key: WizardStep; label: string }[] = [
  { key: "who", label: "Who" },
  { key: "what", label: "What" },
  { key: "when", label: "When" },
  { key: "goal", label: "Goal" },
  { key: "review", label: "Review" },
];

const ofStep: Record<string, WizardStep> = {
  name: "who", labels: "who", audience: "who",
  provider: "what", content: "what", couponPool: "what", customProps: "what", links: "what",
  schedule: "when", timing: "when", quietHours: "when", pace: "when", retryCapped: "when",
  goal: "goal", controlShare: "goal",
};

/** Where a problem is put right. */
export const stepOf = ({ path }: CampaignProblem): WizardStep => ofStep[/^\w+/.exec(path)?.[0] ?? ""] ?? "review";

/** What stands at one place or below it, in one sentence or several; null when all is well there. */
export function problemAt(problems: CampaignProblem[], path: string): string | null {
  const here = problems.filter((problem) => problem.path === path || problem.path.startsWith(`${path}.`) || problem.path.startsWith(`${path}[`));
  return here.length > 0 ? [...new Set(here.map(({ message }) => message))].join(" ") : null;
}

const chosen = (audience: Audience): boolean => {
  if ("segmentId" in audience) return audience.segmentId !== "";
  if ("listId" in audience) return audience.listId !== "";
  return "phones" in audience ? audience.phones.length > 0 : true;
};

/** What keeps members from being saved. */
export function unfinished({ name, audience, content, schedule, goal }: Draft): CampaignProblem[] {
  const problems: CampaignProblem[] = [];
  if (name !== undefined && name.trim() === "") problems.push({ path: "name", message: "Give it a name." });
  if (audience && !chosen(audience)) problems.push({ path: "audience", message: "segmentId" in audience ? "Choose a segment." : "listId" in audience ? "Choose a list." : "Type at least one number." });
  if (content?.mode === "split" && content.property === "") problems.push({ path: "content.property", message: "Choose the property it is split by." });
  if (schedule?.kind === "event" && schedule.trigger.event.trim() === "") problems.push({ path: "schedule.trigger", message: "Name the event it waits for." });
  if (schedule?.kind === "event" && schedule.unless && schedule.unless.event.trim() === "") problems.push({ path: "schedule.unless", message: "Name the event that keeps it from being sent." });
  if (schedule?.kind === "recurring" && schedule.every === "week" && !schedule.weekdays?.length) problems.push({ path: "schedule.weekdays", message: "Choose a day of the week." });
  if (schedule?.kind === "recurring" && schedule.every === "month" && !schedule.days?.length) problems.push({ path: "schedule.days", message: "Choose a day of the month." });
  if (schedule?.kind === "dates" && schedule.dates.length === 0) problems.push({ path: "schedule.dates", message: "Add a date." });
  if (goal && goal.event.trim() === "") problems.push({ path: "goal", message: "Name the event that counts." });
  return problems;
}

/** Members that are whole, as they are saved. */
export function savable(draft: Draft): CampaignPatch {
  const held = new Set(unfinished(draft).map(({ path }) => /^\w+/.exec(path)?.[0]));
  return Object.fromEntries(Object.entries(draft).filter(([key, value]) => value !== undefined && !held.has(key)));
}

/** Members that are not as they were saved last. */
export function changedSince(saved: CampaignPatch, now: CampaignPatch): CampaignPatch {
  const before: Record<string, unknown> = saved;
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key])));
}
