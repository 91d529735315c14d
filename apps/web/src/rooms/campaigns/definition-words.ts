/** A campaign's definition in sentences, for its page and for the review before launching. */
import type { Campaign, Content, EventTrigger, Goal, QuietHours, Schedule, Timing } from "@tincan/api";
import { filterWords } from "../../query-builder/query-words.ts";

type Given = Campaign["definition"];

export const weekdays = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"];

/** The viewer's own zone, such as Europe/Berlin. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone;

/** "3 Dec 2026, 10:00" in the viewer's zone. */
function timeWords(at: string): string {
  return new Date(at).toLocaleString(undefined, { weekday: "short", day: "numeric", month: "short", year: "numeric", hour: "2-digit", minute: "2-digit" });
}

/** "a, b and c". */
export function inARow(parts: string[]): string {
  return parts.length < 2 ? (parts[0] ?? "") : `${parts.slice(0, -1).join(", ")} and ${parts.at(-1)}`;
}

const units: [minutes: number, one: string, many: string][] = [
  [1440, "1 day", "days"],
  [60, "1 hour", "hours"],
  [1, "1 minute", "minutes"],
];

/** "2 days", "90 minutes": the largest unit that leaves no rest. */
function spanWords(minutes: number): string {
  const [size, one, many] = units.find(([unit]) => minutes >= unit && minutes % unit === 0) ?? [1, "1 minute", "minutes"];
  const count = minutes / size;
  return count === 1 ? one : `${count.toLocaleString()} ${many}`;
}

function dayWords(days: number[] | undefined): string {
  if (!days || days.length === 0 || days.length === 7) return "every day";
  const sorted = days.toSorted((a, b) => a - b);
  if (sorted.join() === "1,2,3,4,5") return "Monday to Friday";
  return inARow(sorted.map((day) => weekdays[day - 1] ?? ""));
}

const triggerWords = ({ event, filters = [] }: EventTrigger): string => `“${event}”${filters.length > 0 ? ` where ${filterWords(filters)}` : ""}`;

function boundWords({ from, until }: { from?: string | undefined; until?: string | undefined }): string {
  return `${from ? `, from ${timeWords(from)}` : ""}${until ? `, until ${timeWords(until)}` : ""}`;
}

export function scheduleWords(schedule: Schedule | undefined): string {
  switch (schedule?.kind) {
    case undefined:
      return "Not chosen yet.";
    case "now":
      return "As soon as it is launched.";
    case "at":
      return `On ${timeWords(schedule.at)}.`;
    case "dates":
      return `${schedule.dates.length === 1 ? "Once" : `${schedule.dates.length} times`}: ${inARow(schedule.dates.map(timeWords))}.`;
    case "recurring": {
      const { every, weekdays: on, days = [] } = schedule;
      const when = every === "day" ? "Every day" : every === "week" ? `Every week on ${dayWords(on)}` : `Every month on ${inARow(days.map((day) => (day === 0 ? "the last day" : `day ${day}`)))}`;
      return `${when} at ${schedule.time} (${schedule.timeZone})${boundWords(schedule)}.`;
    }
    case "event": {
      const { trigger, delay = 0, unless, reentry } = schedule;
      const after = delay === 0 ? "at once" : `after ${delay % 60 === 0 ? spanWords(delay / 60) : `${delay} seconds`}`;
      const again = reentry === null || reentry === undefined ? "once per person" : reentry === 0 ? "each time" : `again after ${spanWords(reentry)}`;
      return `Whenever somebody does ${triggerWords(trigger)}: ${after}${unless ? `, unless they did ${triggerWords(unless)} meanwhile` : ""}, ${again}${boundWords(schedule)}.`;
    }
  }
}

export function timingWords(timing: Timing | undefined): string | null {
  if (timing?.kind === "zone") return `At ${timing.time} in each person's own time zone; ${timing.ifPassed === "drop" ? "whoever's time has passed is left out" : "whoever's time has passed gets it the next day"}.`;
  if (timing?.kind === "best") return `In the part of the day in which each person reads most; at ${timing.fallback} for those we know too little of.`;
  return null;
}

export function quietWords(quiet: QuietHours | null | undefined): string | null {
  if (!quiet) return null;
  return `${inARow(quiet.ranges.map(({ days, from, to }) => `${dayWords(days)} from ${from} to ${to}`))}: ${quiet.action === "discard" ? "left out" : "sent afterwards"}.`;
}

export function goalWords(goal: Goal | null | undefined): string | null {
  if (!goal) return null;
  return `${triggerWords(goal)} within ${spanWords(goal.within)} after the message${goal.revenue ? `; its “${goal.revenue}” is revenue` : ""}.`;
}

const winners = { read: "reads", click: "clicks", reply: "replies", goal: "people who reach the goal" } as const;

export function contentWords(content: Content | undefined): string {
  const [first] = content?.variants ?? [];
  if (!content || !first) return "Not chosen yet.";
  const name = ({ name: of, language }: { name: string; language: string }) => `${of} (${language})`;
  if (content.mode === "single") return `The template ${name(first.template)}.`;
  if (content.mode === "split") {
    return `One message per “${content.property}”: ${inARow(content.variants.map(({ equals, template }) => `${equals === undefined ? "all others" : `“${equals}”`} get ${name(template)}`))}.`;
  }
  const shares = inARow(content.variants.map(({ key, share, template }) => `${key} ${share ?? 0}% ${name(template)}`));
  const { test } = content;
  return test ? `A/B test: ${shares}. ${test.share}% of the audience are in the test; after ${spanWords(test.decideAfter)} the one with the highest share of ${winners[test.winnerBy]} goes to the rest.` : `A/B: ${shares}.`;
}

/** Limits that somebody set, one per line. */
export function paceWords({ pace = {}, retryCapped, controlShare = 0 }: Pick<Given, "pace" | "retryCapped" | "controlShare">): string[] {
  const per = { run: "run", day: "day", campaign: "campaign" } as const;
  return [
    pace.perMinute ? `No more than ${pace.perMinute.toLocaleString()} a minute.` : "",
    pace.cutOff ? `Nothing after ${timeWords(pace.cutOff)}.` : "",
    pace.gap ? `At least ${spanWords(pace.gap)} between two messages of it to one person.` : "",
    pace.targetCap ? `To no more than ${pace.targetCap.people.toLocaleString()} people per ${per[pace.targetCap.per]}.` : "",
    pace.safetyLimit ? `It does not start when it would reach more than ${pace.safetyLimit.toLocaleString()} people.` : "",
    pace.frequencyCap === "ignore" ? "The workspace's frequency cap is not looked at." : "",
    pace.tier === "refuse" ? "It does not start when the number's 24-hour limit is too small." : "",
    retryCapped ? `Whom Meta's own limit keeps from it is tried again after ${retryCapped.hours} hours, up to ${retryCapped.times === 1 ? "once" : `${retryCapped.times} times`}.` : "",
    controlShare > 0 ? `${controlShare}% get nothing, to compare with.` : "",
  ].filter(Boolean);
}
