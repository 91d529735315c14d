import type { ReportExport } from "@tincan/api";
import type { Tone } from "../../pieces/Dot.tsx";

const states: Record<ReportExport["state"], { tone: Tone; word: string }> = {
  waiting: { tone: "queued", word: "Waiting" },
  running: { tone: "sent", word: "Being made" },
  done: { tone: "read", word: "Ready" },
  failed: { tone: "failed", word: "Failed" },
  cancelled: { tone: "unknown", word: "Cancelled" },
};

export const exportState = (state: ReportExport["state"]) => states[state];

/** Whether the server is busy with it, so that it is to be watched. */
export const isBusy = ({ state }: Pick<ReportExport, "state">): boolean => state === "waiting" || state === "running";

export const formatWords: Record<ReportExport["format"], string> = { csv: "CSV", parquet: "Parquet" };

/** How fast a file grows and how long it still takes, from when it was asked for; unknown until its first rows are there. */
export function pace({ rows, expected, createdAt }: Pick<ReportExport, "rows" | "expected" | "createdAt">, now: number): { rate: number | null; secondsLeft: number | null; fraction: number } {
  const seconds = (now - Date.parse(createdAt)) / 1000;
  const rate = rows > 0 && seconds > 0 ? rows / seconds : null;
  return {
    rate,
    secondsLeft: rate === null || expected === null ? null : Math.max(0, expected - rows) / rate,
    fraction: expected === null || expected === 0 ? 0 : Math.min(1, rows / expected),
  };
}
