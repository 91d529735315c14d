import type { Template } from "@tincan/api";
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
  DRAFT: "It is being written, and nobody but you has it.",
  APPROVED: "It can be sent.",
  PENDING: "Meta is reviewing it; this takes minutes, at most a day.",
  IN_APPEAL: "Meta is looking at it again.",
  REJECTED: "Meta refused it. Edit it and submit it again.",
  PAUSED: "People reported or blocked it too often, so Meta stopped it for a while.",
  DISABLED: "Meta stopped it for good. Make a new template.",
  LIMIT_EXCEEDED: "Too many templates in this account.",
  DELETED: "It is gone at the other side.",
};

/** Meta's reasons for refusing a template, as somebody can act on them. */
const rejections: Record<string, string> = {
  ABUSIVE_CONTENT: "Its words may offend or threaten somebody.",
  CATEGORY_NOT_AVAILABLE: "This category is not open to the account.",
  INCORRECT_CATEGORY: "It belongs to another category. Marketing is anything that wants to sell.",
  INVALID_FORMAT: "Its variables or its form are not as Meta wants them: look for variables that touch, or that begin or end the text.",
  PROMOTIONAL: "It promotes something, so it must be of the category marketing.",
  SCAM: "It looks like fraud to Meta.",
  TAG_CONTENT_MISMATCH: "The text is in another language than it says, or its samples do not fit.",
};

/** A rejection in a sentence; Meta's own word where there is none. */
export const rejectionWords = (reason: string): string => rejections[reason.toUpperCase()] ?? `Meta's reason: ${inWords(reason)}.`;

export const templateTone = (status: string): Tone => tones[status.toUpperCase()] ?? "queued";

/** APPROVED → Approved, IN_APPEAL → In appeal. */
export function inWords(word: string): string {
  const text = word.toLowerCase().replaceAll("_", " ");
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export const templateMeaning = (status: string): string | undefined => meanings[status.toUpperCase()];

export const templateStatuses = Object.keys(meanings).map((value) => ({ value, label: inWords(value) }));

export const templateCategories = ["MARKETING", "UTILITY", "AUTHENTICATION"].map((value) => ({ value, label: inWords(value) }));

/** What goes when a template is deleted, Meta's rules among it. */
export function removalEffects({ status, provider, name }: Pick<Template, "status" | "provider" | "name">): string[] {
  if (status === "DRAFT") return [];
  const atMeta = [
    ...(status === "APPROVED" ? [`Meta blocks the name ${name} for 30 days; a new template needs another one.`] : []),
    "Messages that still wait with it are refused by Meta.",
  ];
  return [...(provider.kind === "cloud-api" ? atMeta : ["It can be typed or imported again."]), "Its other languages stay, and so do messages already sent."];
}
