/** What a schema cannot say of a campaign's times and filters: that a time is one, and that a range ends after it begins. As for segments. */
import type { CampaignPatch, EventFilter } from "@tincan/api";
import { checkRange, checkTime } from "../segments/resolve.ts";

/** Throws invalid_input with the path of what is wrong. */
export function checkTimes({ schedule, pace, retryCapped, goal, content }: CampaignPatch): void {
  const time = (text: string | null | undefined, at: string): void => void (text != null && checkTime(text, at));
  const filters = (given: readonly EventFilter[] | undefined, at: string): void => given?.forEach(({ test }, i) => checkRange(test, `${at}.filters[${i}].test`));
  if (schedule?.kind === "at") time(schedule.at, "schedule.at");
  if (schedule?.kind === "dates") schedule.dates.forEach((date, i) => time(date, `schedule.dates[${i}]`));
  if (schedule?.kind === "recurring" || schedule?.kind === "event") {
    time(schedule.from, "schedule.from");
    time(schedule.until, "schedule.until");
  }
  if (schedule?.kind === "event") {
    filters(schedule.trigger.filters, "schedule.trigger");
    filters(schedule.unless?.filters, "schedule.unless");
  }
  filters(goal?.filters, "goal");
  time(pace?.cutOff, "pace.cutOff");
  time(retryCapped?.until, "retryCapped.until");
  for (const [i, { values: { offerEnds } }] of (content?.variants ?? []).entries()) if (offerEnds?.kind === "at") time(offerEnds.at, `content.variants[${i}].values.offerEnds.at`);
}
