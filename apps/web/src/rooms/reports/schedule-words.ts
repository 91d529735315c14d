import type { OverviewReportQuery, ReportSchedule, ReportScheduleInput } from "@tincan/api";
import { weekdayName } from "./heat.ts";

export const byChoice: { value: OverviewReportQuery["by"]; label: string }[] = [
  { value: "campaign", label: "By campaign" },
  { value: "template", label: "By template" },
  { value: "provider", label: "By number" },
  { value: "day", label: "By day" },
];

/** "Every Monday at 09:00": when a report goes out. */
export function whenWords({ every, weekday, time }: Pick<ReportScheduleInput, "every" | "weekday" | "time">): string {
  if (every === "week") return `Every ${weekdayName(weekday ?? 1, "long")} at ${time}`;
  return every === "day" ? `Every day at ${time}` : `On the first of each month at ${time}`;
}

/** Where a report goes, in a line. */
export function toWords(to: ReportSchedule["to"]): string {
  return to.kind === "email" ? to.addresses.join(", ") : to.url;
}

/** What stands in the form; of the two ways only the chosen one counts. */
export interface ScheduleDraft {
  name: string;
  every: ReportScheduleInput["every"];
  weekday: string;
  time: string;
  by: ReportScheduleInput["by"];
  kind: "email" | "webhook";
  addresses: string;
  url: string;
}

export function draftOf(schedule: ReportSchedule | undefined): ScheduleDraft {
  const { name = "", every = "week", weekday = 1, time = "09:00", by = "campaign", to } = schedule ?? {};
  return { name, every, weekday: String(weekday), time, by, kind: to?.kind ?? "email", addresses: to?.kind === "email" ? to.addresses.join("\n") : "", url: to?.kind === "webhook" ? to.url : "" };
}

/** Addresses as people write them: on lines of their own, or with commas between. */
export function addressesOf(text: string): string[] {
  return [...new Set(text.split(/[\s,;]+/).filter(Boolean))];
}

export function inputOf({ name, every, weekday, time, by, kind, addresses, url }: ScheduleDraft): ReportScheduleInput {
  return {
    name: name.trim(),
    every,
    ...(every === "week" ? { weekday: Number(weekday) } : {}),
    time,
    by,
    to: kind === "email" ? { kind, addresses: addressesOf(addresses) } : { kind, url: url.trim() },
  };
}
