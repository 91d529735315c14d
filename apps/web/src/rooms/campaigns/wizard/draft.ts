/**
 * The definition as it is being written. It may hold more than can be saved: a segment not chosen yet, an event without a name. What is
 * whole is saved, what is not is said here, beside what the server says.
 */
import type { Audience, Campaign, CampaignPatch, CampaignProblem, EventTrigger } from "@tincan/api";
import { draftOf, lackOfFilters, readDraft } from "../../../query-builder/draft.ts";
import type { WizardStep } from "../../../search-params.ts";
import { readPhone } from "../../people/phone-reading.ts";

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

/** Ten thousand numbers are judged at every key; each needs reading once. */
const judged = new Map<string, boolean>();

/** Whether what was typed is no number; numbers are kept in international form. */
function isWrong(phone: string): boolean {
  const known = judged.get(phone);
  if (known !== undefined) return known;
  const wrong = "problem" in readPhone(phone, "");
  judged.set(phone, wrong);
  return wrong;
}

/** Numbers that cannot be read are named, and keep nothing but themselves from being saved. */
const WRONG_NUMBERS = "audience.phones";

/** What an audience still needs, in words; null when it is complete. */
function lackOfAudience(audience: Audience): string | null {
  if ("segmentId" in audience) return audience.segmentId === "" ? "Choose a segment." : null;
  if ("listId" in audience) return audience.listId === "" ? "Choose a list." : null;
  if ("phones" in audience) return audience.phones.every(isWrong) ? "Type at least one number." : null;
  return "query" in audience && readDraft(draftOf(audience.query)).query === null ? "Complete every condition of the query." : null;
}

/** What keeps members from being saved. */
export function unfinished({ name, audience, content, schedule, goal }: Draft): CampaignProblem[] {
  const problems: CampaignProblem[] = [];
  if (name !== undefined && name.trim() === "") problems.push({ path: "name", message: "Give it a name." });
  const noAudience = audience ? lackOfAudience(audience) : null;
  if (noAudience) problems.push({ path: "audience", message: noAudience });
  const wrong = audience && "phones" in audience ? audience.phones.filter(isWrong) : [];
  if (wrong.length > 0) problems.push({ path: WRONG_NUMBERS, message: `${wrong.slice(0, 3).join(", ")}${wrong.length > 3 ? " and others" : ""} cannot be read as a number. Put it right or take it out.` });
  if (content?.mode === "split" && content.property === "") problems.push({ path: "content.property", message: "Choose the property it is split by." });
  const needEvent = (path: string, trigger: EventTrigger | null | undefined, message: string) => {
    const lack = trigger ? (trigger.event.trim() === "" ? message : lackOfFilters(trigger.filters)) : null;
    if (lack) problems.push({ path, message: lack });
  };
  needEvent("schedule.trigger", schedule?.kind === "event" ? schedule.trigger : null, "Name the event it waits for.");
  needEvent("schedule.unless", schedule?.kind === "event" ? schedule.unless : null, "Name the event that keeps it from being sent.");
  if (schedule?.kind === "recurring" && schedule.every === "week" && !schedule.weekdays?.length) problems.push({ path: "schedule.weekdays", message: "Choose a day of the week." });
  if (schedule?.kind === "recurring" && schedule.every === "month" && !schedule.days?.length) problems.push({ path: "schedule.days", message: "Choose a day of the month." });
  if (schedule?.kind === "dates" && schedule.dates.length === 0) problems.push({ path: "schedule.dates", message: "Add a date." });
  needEvent("goal", goal, "Name the event that counts.");
  return problems;
}

/** Members that are whole, as they are saved. */
export function savable(draft: Draft): CampaignPatch {
  const held = new Set(unfinished(draft).filter(({ path }) => path !== WRONG_NUMBERS).map(({ path }) => /^\w+/.exec(path)?.[0]));
  const { audience } = draft;
  const whole = audience && "phones" in audience ? { ...draft, audience: { ...audience, phones: audience.phones.filter((phone) => !isWrong(phone)) } } : draft;
  return Object.fromEntries(Object.entries(whole).filter(([key, value]) => value !== undefined && !held.has(key)));
}

/** Members that are not as they were saved last. */
export function changedSince(saved: CampaignPatch, now: CampaignPatch): CampaignPatch {
  const before: Record<string, unknown> = saved;
  return Object.fromEntries(Object.entries(now).filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(before[key])));
}
