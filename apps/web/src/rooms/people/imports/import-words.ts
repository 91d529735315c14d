import type { ImportCounts, ImportSettings, ImportState } from "@tincan/api";
import type { Tone } from "../../../pieces/Dot.tsx";

const states: Record<ImportState, { tone: Tone; word: string }> = {
  draft: { tone: "queued", word: "Not started" },
  checking: { tone: "sent", word: "Checking" },
  checked: { tone: "queued", word: "Checked" },
  running: { tone: "sent", word: "Running" },
  done: { tone: "read", word: "Done" },
  cancelled: { tone: "unknown", word: "Cancelled" },
  failed: { tone: "failed", word: "Failed" },
};

export const importState = (state: ImportState) => states[state];

/** Whether the server is busy with it, so that it is to be watched. */
export const isBusy = (state: ImportState) => state === "checking" || state === "running";

/** Whether it waits for somebody: nobody has been changed, and everything can still be chosen. */
export const isPlan = (state: ImportState) => state === "draft" || state === "checked";

export const optInChoice: { value: ImportSettings["optIn"]; label: string }[] = [
  { value: "nobody", label: "Leave consent as it is" },
  { value: "marketing", label: "Everybody in the file agreed to marketing" },
  { value: "utility", label: "Everybody in the file agreed to utility messages" },
  { value: "authentication", label: "Everybody in the file agreed to authentication codes" },
  { value: "all", label: "Everybody in the file agreed to everything" },
];

export const dateOrderChoice: { value: ImportSettings["dateOrder"]; label: string }[] = [
  { value: "day-month-year", label: "Day first (31/12/2026)" },
  { value: "month-day-year", label: "Month first (12/31/2026)" },
  { value: "year-month-day", label: "Year first (2026/12/31)" },
];

/** One line for a list: "1,204 added, 96 updated, 3 rejected". */
export function countsSentence(counts: ImportCounts): string {
  const parts = [
    `${counts.created.toLocaleString()} added`,
    `${counts.updated.toLocaleString()} updated`,
    ...(counts.merged > 0 ? [`${counts.merged.toLocaleString()} merged`] : []),
    ...(counts.rejected > 0 ? [`${counts.rejected.toLocaleString()} rejected`] : []),
  ];
  return parts.join(", ");
}

/** "48 KB", "1.2 GB": a file's size. */
export function fileSize(bytes: number): string {
  const units = ["bytes", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(1, bytes)) / Math.log(1024)));
  const amount = bytes / 1024 ** step;
  return `${amount.toLocaleString(undefined, { maximumFractionDigits: step === 0 || amount >= 10 ? 0 : 1 })} ${units[step]}`;
}
