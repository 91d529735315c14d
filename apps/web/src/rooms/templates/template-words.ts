import type { Tone } from "../../pieces/Dot.tsx";

const tones: Record<string, Tone> = {
  APPROVED: "read",
  PENDING: "unknown",
  IN_APPEAL: "unknown",
  REJECTED: "failed",
  DISABLED: "failed",
  PAUSED: "replied",
  LIMIT_EXCEEDED: "replied",
  FLAGGED: "replied",
};

const meanings: Record<string, string> = {
  APPROVED: "It can be sent.",
  PENDING: "Meta is reviewing it; this takes minutes, at most a day.",
  IN_APPEAL: "Meta is looking at it again.",
  REJECTED: "Meta refused it. Edit it at Meta and submit it again.",
  PAUSED: "People reported or blocked it too often, so Meta stopped it for a while.",
  DISABLED: "Meta stopped it for good. Make a new template.",
  LIMIT_EXCEEDED: "Too many templates in this account.",
};

export const templateTone = (status: string): Tone => tones[status.toUpperCase()] ?? "queued";

/** APPROVED → Approved, IN_APPEAL → In appeal. */
export function inWords(word: string): string {
  const text = word.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const templateMeaning = (status: string): string | undefined => meanings[status.toUpperCase()];

export const templateStatuses = Object.keys(meanings).map((value) => ({ value, label: inWords(value) }));

export const templateCategories = ["MARKETING", "UTILITY", "AUTHENTICATION"].map((value) => ({ value, label: inWords(value) }));
